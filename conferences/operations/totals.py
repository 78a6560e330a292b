"""What all syncs add up to: counters that never fall, not even when old logs are deleted or a run is gone on with."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, F, QuerySet, Sum

from conferences.models import RetiredTotal, SyncError, SyncRun, SyncStep

RUNS, STEPS, ROWS, ERRORS = (
    "lms_sync_runs_total",
    "lms_sync_steps_total",
    "lms_sync_rows_total",
    "lms_sync_errors_total",
)
COSTS = {
    "lms_provider_requests_total": "requests",
    "lms_provider_retries_total": "retries",
    "lms_provider_throttled_total": "throttled",
    "lms_provider_waited_seconds_total": "waited_seconds",
}
LABELS = {
    RUNS: ("connection", "mode", "state"),
    STEPS: ("connection", "operation", "outcome"),
    **dict.fromkeys(COSTS, ("connection",)),
    ROWS: ("connection", "operation", "fate"),
    ERRORS: ("connection", "error_class", "code"),
}
FATES = ("created", "updated", "unchanged")
ENDED = (SyncRun.State.SUCCEEDED, SyncRun.State.PARTIAL, SyncRun.State.FAILED, SyncRun.State.CANCELLED)
OF_STEP = F("item__run__connection")


@dataclass(frozen=True, slots=True)
class Sample:
    """labels  their values, in the order of LABELS[name]; a connection is told by its number"""

    name: str
    labels: tuple[str, ...]
    value: float


Totals = dict[tuple[str, tuple[str, ...]], float]


def of_runs(runs: "QuerySet[SyncRun]") -> Iterator[Sample]:
    ended = runs.filter(state__in=ENDED).order_by()
    for *labels, count in ended.values_list("connection", "mode", "state").annotate(Count("pk")):
        yield _sample(RUNS, labels, count)


def of_endings(steps: "QuerySet[SyncStep]") -> Iterator[Sample]:
    """Of the steps that have ended. What one stores that is still at it may be counted anew by another worker."""
    ended = steps.exclude(outcome="").order_by().values_list(OF_STEP, "operation", "outcome")
    for of, operation, outcome, count, *stored in ended.annotate(Count("pk"), *map(Sum, FATES)):
        yield _sample(STEPS, (of, operation, outcome), count)
        for fate, rows in zip(FATES, stored, strict=True):
            yield _sample(ROWS, (of, operation, fate), rows)


def of_costs(steps: "QuerySet[SyncStep]") -> Iterator[Sample]:
    """Also of steps that are still at it: whoever goes on with one goes on counting."""
    for of, *costs in steps.order_by().values_list(OF_STEP).annotate(*map(Sum, COSTS.values())):
        yield from (_sample(name, (of,), cost) for name, cost in zip(COSTS, costs, strict=True))


def of_errors(errors: "QuerySet[SyncError]") -> Iterator[Sample]:
    told = errors.order_by().values_list("connection", "error_class", "code")
    for *labels, times in told.annotate(Sum("times")):
        yield _sample(ERRORS, labels, times)


def counters() -> Totals:
    """Of one moment: what is deleted meanwhile is counted once, neither twice nor not at all."""
    alone = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if alone:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return _added_up(_all())


def retire(samples: Iterable[Sample]) -> None:
    """Before their rows are deleted, or made to count anew, in the same transaction."""
    for (name, labels), value in _added_up(samples).items():
        named = dict(zip(LABELS[name], labels, strict=True))
        row, _ = RetiredTotal.objects.get_or_create(name=name, labels=named)
        RetiredTotal.objects.filter(pk=row.pk).update(value=F("value") + value)


def _all() -> Iterator[Sample]:
    yield from of_runs(SyncRun.objects.all())
    yield from of_endings(SyncStep.objects.all())
    yield from of_costs(SyncStep.objects.all())
    yield from of_errors(SyncError.objects.all())
    for name, labels, value in RetiredTotal.objects.filter(name__in=LABELS).values_list("name", "labels", "value"):
        yield _sample(name, [labels.get(label, "") for label in LABELS[name]], value)


def _added_up(samples: Iterable[Sample]) -> Totals:
    totals: Totals = defaultdict(float)
    for sample in samples:
        totals[sample.name, sample.labels] += sample.value
    return totals


def _sample(name: str, labels: Iterable[Any], value: float) -> Sample:
    return Sample(name, tuple(map(str, labels)), value)
