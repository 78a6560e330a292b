"""Addresses for operators."""

from django.urls import path

from conferences.views.operations import monitor, report

app_name = "operations"
urlpatterns = [
    path("", monitor.monitor, name="monitor"),
    path("report/", report.report, name="report"),
]
