"""Work that stops because the database's disk is full: handed back untried, to go on once there is room."""

import time
from contextlib import suppress

from django.db import Error

from conferences.models import SyncRun
from conferences.sync import events
from conferences.sync.database import DISK_FULL, DatabaseUnavailable, resilient
from conferences.sync.lease import Lease
from conferences.sync.leaving import is_leaving

CODE = "disk_full"
TRIES, PAUSE_SECONDS = 5, 2.0


def wait_for_room(lease: Lease) -> None:
    """As far as there is room to note it; otherwise the lease runs out by itself, and the try counts."""
    _release(lease)
    with suppress(Error, DatabaseUnavailable):
        if resilient(lambda: _wait(lease.run_id)):
            # A row of its own, which may not fit where a changed one does.
            resilient(lambda: events.log(lease.run_id, DISK_FULL, level="error", code=CODE))


def _release(lease: Lease) -> None:
    """A small change may fit a moment later: where others are at work, too, room comes and goes."""
    for _ in range(TRIES):
        with suppress(Error, DatabaseUnavailable):
            lease.release()
            return
        if is_leaving():
            return
        time.sleep(PAUSE_SECONDS)


def _wait(run_id: int) -> int:
    waiting = SyncRun.objects.filter(pk=run_id, state__in=SyncRun.ACTIVE).exclude(code=CODE)
    return waiting.update(code=CODE, message=DISK_FULL, phase="Waiting for room in the database")
