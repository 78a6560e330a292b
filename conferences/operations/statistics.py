"""What the connections hold, and how the latest runs went: a few statements each, however many rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, Now

from conferences.models import Conference, Connection, Participant, Recording, SyncRun
from conferences.sync.store.incomplete import incomplete


@dataclass(frozen=True, slots=True)
class Holdings:
    """What was synced of one connection.

    attended   conferences of which somebody is known to have been there
    people     participants over all conferences: who came twice counts twice; recording bots are nobody
    seconds    theirs, overlapping times counted once
    complete   conferences that have ended, were answered for good, and lack nothing that failed
    """

    connection: Connection
    conferences: int
    ended: int
    attended: int
    complete: int
    people: int
    seconds: int
    recordings: int
    last_good_at: datetime | None

    @property
    def hours(self) -> float:
        return self.seconds / 3600

    @property
    def completeness(self) -> float | None:
        """Of those that have ended, in percent; None while none has."""
        return 100 * self.complete / self.ended if self.ended else None


@dataclass(frozen=True, slots=True)
class Pace:
    """What one run did in what time; waiting is that of all its workers together."""

    run: SyncRun
    rows: int
    requests: int
    retries: int
    throttled: int
    waited_seconds: float

    @property
    def seconds(self) -> float | None:
        """From its beginning to its end, or to the last sign of life."""
        end = self.run.finished_at or self.run.heartbeat_at
        return (end - self.run.started_at).total_seconds() if end and self.run.started_at else None

    @property
    def rows_per_second(self) -> float | None:
        return self.rows / self.seconds if self.seconds else None

    @property
    def requests_per_second(self) -> float | None:
        return self.requests / self.seconds if self.seconds else None


def holdings() -> list[Holdings]:
    """A statement for each kind of row, grouped by connection."""
    there = Participant.objects.filter(gone_at=None, superseded=False).exclude(kind=Participant.Kind.BOT)
    people = there.order_by().values_list("conference__connection_id")
    files = Recording.objects.filter(gone_at=None).order_by().values_list("conference__connection_id")
    good = SyncRun.objects.filter(state__in=SyncRun.GOOD).order_by().values_list("connection_id")
    classes = _first_of(_classes(there))
    came = _first_of(people.annotate(people=Count("pk"), seconds=Sum("total_seconds")))
    recordings, last_good = (
        _first_of(files.annotate(files=Count("pk"))),
        _first_of(good.annotate(last=Max("finished_at"))),
    )
    return [
        Holdings(
            each,
            *classes.get(each.pk, (0, 0, 0, 0)),
            *came.get(each.pk, (0, 0)),
            *recordings.get(each.pk, (0,)),
            *last_good.get(each.pk, (None,)),
        )
        for each in Connection.objects.order_by("name", "pk")
    ]


def _classes(there: "QuerySet[Participant]") -> Iterable[Any]:
    ended = Q(ends_at__lte=Now())
    lacking = incomplete(Conference.objects.all(), settled=timedelta(0)).values("pk")
    return (
        Conference.objects.annotate(attended=Exists(there.filter(conference=OuterRef("pk"))))
        .order_by()
        .values_list("connection_id")
        .annotate(
            all=Count("pk"),
            ended=Count("pk", filter=ended),
            with_people=Count("pk", filter=Q(attended=True)),
            complete=Count("pk", filter=ended & ~Q(pk__in=lacking)),
        )
    )


def _first_of(rows: Iterable[Any]) -> dict[int, tuple[Any, ...]]:
    return {pk: rest for pk, *rest in rows}


def paces(newest: int) -> list[Pace]:
    """Of the newest runs that have begun, all their steps summed by one statement."""
    begun = SyncRun.objects.filter(started_at__isnull=False).order_by("-pk")
    rows = (
        SyncRun.objects.filter(pk__in=begun.values("pk")[:newest])
        .select_related("connection", "conference")
        .annotate(
            rows=Coalesce(Sum("items__steps__items"), 0),
            requests=Coalesce(Sum("items__steps__requests"), 0),
            retries=Coalesce(Sum("items__steps__retries"), 0),
            throttled=Coalesce(Sum("items__steps__throttled"), 0),
            waited_seconds=Coalesce(Sum("items__steps__waited_seconds"), 0.0),
        )
        .order_by("-pk")
    )
    return [Pace(run, run.rows, run.requests, run.retries, run.throttled, run.waited_seconds) for run in rows]
