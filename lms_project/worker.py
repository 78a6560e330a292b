"""What `celery worker` runs: Celery's worker, which signs off as soon as it is told to end.

Where the log is JSON, so is all else that it writes.
"""

import logging
import os
from typing import Any

from celery.apps import worker
from django.conf import settings

from conferences.sync.leaving import leave
from lms_project.logs import JsonFormatter

STANDARD_ERROR = 2
JSON = settings.LOG_FORMAT == "json"


class Worker(worker.Worker):
    def wait_for_soft_shutdown(self) -> None:
        """The first that is done in a cold shutdown, in the signal's handler. No signal of Celery's is sent before.

        https://docs.celeryq.dev/en/stable/userguide/workers.html#soft-shutdown
        """
        leave()
        super().wait_for_soft_shutdown()

    def emit_banner(self) -> None:
        """For people alone."""
        if not JSON:
            super().emit_banner()


def say(message: str, _: Any = None) -> None:
    """Past the log, as Celery does: what the signal has interrupted may be writing there."""
    record = logging.makeLogRecord({"name": worker.__name__, "levelname": "INFO", "msg": message})
    os.write(STANDARD_ERROR, f"{JsonFormatter().format(record)}\n".encode())


if JSON:
    worker.safe_say = say
