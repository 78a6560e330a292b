"""The project: settings, addresses and the Celery application."""

from lms_project.celery import app as celery_app

__all__ = ["celery_app"]
