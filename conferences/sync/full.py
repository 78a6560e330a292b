"""Work that stops because the database's disk is full: handed back untried, to go on once there is room."""

from contextlib import suppress

from django.db import Error

from conferences.models import SyncRun
from conferences.sync import events
from conferences.sync.database import DISK_FULL, DatabaseUnavailable, resilient
from conferences.sync.lease import Lease

CODE = "disk_full"


def wait_for_room(lease: Lease) -> None:
    """As far as there is room to note it; otherwise the lease runs out by itself."""
    for note in (lease.release, lambda: resilient(lambda: _say_so(lease.run_id))):
        with suppress(Error, DatabaseUnavailable):
            note()


def _say_so(run_id: int) -> None:
    waiting = SyncRun.objects.filter(pk=run_id, state__in=SyncRun.ACTIVE).exclude(code=CODE)
    if waiting.update(code=CODE, message=DISK_FULL, phase="Waiting for room in the database"):
        events.log(run_id, DISK_FULL, level="error", code=CODE)
