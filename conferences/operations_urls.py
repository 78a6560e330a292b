"""Addresses for operators."""

from django.urls import path

from conferences.views.operations import monitor

app_name = "operations"
urlpatterns = [
    path("", monitor.monitor, name="monitor"),
]
