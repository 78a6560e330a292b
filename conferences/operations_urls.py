"""Addresses for operators."""

from django.urls import path

from conferences.views.operations import alerts, monitor, report

app_name = "operations"
urlpatterns = [
    path("", monitor.monitor, name="monitor"),
    path("alerts/", alerts.alerts, name="alerts"),
    path("alerts/<int:pk>/acknowledge/", alerts.acknowledge, name="acknowledge"),
    path("report/", report.report, name="report"),
]
