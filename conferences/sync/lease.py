"""Who may write for an item. A lease is renewed while its worker lives; its token fences off a predecessor."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce, Greatest, Now

from conferences.models import SyncItem, SyncRun
from conferences.sync.database import resilient
from conferences.sync.room import claimable, has_room


class LeaseLost(Exception):
    """Another worker has this item now, or the run has ended: whoever holds the old token must stop writing."""


def _expiry() -> object:
    return Now() + timedelta(seconds=settings.SYNC_LEASE_SECONDS)


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to write for one item, as long as its token is the newest. `searches`: it fills the run's queue.

    request_id, traceparent  of the click that all this is done for
    """

    run_id: int
    item_id: int
    token: int
    searches: bool = False
    request_id: str = ""
    traceparent: str = ""

    def _held(self) -> QuerySet[SyncItem]:
        return SyncItem.objects.filter(pk=self.item_id, token=self.token, state=SyncItem.State.RUNNING)

    def is_held(self) -> bool:
        return self._held().exists()

    def fence(self) -> None:
        """Inside a writing transaction: proves the lease and keeps it until the commit. Raises LeaseLost."""
        if not self._held().update(lease_until=_expiry()):
            raise LeaseLost

    def beat(self, progress: int, phase: str, save: Callable[[], object] = lambda: None) -> bool:
        """Says that this worker lives; `save` writes in the same transaction. Returns whether somebody asked to cancel.

        Raises LeaseLost.
        """

        def unit() -> bool:
            self.fence()
            save()
            alive = SyncRun.objects.filter(pk=self.run_id, state=SyncRun.State.RUNNING)
            if not alive.update(heartbeat_at=Now(), phase=phase[:120], progress=Greatest(F("progress"), progress)):
                raise LeaseLost
            return SyncRun.objects.filter(pk=self.run_id, cancel_requested=True).exists()

        return resilient(unit)

    def release(self) -> None:
        """Hands the item back untried, for a worker that was told to shut down."""
        resilient(
            lambda: self._held().update(
                state=SyncItem.State.QUEUED, attempts=F("attempts") - 1, lease_until=None, worker=""
            )
        )

    def end(self, state: str, message: str = "") -> None:
        """Raises LeaseLost."""
        if not self._held().update(state=state, message=message, lease_until=None):
            raise LeaseLost


def claim(run_id: int, worker: str) -> Lease | None:
    """Takes the run's next free item, or one whose worker has fallen silent. None when there is none, or no room.

    The lock on the run's row lets its workers count one after the other; a connection has but one account-wide run.
    """

    def unit() -> Lease | None:
        active = SyncRun.objects.filter(pk=run_id, state__in=SyncRun.ACTIVE, cancel_requested=False)
        run = active.select_for_update(no_key=True).first()
        item = _free(run) if run and has_room(run) else None
        if run is None or item is None:
            return None
        active.update(
            state=SyncRun.State.RUNNING,
            started_at=Coalesce("started_at", Now()),
            heartbeat_at=Now(),
            # What was said while it waited is true no longer.
            code="",
            message="",
        )
        SyncItem.objects.filter(pk=item.pk).update(
            state=SyncItem.State.RUNNING,
            token=F("token") + 1,
            attempts=F("attempts") + 1,
            lease_until=_expiry(),
            worker=worker[:120],
        )
        searches = item.conference_id is None
        return Lease(run_id, item.pk, item.token + 1, searches, run.request_id, run.traceparent)

    return resilient(unit)


def _free(run: SyncRun) -> SyncItem | None:
    return SyncItem.objects.select_for_update(skip_locked=True).filter(claimable(), run=run).order_by("id").first()
