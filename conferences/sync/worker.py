"""Draining a run: claim an item, run it, go on until nothing is left. Any number of workers may do so at once."""

import logging
import os
import socket

from conferences.sync import runs
from conferences.sync.database import resilient
from conferences.sync.lease import Lease, LeaseLost, claim
from conferences.sync.pausing import Paused, pause
from conferences.sync.runner import ItemRunner

logger = logging.getLogger(__name__)


def work(run_id: int) -> None:
    """Raises DatabaseUnavailable; whatever is unfinished then is claimed again once its lease has run out."""
    name = f"{socket.gethostname()}:{os.getpid()}"
    while lease := claim(run_id, name):
        _run(lease)
    runs.finish(run_id)


def _run(lease: Lease) -> None:
    try:
        state, message = ItemRunner(lease).run()
        resilient(lambda: lease.end(state, message))
    except Paused as paused:
        pause(lease.run_id, paused)
    except LeaseLost:
        logger.warning("run %s: item %s was taken over or the run has ended; leaving it", lease.run_id, lease.item_id)
    except (SystemExit, KeyboardInterrupt):
        # A deploy or Ctrl-C: the next worker starts at once instead of waiting for the lease to run out.
        lease.release()
        raise
    else:
        runs.finish(lease.run_id)
