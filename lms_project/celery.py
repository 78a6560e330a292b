"""The Celery application. Its messages are doorbells: the work itself waits in PostgreSQL."""

import os
from functools import cached_property
from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_process_shutdown

from conferences.providers import tracing

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms_project.settings")


class Application(Celery):
    @cached_property
    def Worker(self) -> type:  # noqa: N802 - Celery's name for it
        return self.subclass_with_self("lms_project.worker:Worker")


app = Application("lms_project")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def leave_it_to_the_settings(**_: Any) -> None:
    """Whoever listens keeps Celery from writing a log of its own, unredacted."""


@worker_process_shutdown.connect
def send_what_is_left(**_: Any) -> None:
    """A worker's process ends without what others do at their end."""
    tracing.close()
