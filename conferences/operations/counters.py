"""What is counted of runs, steps and errors, for monitors that want totals which never fall.

A series is a name with its labels. The label `connection` is the connection's number: names change, and tell who it is.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, F, Model, QuerySet, Sum

from conferences.models import RetiredTotal, SyncError, SyncRun, SyncStep

Series = tuple[str, tuple[tuple[str, str], ...]]
Totals = Counter[Series]
FATES = ("created", "updated", "unchanged")
COSTS = {
    "requests": "lms_provider_requests_total",
    "retries": "lms_provider_retries_total",
    "throttled": "lms_provider_throttled_total",
    "waited_seconds": "lms_provider_waited_seconds_total",
}


def totals(rows: "QuerySet[Any]") -> Totals:
    """What these runs, steps or errors count for; by one statement."""
    found: Totals = Counter()
    for name, labels, value in _READERS[rows.model](rows.order_by()):
        found[_series(name, labels)] += value
    return found


def all_time() -> Totals:
    """Of one moment: what is deleted meanwhile counts once, neither twice nor not at all."""
    alone = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if alone:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        found: Totals = Counter(retired())
        for model in COUNTED:
            found.update(totals(model._default_manager.all()))
        return found


def retire(rows: "QuerySet[Any]", but: Collection[str] = ()) -> None:
    """Keeps what rows count for that are deleted in the same transaction, or will count anew but for some names.

    They must be locked, or it counts twice.
    """
    for (name, labels), value in totals(rows).items():
        if name in but:
            continue
        kept, _ = RetiredTotal.objects.get_or_create(name=name, labels=dict(labels))
        RetiredTotal.objects.filter(pk=kept.pk).update(value=F("value") + value)


def retired() -> dict[Series, float]:
    """What rows had counted for that are deleted by now."""
    rows = RetiredTotal.objects.values_list("name", "labels", "value")
    return {_series(name, labels): value for name, labels, value in rows}


def _series(name: str, labels: dict[str, Any]) -> Series:
    return name, tuple(sorted((label, str(value)) for label, value in labels.items()))


Amounts = Iterator[tuple[str, dict[str, Any], Any]]


def _of_runs(runs: "QuerySet[SyncRun]") -> Amounts:
    """Those that have ended: an active one counts when its state is known."""
    ended = runs.filter(state__in=SyncRun.ENDED)
    for of, mode, state, count in ended.values_list("connection", "mode", "state").annotate(Count("pk")):
        yield "lms_sync_runs_total", {"connection": of, "mode": mode, "state": state}, count


def _of_steps(steps: "QuerySet[SyncStep]") -> Amounts:
    kinds: Any = steps.values("operation", "outcome", connection=F("item__run__connection"))
    for row in kinds.annotate(steps=Count("pk"), **{name: Sum(name) for name in (*FATES, *COSTS)}):
        of = {"connection": row["connection"]}
        operation = {**of, "operation": row["operation"]}
        if row["outcome"]:
            yield "lms_sync_steps_total", {**operation, "outcome": row["outcome"]}, row["steps"]
            # Whoever goes on with a step that has not ended counts its rows anew, and its costs on.
            for fate in FATES:
                yield "lms_sync_rows_total", {**operation, "fate": fate}, row[fate]
        for cost, name in COSTS.items():
            yield name, of, row[cost]


def _of_errors(errors: "QuerySet[SyncError]") -> Amounts:
    kinds = errors.values_list("connection", "error_class", "code").annotate(Sum("times"))
    for of, error_class, code, times in kinds:
        yield "lms_sync_errors_total", {"connection": of, "error_class": error_class, "code": code}, times


_READERS: dict[type[Model], Callable[..., Amounts]] = {
    SyncRun: _of_runs,
    SyncStep: _of_steps,
    SyncError: _of_errors,
}
COUNTED = tuple(_READERS)
