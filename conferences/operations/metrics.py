"""What Prometheus is told, read from the rows at each scrape: any server tells the same, and no restart loses it."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count, Min
from django.db.models.functions import Coalesce, Extract, Now
from django.utils import timezone
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from conferences.models import Alert, AlertRule, Connection, SyncItem, SyncRun, SyncStep
from conferences.operations.counters import all_time
from conferences.operations.durations import SECONDS, Percentile
from conferences.operations.overview import overview
from conferences.operations.workers import Condition
from conferences.sync.room import claimable, unattended

RECENT = timedelta(days=1)
QUANTILES = (0.5, 0.9, 0.99)
# What each counts, and its labels beside that of the connection.
COUNTERS = {
    "lms_sync_runs_total": ("Runs that have ended.", ["mode", "state"]),
    "lms_sync_steps_total": ("Operations that have ended.", ["operation", "outcome"]),
    "lms_sync_rows_total": ("What ended operations created, updated, or found unchanged.", ["operation", "fate"]),
    "lms_sync_errors_total": ("Errors, also those that another try overcame.", ["error_class", "code"]),
    "lms_provider_requests_total": ("Calls made to providers.", []),
    "lms_provider_retries_total": ("Calls that were made again.", []),
    "lms_provider_throttled_total": ("Times that a provider asked to slow down.", []),
    "lms_provider_waited_seconds_total": ("Waited for our own pace, after faults, and as asked.", []),
}


def exposition() -> bytes:
    """In the text format. Raises django.db.Error."""
    registry = CollectorRegistry()
    registry.register(_Rows())
    return generate_latest(registry)


class _Rows(Collector):
    def describe(self) -> list[Metric]:
        """Nothing needs to be read for being registered."""
        return []

    def collect(self) -> Iterator[Metric]:
        yield _connections()
        yield from _counters()
        yield from _queue()
        yield from _condition()
        yield _alerts()
        yield _durations()


def _gauge(name: str, told: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"lms_{name}", told, labels=labels)


def _connections() -> Metric:
    info = _gauge("connection_info", "Always 1; names the connections.", "connection", "provider", "name")
    for pk, provider, name in Connection.objects.order_by("pk").values_list("pk", "provider", "name"):
        info.add_metric([str(pk), provider, name], 1)
    return info


def _counters() -> Iterator[Metric]:
    families = {
        name: CounterMetricFamily(name, told, labels=["connection", *labels])
        for name, (told, labels) in COUNTERS.items()
    }
    for (name, labels), value in sorted(all_time().items()):
        values = dict(labels)
        families[name].add_metric([values[label] for label in ("connection", *COUNTERS[name][1])], value)
    yield from families.values()


def _queue() -> Iterator[Metric]:
    """What is under way, and what nobody works on though there is something to do."""
    runs = _gauge("sync_runs_open", "Runs that wait, are under way, or are paused.", "state")
    states = SyncRun.objects.filter(state__in=SyncRun.OPEN).order_by().values_list("state").annotate(Count("pk"))
    for state, count in {**dict.fromkeys(SyncRun.OPEN, 0), **dict(states)}.items():
        runs.add_metric([state], count)
    yield runs

    items = _gauge("sync_items_waiting", "Conferences of active runs that no worker holds.", "connection")
    waiting = SyncItem.objects.filter(claimable(), run__state__in=SyncRun.ACTIVE).order_by()
    for pk, count in waiting.values_list("run__connection").annotate(Count("pk")):
        items.add_metric([str(pk)], count)
    yield items

    oldest = _gauge("sync_oldest_waiting_seconds", "For how long the oldest run waits that nobody works on.")
    age = Extract(Now() - Min(Coalesce("heartbeat_at", "created_at")), "epoch")
    oldest.add_metric([], float(unattended().order_by().aggregate(age=age)["age"] or 0))
    yield oldest


def _condition() -> Iterator[Metric]:
    found = overview()
    workers = _gauge("workers", "Worker processes: well, alive but deaf to work, or lost.", "condition")
    for condition in Condition:
        workers.add_metric([condition], getattr(found.system, condition))
    yield workers
    yield GaugeMetricFamily("lms_broker_up", "Whether the broker answers.", float(found.system.broker))
    yield GaugeMetricFamily("lms_broker_messages", "Messages that no worker has taken yet.", found.system.messages)

    scores = _gauge("health_score", "From 0 to 100; none while nothing is known.", "connection")
    for each in found.connections:
        if each.health.score is not None:
            scores.add_metric([str(each.connection.pk)], each.health.score)
    yield scores
    overall = _gauge("health_overall_score", "Of all connections together, from 0 to 100.")
    if found.health.score is not None:
        overall.add_metric([], found.health.score)
    yield overall


def _alerts() -> Metric:
    alerts = _gauge("alerts_open", "Alerts that are open.", "kind")
    kinds = Alert.objects.filter(state=Alert.State.OPEN).order_by().values_list("rule__kind").annotate(Count("pk"))
    for kind, count in {**dict.fromkeys(AlertRule.Kind.values, 0), **dict(kinds)}.items():
        alerts.add_metric([kind or "deleted rule"], count)
    return alerts


def _durations() -> Metric:
    seconds = _gauge(
        "sync_step_seconds", "How long operations took that ended within a day.", "connection", "operation", "quantile"
    )
    ended = SyncStep.objects.filter(finished_at__gte=timezone.now() - RECENT, started_at__isnull=False).exclude(
        outcome=""
    )
    took = ended.annotate(seconds=SECONDS).order_by()
    shares = {f"of_{share}": Percentile("seconds", share=share) for share in QUANTILES}
    for pk, operation, *values in took.values_list("item__run__connection_id", "operation").annotate(**shares):
        for share, value in zip(QUANTILES, values, strict=True):
            seconds.add_metric([str(pk), operation, str(share)], value)
    return seconds
