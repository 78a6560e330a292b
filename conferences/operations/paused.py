"""Which syncs stand paused at a provider's daily limit, until somebody resumes them?"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from conferences.models import SyncItem, SyncRun

Mode, State = SyncRun.Mode, SyncItem.State


def paused() -> "QuerySet[SyncRun]":
    """Without those that a newer sync has outdone: of the same class, or as wide a one of the same account."""
    newer = SyncItem.objects.filter(conference=OuterRef("conference"), run__gt=OuterRef("pk"))
    as_wide = Q(mode=Mode.FULL) | Q(mode=Mode.DELTA) & Q(mode=OuterRef("mode"))
    wider = SyncRun.objects.filter(as_wide, connection=OuterRef("connection"), conference=None, pk__gt=OuterRef("pk"))
    in_a_newer = Exists(newer.filter(state__in=[State.QUEUED, State.RUNNING, State.DONE]))
    in_a_wider = Q(conference=None) & Exists(wider.filter(state__in=[*SyncRun.OPEN, *SyncRun.GOOD]))
    return SyncRun.objects.filter(state=SyncRun.State.PAUSED).exclude(in_a_newer).exclude(in_a_wider)


def paused_by_connection(now: datetime) -> dict[int, dict[str, Any]]:
    """As facts. `resumes_at` is when the last of them may go on; None once all may."""
    rows: Iterable[Any] = (
        paused().order_by().values_list("connection").annotate(count=Count("pk"), last=Max("resumes_at"))
    )
    return {pk: {"paused": count, "resumes_at": last if last and last > now else None} for pk, count, last in rows}
