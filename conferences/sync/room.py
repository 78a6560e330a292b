"""What may be begun right now, and by how many workers.

A whole account is worked on by a few workers at once, since its provider limits how much may be asked. A single
conference is somebody's click: it never waits for room, and is taken in turn by those who are busy with an account.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Now

from conferences.models import SyncItem, SyncRun


def claimable() -> Q:
    """Free, or held by a worker that has fallen silent; what has cost several workers their life is not tried again."""
    return Q(state=SyncItem.State.QUEUED) | Q(
        state=SyncItem.State.RUNNING, lease_until__lt=Now(), attempts__lt=settings.SYNC_MAX_ATTEMPTS
    )


def _living() -> Q:
    return Q(state=SyncItem.State.RUNNING, lease_until__gte=Now())


def is_abandoned(run_id: int) -> bool:
    """Whether the run has something left to claim and no living worker holds any of it.

    One that nobody has begun is given the time of a lease: its worker may be about to.
    """
    waits_since = Coalesce("run__heartbeat_at", "run__created_at")
    forgotten = Q(run__state=SyncRun.State.QUEUED, since__lt=Now() - timedelta(seconds=settings.SYNC_LEASE_SECONDS))
    items = SyncItem.objects.filter(run_id=run_id).annotate(since=waits_since)
    items = items.filter(forgotten | Q(run__state=SyncRun.State.RUNNING))
    return items.filter(claimable()).exists() and not items.filter(_living()).exists()


def take_over(run_id: int) -> bool:
    """Whether it is abandoned, so that whoever asks may go on with it. A person who tries again has decided to: what
    workers did not survive before counts no longer."""
    if not is_abandoned(run_id):
        return False
    SyncItem.objects.filter(claimable(), run=run_id).update(attempts=0)
    return True


def free_at(run: SyncRun) -> datetime:
    """When an active run is abandoned, should nothing be heard of it until then."""
    lease = run.items.filter(_living()).aggregate(until=Max("lease_until"))["until"]
    return lease or (run.heartbeat_at or run.created_at) + timedelta(seconds=settings.SYNC_LEASE_SECONDS)


def places(run: SyncRun) -> int:
    """How many more items of the connection may be begun for a whole account, whichever runs the others belong to."""
    others = SyncItem.objects.filter(_living(), run__connection=run.connection_id, run__state__in=SyncRun.ACTIVE)
    return max(settings.SYNC_ITEMS_AT_ONCE - others.count(), 0)


def has_room(run: SyncRun) -> bool:
    return run.conference_id is not None or places(run) > 0


def helpers(run_id: int) -> int:
    """How many workers to ring for: all that are of use, or one more once somebody is at it.

    Messages that nobody has time for wait in the broker, and more would join them each time that somebody rings.
    """
    run = SyncRun.objects.filter(pk=run_id).first()
    if run is None or run.conference_id is not None or run.items.filter(_living()).exists():
        return 1
    return max(1, min(run.items.filter(claimable()).count(), places(run)))


def unattended() -> QuerySet[SyncRun]:
    """Active runs with something to do, of which nobody does anything."""
    items = SyncItem.objects.filter(run=OuterRef("pk"))
    return SyncRun.objects.filter(
        Exists(items.filter(claimable())), ~Exists(items.filter(_living())), state__in=SyncRun.ACTIVE
    )


def neglected(but: int) -> list[int]:
    """Other runs that workers were told of and nobody works on, oldest first."""
    waiting = unattended().filter(rung_at__isnull=False).exclude(pk=but)
    return list(waiting.order_by("id").values_list("pk", flat=True))
