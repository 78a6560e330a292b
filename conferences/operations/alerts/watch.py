"""A running worker looks at the alerts and sends messages, beside its sweep: no slow receiver may hold that up."""

import logging
import threading
from typing import Any

from celery.signals import worker_ready, worker_shutting_down
from django.db import Error, connection

from conferences.operations.alerts import looking, outbox
from conferences.sync.database import DatabaseUnavailable

logger = logging.getLogger(__name__)

EVERY_SECONDS = 15

_stop = threading.Event()


def watch() -> None:
    """One round. Of several workers one looks; what is due any of them sends."""
    looking.look(at_once=False)
    outbox.deliver()


def _watch_until_stopped() -> None:
    while not _stop.is_set():
        try:
            watch()
        except (Error, DatabaseUnavailable) as error:
            logger.warning("looking for alerts failed (%s); trying again", type(error).__name__)
        finally:
            connection.close()
        _stop.wait(EVERY_SECONDS)


@worker_ready.connect
def start(**_: Any) -> None:
    _stop.clear()
    threading.Thread(target=_watch_until_stopped, name="alerts", daemon=True).start()


@worker_shutting_down.connect
def stop(**_: Any) -> None:
    _stop.set()
