"""A run of a whole account: first a search for its conferences, then an item for each that is to be synced."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery

from conferences.models import Connection, SyncItem, SyncRun, SyncStep
from conferences.providers.base import Span
from conferences.sync import events, runs, trace
from conferences.sync.outcome import SEARCH
from conferences.sync.refusals import RequestRefused

# Reports come late and clocks differ: a delta looks back further than the last good run.
OVERLAP = timedelta(days=2)


class CannotDiscover(RequestRefused):
    """The provider has no way to list the conferences of an account."""

    wrong_usage = True

    def __init__(self, label: str) -> None:
        super().__init__(
            f"{label} does not list its conferences, so a sync of the whole connection does not apply to it yet. "
            "Sync its conferences one by one: manage.py sync_conference ID."
        )


def request(
    connection: Connection,
    *,
    via: str,
    mode: str = SyncRun.Mode.FULL,
    span: Span | None = None,
    user: AbstractBaseUser | None = None,
    ring: bool = True,
) -> SyncRun:
    """`span` is for mode range. Raises AlreadyActive, CannotDiscover, UnknownProvider."""
    config = connection.config
    if not config.discovers:
        raise CannotDiscover(str(config.verbose_name))
    wanted = span if mode == SyncRun.Mode.RANGE and span else _span(connection, mode)
    return runs.start_alone(active_runs(connection), lambda: _write(connection, via, mode, wanted, user), ring=ring)


def active_runs(connection: Connection) -> "QuerySet[SyncRun]":
    return SyncRun.objects.filter(connection=connection, conference=None, state__in=SyncRun.ACTIVE)


def newest(connection: Connection) -> SyncRun | None:
    return SyncRun.objects.filter(connection=connection, conference=None).order_by("-id").first()


def _span(connection: Connection, mode: str) -> Span:
    """A delta begins before the last good run; without one it is a full run."""
    if mode != SyncRun.Mode.DELTA:
        return Span()
    last = _last_good(connection)
    return Span(last - OVERLAP) if last else Span()


def _last_good(connection: Connection) -> datetime | None:
    """Good is a run whose search did not fail: what single conferences lacked, a delta takes up again by itself.

    A search that was refused something is good as well: that is hidden from the next one too, wherever it begins. Not
    so once the refusal is lifted, or is another one: what it hid from earlier searches nobody has looked for since.
    """
    told = list(_good(connection).values_list("started_at", "span_starts_at", "refusal")[:2])
    if not told:
        return None
    started_at, searched_from, refusal = told[0]
    lifted = any(before not in {None, refusal} for *_, before in told[1:])
    return started_at if searched_from is None or not lifted else None


def begins_after_a_refusal(run: SyncRun) -> bool:
    """Whether the search after which this one, a delta's, begins was refused something."""
    if run.mode != SyncRun.Mode.DELTA or run.span_starts_at is None:
        return False
    before = _good(run.connection).filter(pk__lt=run.pk).values_list("refusal", flat=True).first()
    return before is not None


def _good(connection: Connection) -> "QuerySet[Any]":
    """The newest first. `refusal`: the code of what its search was refused, None for nothing."""
    search = SyncStep.objects.filter(item__run=OuterRef("pk"), operation=SEARCH).exclude(
        outcome__in=["", SyncStep.Outcome.FAILED]
    )
    refused = search.filter(outcome=SyncStep.Outcome.BLOCKED).values("code")[:1]
    ended = SyncRun.objects.filter(connection=connection, conference=None, state__in=SyncRun.GOOD)
    good = ended.exclude(mode=SyncRun.Mode.RANGE).filter(Exists(search)).order_by("-id")
    return good.annotate(refusal=Subquery(refused))


@transaction.atomic
def _write(connection: Connection, via: str, mode: str, span: Span, user: AbstractBaseUser | None) -> SyncRun:
    run = SyncRun(connection=connection, requested_via=via, mode=mode, phase="Waiting for a worker", **trace.of_click())
    run.span_starts_at, run.span_ends_at = span.starts_at, span.ends_at
    run.operations = [operation.name for operation in connection.config.operations]
    run.requested_by_id = user.pk if user else None
    run.save()
    item = SyncItem.objects.create(run=run)
    SyncStep.objects.create(item=item, operation=SEARCH)
    events.asked(run.pk, "Sync of the whole connection requested", user)
    return run
