"""One run: what each operation came to, its items with those that failed first, and its log with the newest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Case, Max, Min, QuerySet, Value, When
from django.http import HttpRequest
from django.urls import reverse

from conferences.admin import steering
from conferences.admin.run_filters import LEVELS
from conferences.models import SyncEvent, SyncItem, SyncRun, SyncStep
from conferences.roles import SEE_CONNECTIONS, staff_may
from conferences.sync.result import outcomes, summed

ITEMS, LINES = 25, 50


@dataclass(frozen=True, slots=True)
class Operation:
    """`sums` as in the run's result; `seconds` from its first beginning to its last end, None before that.

    outcomes  how many items came to which, "open" where they have not ended; the words in `sums` are those of one item
    """

    name: str
    sums: Mapping[str, Any]
    outcomes: Mapping[str, int]
    seconds: float | None

    @property
    def is_of_many(self) -> bool:
        return sum(self.outcomes.values()) > 1


def context(request: HttpRequest, run: SyncRun) -> dict[str, Any]:
    """The query string names the pages, `items` and `log`, and the `level` of the log."""
    level = request.GET.get("level", "")
    return {
        "run": run,
        "page_url": run_page(run),
        "buttons": steering.buttons(request, run),
        "sees_connections": staff_may(request.user, SEE_CONNECTIONS),
        "operations": _operations(run),
        "items": _page(_items(run), request.GET.get("items"), ITEMS),
        "log": _page(_events(run, level), request.GET.get("log"), LINES),
        "levels": LEVELS,
        "level": level if level in LEVELS else "",
    }


def run_page(run: SyncRun) -> str:
    """Where the run can be watched."""
    place, of = ("conferences", run.conference_id) if run.conference_id else ("connections", run.connection_id)
    return reverse(f"{place}:status", args=[of, run.pk])


def _operations(run: SyncRun) -> list[Operation]:
    steps = SyncStep.objects.filter(item__run=run)
    times = steps.order_by().values_list("operation").annotate(Min("started_at"), Max("finished_at"))
    took = {name: _seconds(start, end) for name, start, end in times}
    counted = outcomes(steps)
    return [Operation(name, sums, _in_words(counted[name]), took[name]) for name, sums in summed(steps).items()]


def _in_words(counts: Mapping[str, int]) -> dict[str, int]:
    return {outcome.replace("_", " ") or "open": count for outcome, count in counts.items()}


def _seconds(start: datetime | None, end: datetime | None) -> float | None:
    return (end - start).total_seconds() if start and end else None


def _items(run: SyncRun) -> "QuerySet[SyncItem]":
    first = [SyncItem.State.FAILED, SyncItem.State.RUNNING, SyncItem.State.CANCELLED, SyncItem.State.QUEUED]
    rank = Case(*(When(state=state, then=Value(at)) for at, state in enumerate(first)), default=Value(len(first)))
    ranked = run.items.annotate(rank=rank).order_by("rank", "pk")
    return ranked.select_related("conference").prefetch_related("steps")


def _events(run: SyncRun, level: str) -> "QuerySet[SyncEvent]":
    told = run.events.select_related("item__conference").order_by("-id")
    return told.filter(level=level) if level in LEVELS else told


def _page(rows: "QuerySet[Any]", number: str | None, size: int) -> Any:
    return Paginator(rows, size).get_page(number)
