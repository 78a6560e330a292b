"""A running worker looks for waiting runs now and then, so that no lost message can leave one queued for ever.

It only rings for runs that somebody requested; it never starts one of its own.
"""

import logging
import threading
from contextlib import suppress
from typing import Any

from celery.signals import task_received, worker_init, worker_ready, worker_shutting_down
from django.conf import settings
from django.db import Error, connection

from conferences.providers.shared_pacing import PACER
from conferences.sync import doorbell, runs
from conferences.sync.database import DatabaseUnavailable
from conferences.sync.vitals import VITALS

logger = logging.getLogger(__name__)

_stop = threading.Event()


def sweep() -> None:
    """One look: this worker says that it lives, what nobody works on is settled, the waiting rung for."""
    VITALS.beat()
    VITALS.ping()
    runs.settle_all()
    doorbell.ring_all_waiting()


def _sweep_until_stopped() -> None:
    while not _stop.is_set():
        try:
            sweep()
        except (Error, DatabaseUnavailable) as error:
            logger.warning("looking for waiting runs failed (%s); trying again", type(error).__name__)
        finally:
            connection.close()
        _stop.wait(settings.SYNC_RING_AGAIN_SECONDS)
    with suppress(Error):
        VITALS.end()
    connection.close()


@worker_init.connect
def keep_a_share(**_: Any) -> None:
    """Of the pace, while it is not shared: so that workers, and a command beside them, stay within the plan."""
    PACER.sharers = settings.SYNC_ITEMS_AT_ONCE


@worker_ready.connect
def start(sender: Any = None, **_: Any) -> None:
    _stop.clear()
    if sender is not None:
        VITALS.begin(sender.hostname)
    threading.Thread(target=_sweep_until_stopped, name="sweep", daemon=True).start()


@task_received.connect
def heard(**_: Any) -> None:
    VITALS.took_work()


@worker_shutting_down.connect
def stop(**_: Any) -> None:
    _stop.set()
