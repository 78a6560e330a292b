"""A run as others see it: the JSON that commands print and the status address returns."""

from collections import Counter
from typing import Any

from django.db.models import Case, Count, Min, Q, QuerySet, Sum, Value, When

from conferences.iso import utc
from conferences.models import Conference, SyncEvent, SyncItem, SyncRun, SyncStep
from conferences.sync.outcome import RANKS, SUCCESSES, counted
from conferences.sync.pace import DAILY_LIMIT, eta_seconds
from conferences.sync.share import part, sentence

EVENTS = 500  # the newest ones
COUNTS = ("items", "created", "updated", "unchanged", "provider_total")
COSTS = ("requests", "retries", "throttled", "waited_seconds")


def result(run: SyncRun) -> dict[str, Any]:
    """The shape that design and README state under “Result”; times are UTC in ISO 8601."""
    return _told(run, run.items.all(), run.events.all())


def result_for(run: SyncRun, conference: Conference) -> dict[str, Any]:
    """The same of one conference: of an account-wide run only its own part, and nothing of the others'."""
    item = part(conference, run)
    if run.conference_id or item is None:
        return result(run)
    steps = list(item.steps.all())
    told = _told(run, run.items.filter(pk=item.pk), run.events.filter(item=item))
    ended = sum(1 for step in steps if step.outcome)
    return told | {
        "status": item.shown_state,
        "success": item.shown_state in SyncRun.GOOD,
        "message": sentence(item, steps),
        "progress": 100 * ended // max(1, len(steps)),
        "eta_seconds": None,
    }


def _told(run: SyncRun, items: "QuerySet[SyncItem]", events: "QuerySet[SyncEvent]") -> dict[str, Any]:
    steps = summed(SyncStep.objects.filter(item__in=items))
    states = Counter(dict(items.order_by().values_list("state").annotate(Count("pk"))))
    return {
        "run": run.pk,
        "status": run.state,
        "success": run.state in SyncRun.GOOD,
        "code": run.code,
        "message": run.message,
        "progress": run.progress,
        "phase": run.phase,
        "resumes_at": utc(run.resumes_at),
        "eta_seconds": eta_seconds(run),
        "requests": sum(step["requests"] for step in steps.values()),
        "items_processed": sum(step["items"] for step in steps.values()),
        "warnings": _warnings(run, events.filter(level="warning")),
        "items": {
            "total": states.total(),
            "done": states[SyncItem.State.DONE],
            "failed": states[SyncItem.State.FAILED],
        },
        "steps": steps,
        "events": [_event(row) for row in _newest_events(events)],
    }


def _warnings(run: SyncRun, warnings: "QuerySet[SyncEvent]") -> list[str]:
    """Each once, with how often it was told. Of its pauses only the one that lasts: the others are history, for the
    log."""
    texts = list(warnings.exclude(code=DAILY_LIMIT).values_list("text", flat=True))
    if run.state == SyncRun.State.PAUSED:
        texts += warnings.filter(code=DAILY_LIMIT).values_list("text", flat=True).order_by("-id")[:1]
    return [text if times == 1 else f"{text} ({times} times)" for text, times in Counter(texts).items()]


def summed(steps: "QuerySet[SyncStep]") -> dict[str, dict[str, Any]]:
    """By operation, in the order of the steps: counts are summed by the database, however many items there are.

    Words are those of the worst outcome met; where all went well, of all together. A step that has not ended has the
    outcome null.
    """
    rank = Case(*(When(outcome=name, then=Value(index)) for index, name in enumerate(RANKS)), default=Value(-1))
    worst = steps.annotate(rank=rank).order_by("operation", "-rank", "position", "pk").distinct("operation")
    words = {step.operation: step for step in worst}
    synced = Count("pk", filter=Q(outcome=SyncStep.Outcome.SYNCED))
    totals = [Sum(name) for name in (*COUNTS, *COSTS)]
    sums = steps.order_by().values("operation").annotate(*totals, first=Min("pk"), steps=Count("pk"), synced=synced)
    ordered: Any = sums.annotate(place=Min("position")).order_by("place", "first")
    return {row["operation"]: _summed(words[row["operation"]], row) for row in ordered}


def outcomes(steps: "QuerySet[SyncStep]") -> dict[str, dict[str, int]]:
    """By operation, how many came to which outcome; "" for those that have not ended."""
    found: dict[str, dict[str, int]] = {}
    for operation, outcome, count in (
        steps.order_by("outcome").values_list("operation", "outcome").annotate(Count("pk"))
    ):
        found.setdefault(operation, {})[outcome] = count
    return found


def _summed(worst: SyncStep, sums: dict[str, Any]) -> dict[str, Any]:
    words = {name: getattr(worst, name) for name in ("outcome", "code", "message", "advice")}
    if worst.outcome in SUCCESSES and sums["synced"] and sums["steps"] > 1:
        told = f"{counted(worst.operation, sums['items__sum'])} synced."
        words = {"outcome": "synced", "code": "synced", "message": told, "advice": ""}
    return {
        **words,
        "outcome": words["outcome"] or None,
        "source": worst.source,
        **{name: sums[f"{name}__sum"] for name in (*COUNTS, *COSTS)},
    }


def _newest_events(events: "QuerySet[SyncEvent]") -> list[Any]:
    return list(events.order_by("-id").values("at", "level", "text")[:EVENTS])[::-1]


def _event(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "at": utc(row["at"])}
