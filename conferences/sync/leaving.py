"""Whether this worker has been told to end. All its processes know at once, so that none of them begins anything new.

Celery's own signal comes too late for that: in a cold shutdown only after it has waited for what they are at.
"""

import mmap
from typing import Any

from celery.signals import worker_shutdown, worker_shutting_down
from celery.utils.dispatch import Signal

# One byte, shared between the process that is told and those of its pool, which it has forked.
_TOLD = mmap.mmap(-1, 1)

worker_leaving = Signal(name="worker_leaving")


def is_leaving() -> bool:
    return _TOLD[0] != 0


def leave(**_: Any) -> None:
    """Once, in the process that is told."""
    if not is_leaving():
        _TOLD[0] = 1
        worker_leaving.send(sender=None)


worker_shutting_down.connect(leave)
worker_shutdown.connect(leave)
