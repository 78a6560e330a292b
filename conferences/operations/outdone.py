"""Which ended runs, and which of their items, decide nothing any more because newer ones have outdone them?

Whoever looks back asks for the newest of a kind: the last good run, the last complete answer, a failure that nothing
has answered since. So the newest of every kind stays, by number and by time, for a resumed run ends late.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from conferences.models import SyncItem, SyncRun, SyncStep

RUN_KIND = ("connection_id", "conference_id", "mode", "state")
ITEM_KIND = ("conference_id", "state")
STEP_KIND = ("item__conference_id", "operation", "outcome", "code", "item__state")
SEARCH_KIND = ("item__run__connection_id", "item__run__mode", "item__run__state", "outcome")


@dataclass(frozen=True, slots=True)
class Outdone:
    """Keys, oldest first: items that may go, and runs of which then nothing is left to keep."""

    items: list[int]
    runs: list[int]


def outdone(before: datetime) -> Outdone:
    """Of the runs that ended before."""
    newest = set(_newest(SyncRun.objects.all(), RUN_KIND, "-pk"))
    runs = [pk for pk in ended(before).order_by("pk").values_list("pk", flat=True) if pk not in newest]
    items = dict(SyncItem.objects.filter(run__in=runs).order_by("pk").values_list("pk", "run"))
    kept = items.keys() & _deciding_items()
    still_needed = {items[pk] for pk in kept}
    return Outdone([pk for pk in items if pk not in kept], [pk for pk in runs if pk not in still_needed])


def ended(before: datetime) -> "QuerySet[SyncRun]":
    at = Coalesce("finished_at", "created_at")
    return SyncRun.objects.annotate(ended_at=at).filter(state__in=SyncRun.ENDED, ended_at__lt=before)


def _deciding_items() -> set[int]:
    of_conferences = SyncStep.objects.filter(item__conference__isnull=False)
    searches = SyncStep.objects.filter(item__conference=None)
    latest = F("finished_at").desc(nulls_last=True)
    return {
        *_newest(SyncItem.objects.filter(conference__isnull=False), ITEM_KIND, "-run_id"),
        *_newest(of_conferences, STEP_KIND, "-pk", key="item"),
        *_newest(of_conferences, STEP_KIND, latest, "-pk", key="item"),
        *_newest(searches, SEARCH_KIND, "-pk", key="item"),
    }


def _newest(rows: "QuerySet[Any]", kind: tuple[str, ...], *newest_first: Any, key: str = "pk") -> Iterable[int]:
    return rows.order_by(*kind, *newest_first).distinct(*kind).values_list(key, flat=True)
