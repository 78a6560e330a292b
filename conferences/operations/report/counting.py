"""Counted by the database, in a statement for each part of the report, however many rows there are."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Avg, Count, FloatField, Max, Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, Extract, Trunc
from django.utils import timezone

from conferences.models import Connection, SyncError, SyncItem, SyncRun, SyncStep
from conferences.operations.durations import SECONDS, Percentile
from conferences.operations.report.figures import (
    PERCENTILES,
    Bucket,
    Durations,
    ErrorFigures,
    OperationFigures,
    Report,
    Runs,
    Slow,
    Traffic,
)
from conferences.operations.report.period import HOUR, Period

SLOWEST, KINDS_OF_ERROR = 10, 50
COSTS = ("requests", "retries", "throttled", "waited_seconds", "items", "created", "updated", "unchanged")


def report(period: Period) -> Report:
    runs = SyncRun.objects.filter(created_at__gte=period.starts_at, created_at__lt=period.ends_at)
    named = Connection.objects.order_by("name", "pk")
    if period.connections:
        runs, named = runs.filter(connection__in=period.connections), named.filter(pk__in=period.connections)
    steps = SyncStep.objects.filter(item__run__in=runs.order_by().values("pk"))
    return Report(
        period,
        [str(each) for each in named],
        _runs(runs),
        list(_operations(steps)),
        Traffic(**steps.aggregate(**{name: Coalesce(Sum(name), _nothing(name)) for name in COSTS})),
        list(_errors(SyncError.objects.filter(run__in=runs.order_by().values("pk")))),
        list(_slowest(runs)),
        list(_series(runs, period)),
    )


def _nothing(name: str) -> float:
    return 0.0 if name == "waited_seconds" else 0


def _durations() -> dict[str, Any]:
    """Aggregates over rows that are annotated with `seconds`."""
    shares = {f"p{percent}": Percentile("seconds", share=percent / 100) for percent in PERCENTILES}
    return {"timed": Count("seconds"), "mean": Avg("seconds"), "longest": Max("seconds"), **shares}


def _as_durations(row: dict[str, Any]) -> Durations:
    told = {percent: row[f"p{percent}"] for percent in PERCENTILES if row[f"p{percent}"] is not None}
    return Durations(row["timed"], row["mean"], row["longest"], told)


def _runs(runs: "QuerySet[SyncRun]") -> Runs:
    states = dict(runs.order_by().values_list("state").annotate(Count("pk")))
    ended = runs.filter(started_at__isnull=False, finished_at__isnull=False).annotate(seconds=SECONDS)
    return Runs(sum(states.values()), states, _as_durations(ended.order_by().aggregate(**_durations())))


def _operations(steps: "QuerySet[SyncStep]") -> Iterator[OperationFigures]:
    outcomes = {name: Count("pk", filter=Q(outcome=name)) for name in SyncStep.Outcome.values}
    sums = {f"all_{name}": Sum(name) for name in ("items", "created", "updated", "requests")}
    ended: Any = steps.exclude(outcome="").annotate(seconds=SECONDS).order_by().values("operation")
    for row in ended.annotate(**outcomes, **sums, **_durations()).order_by("operation"):
        told = {name: row[name] for name in outcomes if row[name]}
        items, created, updated, requests = (row[name] for name in sums)
        yield OperationFigures(row["operation"], told, items, created, updated, requests, _as_durations(row))


def _errors(errors: "QuerySet[SyncError]") -> Iterator[ErrorFigures]:
    """The most frequent kinds first, each with its latest as the example."""
    newest = errors.order_by("error_class", "code", "-last_at", "-pk").distinct("error_class", "code")
    examples = {(each.error_class, each.code): each for each in newest}
    kinds = (
        errors.order_by()
        .values_list("error_class", "code")
        .annotate(all_times=Sum("times"), all_runs=Count("run", distinct=True))
    )
    for error_class, code, times, runs in kinds.order_by("-all_times", "error_class", "code")[:KINDS_OF_ERROR]:
        example = examples[error_class, code]
        yield ErrorFigures(error_class, code, times, runs, example.last_at, example.message, example.request_id)


def _slowest(runs: "QuerySet[SyncRun]") -> Iterator[Slow]:
    """By the longest sync of each conference: from its first step's beginning to its last one's end."""
    items: Any = (
        SyncItem.objects.filter(run__in=runs.order_by().values("pk"), conference__isnull=False)
        .order_by()
        .values("pk", "conference", "conference__title", "conference__connection__name")
        .annotate(
            seconds=Extract(Max("steps__finished_at") - Min("steps__started_at"), "epoch", output_field=FloatField()),
            all_requests=Sum("steps__requests"),
            all_items=Sum("steps__items"),
        )
        .filter(seconds__isnull=False)
        .order_by("-seconds", "pk")
    )
    seen: set[int] = set()
    for row in items[: SLOWEST * 5]:
        if row["conference"] not in seen and len(seen) < SLOWEST:
            seen.add(row["conference"])
            title, of = row["conference__title"], row["conference__connection__name"]
            yield Slow(row["conference"], title, of, row["seconds"], row["all_requests"], row["all_items"])


def _series(runs: "QuerySet[SyncRun]", period: Period) -> Iterator[Bucket]:
    """Every hour or day of the period, those without any run too; days are the site's."""
    kind = "hour" if period.step == HOUR else "day"
    zone = UTC if kind == "hour" else timezone.get_current_timezone()
    began: Any = runs.annotate(began=Trunc("created_at", kind, tzinfo=zone)).order_by().values("began")
    counts = began.annotate(all=Count("pk"), bad=Count("pk", filter=Q(state=SyncRun.State.FAILED)))
    counted = {row["began"].astimezone(UTC): (row["all"], row["bad"]) for row in counts}
    costs = began.annotate(
        requests=Coalesce(Sum("items__steps__requests"), 0), items=Coalesce(Sum("items__steps__items"), 0)
    )
    cost = {row["began"].astimezone(UTC): (row["requests"], row["items"]) for row in costs}
    for moment in _moments(period, kind, zone):
        yield Bucket(moment, *counted.get(moment, (0, 0)), *cost.get(moment, (0, 0)))


def _moments(period: Period, kind: str, zone: Any) -> Iterator[datetime]:
    """In wall time, so that a day of 23 or 25 hours is one bar as well."""
    local = period.starts_at.astimezone(zone).replace(minute=0, second=0, microsecond=0, tzinfo=None)
    local = local if kind == "hour" else local.replace(hour=0)
    step = timedelta(hours=1) if kind == "hour" else timedelta(days=1)
    while (moment := local.replace(tzinfo=zone).astimezone(UTC)) < period.ends_at:
        yield moment
        local += step
