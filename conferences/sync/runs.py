"""The life of a run: requested, cancelled, looked at, reaped, finished. Its rows are the only truth about it."""

from collections.abc import Callable, Collection
from datetime import timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from conferences.models import Conference, SyncItem, SyncRun, SyncStep
from conferences.sync import doorbell, events, trace
from conferences.sync.database import resilient
from conferences.sync.holder import free_the_dead
from conferences.sync.outcome import Ending, StepSummary, conclude
from conferences.sync.refusals import AlreadyActive, RequestRefused, TooManyStarts, UnknownOperation

__all__ = ["AlreadyActive", "RequestRefused", "TooManyStarts", "UnknownOperation"]

STALE = "This sync stopped without a word: its worker was lost. What it had stored is kept. Please sync again."
LOST = "{} workers were lost at this. Please sync again, or ask an administrator."
SEARCH_LOST = (
    "{} workers were lost while they searched the account, so that conferences may be missing. Please resume this sync "
    "to search again, or ask an administrator."
)
CANCELLED = "This sync was cancelled. What it had stored until then is kept."


def request(
    conference: Conference,
    *,
    via: str,
    user: AbstractBaseUser | None = None,
    operations: Collection[str] = (),
    ring: bool = True,
) -> SyncRun:
    """Writes the run with its item and steps, and tells the workers on commit. No operations means all.

    Raises AlreadyActive, TooManyStarts, UnknownOperation, UnknownProvider.
    """
    known = [operation.name for operation in conference.connection.config.operations]
    if unknown := set(operations) - set(known):
        raise UnknownOperation(unknown, known)
    wanted = [name for name in known if not operations or name in operations]
    _refuse_haste(conference, user)
    active = SyncRun.objects.filter(conference=conference, state__in=SyncRun.ACTIVE)
    return start_alone(active, lambda: _write(conference, via, user, wanted), ring=ring)


def start_alone(active: "QuerySet[SyncRun]", write: Callable[[], SyncRun], *, ring: bool) -> SyncRun:
    """The run that `write` makes, told to the workers on commit. The database keeps it to one active run per target.

    `active` are the target's active runs. Raises AlreadyActive.
    """
    for run in active:
        look(run)
    try:
        run = write()
    except IntegrityError:
        other = active.all().first()  # asked anew: what was looked at above is older than the refusal
        if other is not None:
            raise AlreadyActive(other) from None
        run = write()  # the other one ended in that very moment
    if ring:
        # The rows stand by now: trouble with ringing must not look like a refused request.
        transaction.on_commit(lambda: _ring(run), robust=True)
    return run


def _refuse_haste(conference: Conference, user: AbstractBaseUser | None) -> None:
    if user is None:
        return
    hour = SyncRun.objects.filter(
        conference=conference, requested_by=user.pk, created_at__gt=Now() - timedelta(hours=1)
    )
    if hour.count() >= settings.SYNC_STARTS_PER_HOUR:
        raise TooManyStarts


@transaction.atomic
def _write(conference: Conference, via: str, user: AbstractBaseUser | None, operations: list[str]) -> SyncRun:
    run = SyncRun(
        connection_id=conference.connection_id,
        conference=conference,
        operations=operations,
        requested_via=via,
        **trace.of_click(),
    )
    run.requested_by_id = user.pk if user else None
    run.phase = "Waiting for a worker"
    run.save()
    item = SyncItem.objects.create(run=run, conference=conference)
    SyncStep.objects.bulk_create(
        SyncStep(item=item, operation=name, position=position) for position, name in enumerate(operations)
    )
    events.asked(run.pk, "Sync requested", user)
    return run


def _ring(run: SyncRun) -> None:
    doorbell.ring(run.pk)
    run.refresh_from_db()


def cancel(run: SyncRun, user: AbstractBaseUser | None = None) -> None:
    """A queued run ends at once, a running one within seconds; an ended one stays as it is."""

    def unit() -> None:
        if not SyncRun.objects.filter(pk=run.pk, state__in=SyncRun.ACTIVE).update(cancel_requested=True):
            return
        events.asked(run.pk, "Cancel requested", user)
        settle(run.pk)

    resilient(unit)
    run.refresh_from_db()


def look(run: SyncRun) -> SyncRun:
    """What every viewer calls first: settles what nobody works on any more, rings for an unclaimed run."""
    run.refresh_from_db()
    if run.is_active:
        resilient(lambda: settle(run.pk))
        # Outside of any transaction of ours: a broker that does not answer must not hold a row's lock.
        doorbell.ring_if_waiting(run.pk)
        run.refresh_from_db()
    return run


def settle(run_id: int) -> None:
    """Closes what nobody will: items whose workers are lost or not wanted, a run with nothing left, a silent one."""
    free_the_dead(SyncItem.objects.filter(run=run_id))
    _give_up_on_poison(run_id)
    _cancel_idle(run_id)
    finish(run_id)
    reap_stale(SyncRun.objects.filter(pk=run_id))


def settle_all() -> None:
    for run_id in SyncRun.objects.filter(state__in=SyncRun.ACTIVE).values_list("pk", flat=True):
        resilient(partial(settle, run_id))


def reap_stale(runs: "QuerySet[SyncRun] | None" = None) -> list[SyncRun]:
    """Started runs whose heartbeat is older than SYNC_STALE_AFTER become failed. Queued ones never do. Returns them."""
    limit = Now() - timedelta(seconds=settings.SYNC_STALE_AFTER)
    candidates = (SyncRun.objects.all() if runs is None else runs).filter(
        state=SyncRun.State.RUNNING, heartbeat_at__lt=limit
    )
    for run in candidates:
        finish(run.pk)  # its worker may have died between the last item and the run's own end
    return [run for run in candidates if _reap(run, Q(state=SyncRun.State.RUNNING, heartbeat_at__lt=limit))]


def _reap(run: SyncRun, still: Q) -> bool:
    def unit() -> bool:
        if not SyncRun.objects.select_for_update(no_key=True).filter(still, pk=run.pk).exists():
            return False
        SyncItem.objects.filter(run=run, state__in=["queued", "running"]).update(
            state=SyncItem.State.FAILED, message=STALE
        )
        fail_open_steps(SyncStep.objects.filter(item__run=run), "stale", STALE)
        _end(run.pk, Ending(SyncRun.State.FAILED, STALE, "stale"))
        return True

    return resilient(unit)


def _give_up_on_poison(run_id: int) -> None:
    """An item that has cost several workers their life is not tried for ever."""
    lost = SyncItem.objects.filter(
        run_id=run_id, state=SyncItem.State.RUNNING, lease_until__lt=Now(), attempts__gte=settings.SYNC_MAX_ATTEMPTS
    )
    for item in lost:
        message = (LOST if item.conference_id else SEARCH_LOST).format(settings.SYNC_MAX_ATTEMPTS)
        if lost.filter(pk=item.pk).update(state=SyncItem.State.FAILED, message=message):
            fail_open_steps(item.steps.all(), "worker_lost", message)
            events.log(run_id, message, level="error", code="worker_lost", item_id=item.pk)


def _cancel_idle(run_id: int) -> None:
    """Of a run that somebody cancelled: the items that no living worker holds."""
    idle = Q(state=SyncItem.State.QUEUED) | Q(state=SyncItem.State.RUNNING, lease_until__lt=Now())
    SyncItem.objects.filter(idle, run_id=run_id, run__cancel_requested=True).update(state=SyncItem.State.CANCELLED)


def fail_open_steps(steps: "QuerySet[SyncStep]", code: str, message: str) -> None:
    steps.filter(outcome="").update(outcome="failed", code=code, message=message, finished_at=Now())


def finish(run_id: int) -> None:
    """Ends the run when none of its items is left; harmless at any other time."""

    def unit() -> None:
        if SyncItem.objects.filter(run=run_id, state__in=["queued", "running"]).exists():
            return
        run = SyncRun.objects.select_for_update(no_key=True).filter(pk=run_id, state__in=SyncRun.ACTIVE).first()
        if run is None:
            return
        if run.cancel_requested and run.items.filter(state=SyncItem.State.CANCELLED).exists():
            _end(run_id, Ending(SyncRun.State.CANCELLED, CANCELLED, "cancelled"))
            return
        steps: Any = SyncStep.objects.filter(item__run=run_id)
        summaries = steps.values_list("operation", "outcome", "code", "message", "items")
        _end(run_id, conclude([StepSummary(*row) for row in summaries]), progress=100)

    resilient(unit)


def _end(run_id: int, ending: Ending, **values: Any) -> None:
    SyncRun.objects.filter(pk=run_id).update(
        state=ending.state, message=ending.message, code=ending.code, phase="", finished_at=Now(), **values
    )
    level = "error" if ending.state == SyncRun.State.FAILED else "info"
    events.log(run_id, ending.message, level=level, code=ending.code, figures={"state": ending.state})
    trace.tell_of_end(run_id)
