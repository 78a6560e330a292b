"""What stands above the admin's index for those who may operate: how it goes, and what waits for somebody."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django.db.models import Count
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from conferences.models import Alert, Connection, SyncItem, SyncRun
from conferences.operations.health import Health
from conferences.operations.overview import ConnectionHealth, overview
from conferences.standing import in_short

SHOWN, DAY = 20, timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many, and where they are listed."""

    label: str
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class Line:
    """A connection with what the last check and the last run of it came to; `last` None where there was none."""

    connection: Connection
    health: Health
    standing: str
    last: SyncRun | None


@dataclass(frozen=True, slots=True)
class Dashboard:
    """`more`: connections that are not shown, all of them no worse than those that are."""

    health: Health
    lines: Sequence[Line]
    more: int
    tallies: Sequence[Tally]


def dashboard() -> Dashboard:
    found = overview()
    shown = found.connections[:SHOWN]
    return Dashboard(found.health, _lines(shown), len(found.connections) - len(shown), _tallies())


def _lines(shown: Sequence[ConnectionHealth]) -> list[Line]:
    pks = [each.connection.pk for each in shown]
    newest = {run.connection_id: run for run in SyncRun.objects.filter(pk__in=_newest_runs(pks))}
    return [
        Line(each.connection, each.health, in_short(each.connection), newest.get(each.connection.pk)) for each in shown
    ]


def _newest_runs(connections: Sequence[int]) -> list[int]:
    runs = SyncRun.objects.filter(connection__in=connections).order_by("connection_id", "-id").distinct("connection_id")
    return list(runs.values_list("pk", flat=True))


def _tallies() -> list[Tally]:
    waiting = SyncRun.objects.filter(state__in=SyncRun.OPEN).order_by()
    counted = Counter(dict(waiting.values_list("state").annotate(Count("pk"))))
    paused = counted.pop(SyncRun.State.PAUSED, 0)
    failed = SyncItem.objects.filter(state=SyncItem.State.FAILED, run__created_at__gt=Now() - DAY)
    since = (timezone.now() - DAY).isoformat(timespec="seconds")
    return [
        Tally("active runs", counted.total(), _runs(liveness="active")),
        Tally("paused runs", paused, _runs(state__exact="paused")),
        Tally("failed items of a day", failed.count(), _runs(failures="items", created_at__gte=since)),
        Tally("open alerts", Alert.objects.filter(state=Alert.State.OPEN).count(), reverse("operations:alerts")),
    ]


def _runs(**query: str) -> str:
    return f"{reverse('admin:conferences_syncrun_changelist')}?{urlencode(query)}"
