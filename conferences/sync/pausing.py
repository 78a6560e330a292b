"""A run that keeps its place: paused at a provider's daily limit, and gone on with by hand."""

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from conferences.models import SyncItem, SyncRun, SyncStep
from conferences.operations.counters import COSTS, retire
from conferences.sync import doorbell, events, runs
from conferences.sync.database import resilient
from conferences.sync.lease import Lease
from conferences.sync.pace import DAILY_LIMIT, RESUMED
from conferences.sync.refusals import AlreadyActive, RequestRefused


class Paused(Exception):
    """The provider's budget of the day is used up; `resumes_at` is when asking makes sense again, UTC."""

    def __init__(self, message: str, resumes_at: datetime) -> None:
        super().__init__(message)
        self.resumes_at = resumes_at.replace(microsecond=0)


class NothingLeft(RequestRefused):
    wrong_usage = True

    def __init__(self) -> None:
        super().__init__("There is nothing left to do in this run. Start a new one instead.")


def pause(run_id: int, paused: Paused, lease: Lease | None = None) -> None:
    """Every item that has not ended goes back into the queue; whoever still holds one loses it.

    What somebody wanted cancelled in the meantime is cancelled. With a `lease`, that of whoever met the limit: one that
    was lost says nothing about today, for the run may have been paused and gone on with since.
    """
    message = (
        f"{paused} This sync resumes at {paused.resumes_at:%d %B %Y, %H:%M} UTC at the earliest; its place is kept."
    )

    def unit() -> None:
        values = {"message": message, "code": DAILY_LIMIT, "resumes_at": paused.resumes_at, "phase": ""}
        running = SyncRun.objects.filter(pk=run_id, state=SyncRun.State.RUNNING)
        run = running.select_for_update(no_key=True).first()
        if run is None or (lease is not None and not lease.is_held()):
            return
        _requeue(SyncItem.objects.filter(run=run_id, state=SyncItem.State.RUNNING))
        if run.cancel_requested:
            runs.settle(run_id)
        else:
            running.update(state=SyncRun.State.PAUSED, **values)
            events.log(run_id, message, level="warning", code=DAILY_LIMIT)

    resilient(unit)


def left(run: SyncRun) -> "QuerySet[SyncItem]":
    """The items that a resumed run would still do: those that never ended well."""
    return run.items.exclude(state=SyncItem.State.DONE)


def resume(run: SyncRun, user: AbstractBaseUser | None = None, *, ring: bool = True) -> None:
    """Goes on with what is left of a run that has ended or was paused: done items stay done, failed ones are retried.

    Raises AlreadyActive, NothingLeft.
    """
    if runs.look(run).is_active or not left(run).exists():
        raise AlreadyActive(run) if run.is_active else NothingLeft
    try:
        with transaction.atomic():
            _reopen(run, user)
    except IntegrityError:
        target = {"connection": run.connection_id, "conference": run.conference_id}
        other = SyncRun.objects.filter(**target, state__in=SyncRun.ACTIVE).first()
        if other is None:
            raise
        raise AlreadyActive(other) from None
    if ring:
        doorbell.ring(run.pk)
    run.refresh_from_db()


def _reopen(run: SyncRun, user: AbstractBaseUser | None) -> None:
    failed = SyncStep.objects.filter(item__in=left(run), outcome=SyncStep.Outcome.FAILED)
    # What has ended once has been counted: it will end again.
    retire(SyncRun.objects.filter(pk=run.pk))
    retire(failed, but=COSTS.values())
    SyncRun.objects.filter(pk=run.pk).update(
        state=SyncRun.State.QUEUED,
        code="",
        message="",
        phase="Waiting for a worker",
        progress=0,  # the first heartbeat tells how far it is; after an end it would stand at 100 for good
        cancel_requested=False,
        resumes_at=None,
        finished_at=None,
        heartbeat_at=Now(),
    )
    failed.update(outcome="", code="", message="", advice="", finished_at=None)
    _requeue(left(run))
    events.asked(run.pk, "Resumed", user, RESUMED)


def _requeue(items: "QuerySet[SyncItem]") -> None:
    items.filter(~Q(state=SyncItem.State.DONE)).update(
        state=SyncItem.State.QUEUED, attempts=0, lease_until=None, worker="", message=""
    )
