"""Telling workers that a run waits. The run itself is a row: a lost, late or doubled ring does no harm."""

import logging
from datetime import timedelta
from itertools import takewhile

from celery import current_app
from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from conferences.models import SyncItem, SyncRun
from conferences.operations.disk import has_room
from conferences.sync import events
from conferences.sync.database import resilient
from conferences.sync.room import claimable, helpers

logger = logging.getLogger(__name__)

UNREACHABLE = (
    "Your sync is waiting: the service that hands work to the workers cannot be reached right now. "
    "It starts by itself as soon as that service is back; nothing needs to be clicked again."
)


def waiting() -> QuerySet[SyncRun]:
    """Active runs with something to do that no living worker is doing, and that were not rung for just now."""
    silent = Now() - timedelta(seconds=settings.SYNC_RING_AGAIN_SECONDS)
    free = SyncItem.objects.filter(claimable(), run=OuterRef("pk"))
    return SyncRun.objects.filter(Exists(free), state__in=SyncRun.ACTIVE).filter(
        Q(rung_at__isnull=True) | Q(rung_at__lt=silent)
    )


def ring(run_id: int) -> bool:
    """Wakes as many workers as are of use; returns whether it went out.

    With the broker out of reach the run waits on, and says so.
    """
    SyncRun.objects.filter(pk=run_id).update(rung_at=Now())
    try:
        for _ in range(helpers(run_id)):
            current_app.send_task("conferences.sync_run", args=[run_id])
    except (KombuError, RedisError, OSError) as error:
        logger.error("run %s: the broker cannot be reached (%s)", run_id, type(error).__name__)
        if (
            SyncRun.objects.filter(pk=run_id, state=SyncRun.State.QUEUED)
            .exclude(code="broker_unreachable")
            .update(code="broker_unreachable", message=UNREACHABLE)
        ):
            events.log(run_id, UNREACHABLE, level="warning", code="broker_unreachable")
        return False
    SyncRun.objects.filter(pk=run_id, code="broker_unreachable").update(code="", message="")
    return True


def ring_if_waiting(run_id: int) -> bool:
    """At most one ring in a while, however many look, and none while nothing could be stored: what cannot be kept need
    not be asked for. Returns False when the broker could not be reached."""
    if not resilient(waiting().filter(pk=run_id).exists) or not has_room():
        return True
    return _ring_once(run_id)


def _ring_once(run_id: int) -> bool:
    """For one of all that look."""
    return not resilient(lambda: waiting().filter(pk=run_id).update(rung_at=Now())) or ring(run_id)


def ring_all_waiting() -> int:
    """For a worker that starts, for its sweeps and for operators. Returns for how many it went out.

    A broker that cannot be reached for one cannot be for the next: whoever rings has other things to do than to wait.
    """
    runs = list(waiting().values_list("pk", flat=True))
    return sum(1 for _ in takewhile(_ring_once, runs)) if runs and has_room() else 0
