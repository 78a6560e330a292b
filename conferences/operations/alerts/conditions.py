"""What is wrong right now? For each kind of rule a handful of statements, and a sentence for each thing that is."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Max, Min, Q
from django.db.models.functions import Coalesce

from conferences.models import AlertRule, Connection, SyncRun
from conferences.operations.alerts.news import NEWS, new_error
from conferences.operations.alerts.scene import Met, Scene
from conferences.operations.gathering import DAY, SILENT_LEASES
from conferences.operations.refusal import WHAT_TO_DO
from conferences.standing import authorization_row
from conferences.wording import counted

Kind = AlertRule.Kind

# Permissions that nobody uses end; the shortest known life of one is this.
UNUSED_LIFE = 90 * DAY


def met(rule: AlertRule, scene: Scene) -> list[Met]:
    """What the rule asks to be told of."""
    found = _CONDITIONS[Kind(rule.kind)](rule.threshold, scene)
    everywhere = rule.connection_id is None
    return [each for each in found if everywhere or each.connection in {None, rule.connection_id}]


def _success_rate(percent: float, scene: Scene) -> Iterator[Met]:
    """By the newest sync of each class or account: what succeeded when it was tried again is mended."""
    ended = SyncRun.objects.filter(finished_at__gt=scene.now - DAY, state__in=[*SyncRun.GOOD, SyncRun.State.FAILED])
    newest = ended.order_by("connection_id", "conference_id", "-finished_at", "-pk").distinct(
        "connection_id", "conference_id"
    )
    rates = SyncRun.objects.filter(pk__in=newest.values("pk")).order_by().values_list("connection")
    for pk, tried, good in rates.annotate(tried=Count("pk"), good=Count("pk", filter=Q(state__in=SyncRun.GOOD))):
        if 100 * good < percent * tried:
            told = f"{scene.names[pk]}: {good} of {tried} synced well within a day, less than {percent:g} %."
            yield Met(pk, "", f"{told} The newest errors say why.")


def _no_good_sync(hours: float, scene: Scene) -> Iterator[Met]:
    """Only where somebody has tried since: what nobody asked for cannot be late."""
    runs = SyncRun.objects.order_by().values_list("connection")
    last_good = dict(runs.annotate(last=Max("finished_at", filter=Q(state__in=SyncRun.GOOD))))
    since = Q()
    for pk, at in last_good.items():
        since |= Q(connection=pk, created_at__gt=at) if at else Q(connection=pk)
    in_vain = runs.filter(since).exclude(state=SyncRun.State.CANCELLED)
    for pk, first, tries in in_vain.annotate(first=Min("created_at"), tries=Count("pk")):
        began = last_good[pk] or first
        if scene.now - began > timedelta(hours=hours):
            length = _length(scene.now - began)
            times = "once" if tries == 1 else f"{tries:,} times"
            told = f"{scene.names[pk]}: no good sync for {length}, though it was asked for {times} since."
            yield Met(pk, "", f"{told} Look at its newest errors, and check the connection.")


def _stale_run(minutes: float, scene: Scene) -> Iterator[Met]:
    """Never sooner than another worker takes over. One that was ended for its silence is news for an hour."""
    lease = timedelta(seconds=SILENT_LEASES * settings.SYNC_LEASE_SECONDS)
    silent = Q(state=SyncRun.State.RUNNING, beat__lt=scene.now - max(lease, timedelta(minutes=minutes)))
    ended = Q(code="stale", finished_at__gt=scene.now - NEWS)
    runs = SyncRun.objects.annotate(beat=Coalesce("heartbeat_at", "started_at")).filter(silent | ended)
    for run in runs.select_related("connection", "conference").order_by("pk"):
        what = f"{run.connection.name}: run {run.pk} of {run.conference or 'the whole account'}"
        if run.is_active:
            told = f"has shown no sign of life for {_length(scene.now - run.beat)}. See whether a worker is running."
        else:
            told = "lost its worker and has failed. See the worker's log, then sync again."
        yield Met(run.connection_id, f"run {run.pk}", f"{what} {told}")


def _connection_refused(days: float, scene: Scene) -> Iterator[Met]:
    for each in scene.connections:
        if scene.facts[each.pk].refusal:
            yield Met(each.pk, "refused", f"{each.name} cannot be used: {scene.facts[each.pk].refusal}")
        else:
            yield from _secret_expiring(each, days, scene.now)
            yield from _permission_expiring(each, days, scene.now)


def _secret_expiring(connection: Connection, days: float, now: datetime) -> Iterator[Met]:
    if connection.secret_expires_on is None:
        return
    left = (connection.secret_expires_on - now.date()).days
    if left < days:
        when = f"expires on {connection.secret_expires_on}" if left >= 0 else "has expired by what was noted here"
        yield Met(connection.pk, "secret", f"{connection.name}: its secret {when}. {WHAT_TO_DO}")


def _permission_expiring(connection: Connection, days: float, now: datetime) -> Iterator[Met]:
    authorization = authorization_row(connection)
    if authorization is None or not authorization.is_live:
        return
    left = authorization.renewed_at + UNUSED_LIFE - now
    if left < timedelta(days=days):
        told = f"was last used {_length(now - authorization.renewed_at)} ago, and ends unless it is used soon."
        yield Met(connection.pk, "expiring", f"{connection.name}: its permission {told} Check or sync it once.")


def _queue_growing(minutes: float, scene: Scene) -> Iterator[Met]:
    for pk, facts in scene.facts.items():
        if facts.waiting and facts.waiting_seconds > 60 * minutes:
            waits = _length(timedelta(seconds=facts.waiting_seconds))
            syncs = f"{counted(facts.waiting, 'sync')} {'waits' if facts.waiting == 1 else 'wait'}"
            told = f"{scene.names[pk]}: {syncs} for a worker, the oldest for {waits}."
            yield Met(pk, "", f"{told} See whether a worker is running; if all are busy, start another.")


def _paused_run(count: float, scene: Scene) -> Iterator[Met]:
    """All of a connection at once: one limit has paused them."""
    for pk, facts in scene.facts.items():
        if facts.paused > count:
            yield Met(pk, "", f"{scene.names[pk]}: {facts.pause}")


def _system(_: float, scene: Scene) -> Iterator[Met]:
    for what, told in scene.system.named_troubles.items():
        yield Met(None, what, told)


def _length(span: timedelta) -> str:
    minutes = max(0, int(span.total_seconds() // 60))
    for unit, size in (("day", 1440), ("hour", 60)):
        if minutes >= 2 * size:
            return f"{minutes // size} {unit}s"
    return counted(minutes, "minute") if minutes else "less than a minute"


_CONDITIONS: dict[AlertRule.Kind, Callable[[float, Scene], Iterable[Met]]] = {
    Kind.SUCCESS_RATE: _success_rate,
    Kind.NO_GOOD_SYNC: _no_good_sync,
    Kind.STALE_RUN: _stale_run,
    Kind.CONNECTION_REFUSED: _connection_refused,
    Kind.QUEUE_GROWING: _queue_growing,
    Kind.PAUSED_RUN: _paused_run,
    Kind.NEW_ERROR: new_error,
    Kind.SYSTEM: _system,
}
