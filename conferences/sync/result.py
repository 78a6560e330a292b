"""A run as others see it: the JSON that commands print and the status address returns."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from conferences.models import SyncItem, SyncRun, SyncStep
from conferences.sync.outcome import RANKS

EVENTS = 500  # the newest ones
TELLING_PROGRESS = 5  # percent; before that a pace is only a guess


def result(run: SyncRun) -> dict[str, Any]:
    """The shape that design and README state under “Result”; times are UTC in ISO 8601."""
    steps = list(SyncStep.objects.filter(item__run=run).order_by("position", "id"))
    items = list(run.items.values_list("state", flat=True))
    return {
        "run": run.pk,
        "status": run.state,
        "success": run.state in {SyncRun.State.SUCCEEDED, SyncRun.State.PARTIAL},
        "code": run.code,
        "message": run.message,
        "progress": run.progress,
        "phase": run.phase,
        "resumes_at": _iso(run.resumes_at),
        "eta_seconds": eta_seconds(run),
        "items_processed": sum(step.items for step in steps),
        "warnings": list(run.events.filter(level="warning").values_list("text", flat=True)),
        "items": {
            "total": len(items),
            "done": items.count(SyncItem.State.DONE),
            "failed": items.count(SyncItem.State.FAILED),
        },
        "steps": {name: _summed(group) for name, group in _by_operation(steps).items()},
        "events": [_event(row) for row in _newest_events(run)],
    }


def eta_seconds(run: SyncRun) -> int | None:
    """Whole seconds left at the pace so far; None when that cannot be told yet."""
    if not run.is_active or run.started_at is None or run.progress < TELLING_PROGRESS:
        return None
    elapsed = (timezone.now() - run.started_at).total_seconds()
    return max(1, round(elapsed * (100 - run.progress) / run.progress))


def _by_operation(steps: Sequence[SyncStep]) -> dict[str, list[SyncStep]]:
    groups: dict[str, list[SyncStep]] = {}
    for step in steps:
        groups.setdefault(step.operation, []).append(step)
    return groups


def _summed(steps: Sequence[SyncStep]) -> dict[str, Any]:
    """Counts are summed; words are those of the worst outcome met. A step that has not ended has the outcome null."""
    worst = max(steps, key=lambda step: RANKS.index(step.outcome) if step.outcome else -1)
    totals = [step.provider_total for step in steps if step.provider_total is not None]
    return {
        "outcome": worst.outcome or None,
        "code": worst.code,
        "message": worst.message,
        "advice": worst.advice,
        "source": worst.source,
        **{name: sum(getattr(step, name) for step in steps) for name in ("items", "created", "updated", "unchanged")},
        "provider_total": sum(totals) if totals else None,
    }


def _newest_events(run: SyncRun) -> list[Any]:
    return list(run.events.order_by("-id").values("at", "level", "text")[:EVENTS])[::-1]


def _event(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "at": _iso(row["at"])}


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None
