"""What went wrong of late? One line for each cause, in however many operations and conferences it was met."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg, BoolOr
from django.db.models import Count, Max, Sum
from django.utils import timezone

from conferences.models import ErrorClass, SyncError
from conferences.sync.outcome import SEARCH
from conferences.wording import counted, listed

WITHIN = timedelta(days=7)
WORDS = {SEARCH: "the search for conferences", "check": "the check"}


@dataclass(frozen=True, slots=True)
class Cause:
    """The same sentence, class and code of one connection.

    places    where it was met, in words
    run       the newest in which it was
    overcome  whether trying again has helped each time
    """

    connection: str
    error_class: str
    code: str
    message: str
    places: str
    times: int
    last_at: datetime
    run: int
    overcome: bool

    @property
    def label(self) -> str:
        return str(ErrorClass(self.error_class).label)


def newest_causes(limit: int) -> list[Cause]:
    """Of the errors of a week, counted by the database."""
    kinds = ("connection", "connection__name", "error_class", "code", "message")
    rows: Any = SyncError.objects.filter(last_at__gt=timezone.now() - WITHIN).order_by().values(*kinds)
    counted = rows.annotate(
        operations=ArrayAgg("operation", distinct=True),
        conferences=Count("item__conference", distinct=True),
        all_times=Sum("times"),
        newest_at=Max("last_at"),
        newest_run=Max("run"),
        ended=BoolOr("ended_step"),
    )
    return [_cause(row) for row in counted.order_by("-newest_at", "-newest_run", "code", "message")[:limit]]


def _cause(row: dict[str, Any]) -> Cause:
    return Cause(
        row["connection__name"],
        row["error_class"],
        row["code"],
        row["message"],
        places(row["operations"], row["conferences"]),
        row["all_times"],
        row["newest_at"],
        row["newest_run"],
        not row["ended"],
    )


def places(operations: Sequence[str], conferences: int) -> str:
    """As in “attendance and chat of 2 conferences”; "" where nothing is known."""
    asked = listed(WORDS.get(name, name) for name in operations if name != SEARCH)
    of = counted(conferences, "conference") if conferences else ""
    return listed([" of ".join(filter(None, [asked, of])), WORDS[SEARCH] if SEARCH in operations else ""])
