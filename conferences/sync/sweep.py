"""A running worker looks for waiting runs now and then, so that no lost message can leave one queued for ever.

It only rings for runs that somebody requested; it never starts one of its own.
"""

import atexit
from typing import Any

from celery.signals import task_received, worker_init, worker_ready
from django.conf import settings

from conferences.providers.shared_pacing import PACER
from conferences.sync import doorbell, runs
from conferences.sync.beside import Beside
from conferences.sync.leaving import worker_leaving
from conferences.sync.vitals import VITALS


def sweep() -> None:
    """One look: this worker says that it lives, what nobody works on is settled, the waiting rung for."""
    VITALS.beat()
    VITALS.ping()
    runs.settle_all()
    doorbell.ring_all_waiting()


_beside = Beside("sweep", "looking for waiting runs")


@worker_init.connect
def keep_a_share(**_: Any) -> None:
    """Of the pace, while it is not shared: so that workers, and a command beside them, stay within the plan."""
    PACER.sharers = settings.SYNC_ITEMS_AT_ONCE


@worker_ready.connect
def start(sender: Any = None, **_: Any) -> None:
    if sender is not None:
        VITALS.begin(sender.hostname)
    _beside.start(sweep, lambda: settings.SYNC_RING_AGAIN_SECONDS, last=VITALS.end)
    # Not in a signal's handler: what the thread waits for may be held by what the signal has interrupted.
    atexit.register(_beside.end)


@task_received.connect
def heard(**_: Any) -> None:
    VITALS.took_work()


@worker_leaving.connect
def stop(**_: Any) -> None:
    """From now on it is no worker any more, though it may still be at something."""
    _beside.stop()
