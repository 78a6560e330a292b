"""Draining a run: claim an item, run it, go on until nothing is left. Any number of workers may do so at once."""

import logging

from conferences.sync import doorbell, runs, trace
from conferences.sync.database import DatabaseFull, DatabaseUnavailable, resilient
from conferences.sync.full import wait_for_room
from conferences.sync.holder import this_process
from conferences.sync.lease import Lease, LeaseLost, claim
from conferences.sync.leaving import is_leaving
from conferences.sync.pausing import Paused, pause
from conferences.sync.room import neglected
from conferences.sync.runner import ItemRunner

logger = logging.getLogger(__name__)


def work(run_id: int) -> None:
    """That run and nothing else.

    Raises DatabaseUnavailable; whatever is unfinished then is claimed again once its lease has run out. DatabaseFull:
    once there is room.
    """
    while lease := claim(run_id, this_process()):
        _run(lease)
    runs.finish(run_id)


def serve(run_id: int) -> None:
    """What a worker does when it is rung for.

    What a search has queued is shared with other workers. An account may take hours: after each of its items one of
    every other run is done that nobody works on, so that no click waits for its end. A database that is away for long
    is no fault of the run: it is rung for again.
    """
    try:
        _serve(run_id)
    except DatabaseUnavailable as error:
        logger.error("run %s: %s", run_id, error)


def _serve(run_id: int) -> None:
    while lease := _next(run_id):
        _run_and_share(lease)
        for other_id in resilient(lambda: neglected(but=run_id)):
            if other := _next(other_id):
                _run_and_share(other)
    runs.finish(run_id)
    if is_leaving():
        doorbell.ring(run_id)  # for another, who goes on


def _next(run_id: int) -> Lease | None:
    return None if is_leaving() else claim(run_id, this_process())


def _run_and_share(lease: Lease) -> None:
    _run(lease)
    if lease.searches:
        doorbell.ring(lease.run_id)


def _run(lease: Lease) -> None:
    with trace.item(lease):
        _run_item(lease)


def _run_item(lease: Lease) -> None:
    try:
        state, message = ItemRunner(lease).run()
        resilient(lambda: lease.end(state, message))
    except Paused as paused:
        pause(lease.run_id, paused, lease)
    except DatabaseFull:
        wait_for_room(lease)
        raise
    except LeaseLost:
        logger.warning("run %s: item %s was taken over or the run has ended; leaving it", lease.run_id, lease.item_id)
    except (SystemExit, KeyboardInterrupt):
        # A deploy or Ctrl-C: the next worker starts at once instead of waiting for the lease to run out.
        lease.release()
        raise
    else:
        runs.finish(lease.run_id)
