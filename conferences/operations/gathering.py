"""Facts of all connections at once, by a handful of statements however many rows there are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from conferences.checking import PERMITTED
from conferences.models import Conference, Connection, ErrorClass, SyncError, SyncItem, SyncRun, SyncStep
from conferences.operations import broker
from conferences.operations.disk import Room, room, was_full_lately
from conferences.operations.facts import Facts, System
from conferences.operations.paused import paused_by_connection
from conferences.operations.refusal import REFUSING, Evidence, proved, refusal
from conferences.operations.workers import Condition, workers
from conferences.sync.outcome import SUCCESSES
from conferences.sync.room import unattended
from conferences.sync.store.incomplete import FINAL

DAY = timedelta(days=1)
TRIED_WITHIN, ENDED_WITHIN = 7 * DAY, 14 * DAY
# A beat comes every few seconds, also while a worker waits as it was asked to.
SILENT_LEASES = 2
OF_ITEM = "item__run__connection_id"

Figures = dict[int, dict[str, Any]]


def system() -> System:
    asked, conditions = broker.ask(), [worker.condition for worker in workers()]
    well, deaf, lost = (conditions.count(each) for each in (Condition.WELL, Condition.DEAF, Condition.LOST))
    space = room()
    return System(
        asked.answers,
        asked.messages,
        well,
        deaf,
        lost,
        room=space is not Room.FULL,
        open=space is not Room.CLOSED,
        mute=was_full_lately(),
    )


def gather(connections: Iterable[Connection]) -> dict[int, Facts]:
    """By the connection's number. Their authorizations are best selected along."""
    now = timezone.now()
    ended, runs, since = _ended(now), _runs(now), now - TRIED_WITHIN
    vain = _vain(runs)
    classes, errors, waiting = _classes(now), _errors(now), _waiting()
    refused, worked, paused = _refused(since), _worked(since), paused_by_connection(now)

    def facts(each: Connection) -> Facts:
        one = runs.get(each.pk, {})
        evidence = Evidence(**refused.get(each.pk, {}), **worked.get(each.pk, {}))
        queue = waiting.get(each.pk, {"waiting": 0, "since": None})
        return Facts(
            refusal=refusal(each, evidence, tried=bool(one)),
            proved=proved(each, evidence, since),
            **_outcomes(each, ended.get(each.pk, [])),
            **classes.get(each.pk, {}),
            **errors.get(each.pk, {}),
            **paused.get(each.pk, {}),
            runs=one.get("recent", 0),
            stale=one.get("lost", 0),
            vain_days=_seconds(now, vain.get(each.pk, {}).get("since")) / DAY.total_seconds(),
            waiting=queue["waiting"],
            waiting_seconds=_seconds(now, queue["since"]),
        )

    return {each.pk: facts(each) for each in connections}


def _seconds(now: datetime, since: datetime | None) -> float:
    return max(0.0, (now - since).total_seconds()) if since else 0.0


def _figures(rows: Iterable[Any], key: str = "connection") -> Figures:
    return {row.pop(key): row for row in rows}


@dataclass(frozen=True, slots=True)
class _Ended:
    """How many classes an operation ended so for when it was last tried, and when it last did."""

    operation: str
    outcome: str
    count: int
    last_at: datetime


def _ended(now: datetime) -> dict[int, list[_Ended]]:
    """Of each class and operation only the newest ending counts: what was mended since is no failure any more."""
    tried = SyncStep.objects.filter(finished_at__gte=now - TRIED_WITHIN).exclude(outcome="")
    newest = tried.order_by(OF_ITEM, "item__conference_id", "operation", "-finished_at", "-pk").distinct(
        OF_ITEM, "item__conference_id", "operation"
    )
    rows = (
        SyncStep.objects.filter(pk__in=newest.values("pk"))
        .order_by(OF_ITEM, "operation")
        .values_list(OF_ITEM, "operation", "outcome")
        .annotate(count=Count("pk"), last_at=Max("finished_at"))
    )
    ended: dict[int, list[_Ended]] = {}
    for pk, *rest in rows:
        ended.setdefault(pk, []).append(_Ended(*rest))
    return ended


def _outcomes(connection: Connection, ended: list[_Ended]) -> dict[str, Any]:
    """What was granted since is blocked no more; what a check found blocked is so before anybody has tried it."""
    states = {line["operation"]: line["state"] for line in connection.checks}
    checked_at, tried = connection.checked_at, {each.operation for each in ended}

    def granted_since(each: _Ended) -> bool:
        return bool(states.get(each.operation) == PERMITTED and checked_at and checked_at > each.last_at)

    good = sum(each.count for each in ended if each.outcome in SUCCESSES)
    failed = [each for each in ended if each.outcome == SyncStep.Outcome.FAILED]
    blocked = [each for each in ended if each.outcome == SyncStep.Outcome.BLOCKED and not granted_since(each)]
    foreseen = [name for name, state in states.items() if state in REFUSING and name not in tried]
    return {
        "good": good,
        "failed": sum(each.count for each in failed),
        "blocked": sum(each.count for each in blocked) + len(foreseen),
        "failed_operations": tuple(each.operation for each in failed),
        "blocked_operations": (*(each.operation for each in blocked), *foreseen),
    }


def _worked(since: datetime) -> Figures:
    good = SyncStep.objects.filter(finished_at__gte=since, outcome__in=SUCCESSES)
    return _figures(good.order_by().values(OF_ITEM).annotate(worked_at=Max("finished_at")), OF_ITEM)


def _refused(since: datetime) -> Figures:
    """The newest refusal of the credentials themselves."""
    refused = SyncError.objects.filter(
        error_class=ErrorClass.AUTHENTICATION, ended_step=True, last_at__gte=since
    ).order_by("connection_id", "-last_at", "-pk")
    return _figures(
        refused.distinct("connection_id").values("connection", refused_at=F("last_at"), words=F("message")),
    )


def _runs(now: datetime) -> Figures:
    """recent  ended of late, active or paused; lost: those without their worker; good_at, failed_at: the newest so"""
    recent = Q(finished_at__gte=now - TRIED_WITHIN)
    silence = timedelta(seconds=SILENT_LEASES * settings.SYNC_LEASE_SECONDS)
    silent = Q(state=SyncRun.State.RUNNING, heartbeat_at__lt=now - silence)
    return _figures(
        SyncRun.objects.order_by()
        .values("connection")
        .annotate(
            recent=Count("pk", filter=recent | Q(state__in=SyncRun.OPEN)),
            lost=Count("pk", filter=recent & Q(code="stale") | silent),
            good_at=Max("finished_at", filter=Q(state__in=SyncRun.GOOD)),
            failed_at=Max("finished_at", filter=Q(state=SyncRun.State.FAILED)),
        )
    )


def _vain(runs: Figures) -> Figures:
    """since  when the first of the failures ended that no good run has followed; of connections that fail now"""
    failing = {
        pk: one["good_at"]
        for pk, one in runs.items()
        if one["failed_at"] and not (one["good_at"] and one["good_at"] > one["failed_at"])
    }
    if not failing:
        return {}
    after = Q()
    for pk, good_at in failing.items():
        after |= Q(connection=pk, finished_at__gt=good_at) if good_at else Q(connection=pk)
    failed = SyncRun.objects.filter(after, state=SyncRun.State.FAILED)
    return _figures(failed.order_by().values("connection").annotate(since=Min("finished_at")))


def _classes(now: datetime) -> Figures:
    """Of the classes that ended of late: how many somebody has tried to sync since, and how many of those in vain.

    Sync is only on request: what nobody asked for is nobody's failure, and what is still at work is none yet.
    """
    items = SyncItem.objects.filter(conference=OuterRef("pk"))
    tried = items.filter(state__in=["done", "failed"], run__created_at__gte=OuterRef("ends_at"))
    final = SyncStep.objects.filter(FINAL, item__conference=OuterRef("pk"), finished_at__gte=OuterRef("ends_at"))
    # No class lasts longer than a day; and starts are what the index knows.
    recent = Conference.objects.filter(starts_at__range=(now - ENDED_WITHIN - DAY, now))
    ended = recent.filter(ends_at__range=(now - ENDED_WITHIN, now)).annotate(
        tried=Exists(tried), at_work=Exists(items.filter(run__state__in=SyncRun.ACTIVE)), final=Exists(final)
    )
    return _figures(
        ended.filter(tried=True)
        .order_by()
        .values("connection")
        .annotate(wanted=Count("pk"), lacking=Count("pk", filter=Q(final=False, at_work=False)))
    )


def _errors(now: datetime) -> Figures:
    """Being slowed down and waiting for it is no error."""
    counted = SyncError.objects.exclude(error_class=ErrorClass.RATE_LIMIT, ended_step=False)
    today, before = Q(last_at__gt=now - DAY), Q(last_at__lte=now - DAY)
    return _figures(
        counted.filter(last_at__gte=now - 8 * DAY)
        .order_by()
        .values("connection")
        .annotate(
            errors_today=Coalesce(Sum("times", filter=today), 0),
            errors_usual=Coalesce(Sum("times", filter=before), 0) / 7.0,
        )
    )


def _waiting() -> Figures:
    waits_since = Coalesce("heartbeat_at", "created_at")
    return _figures(unattended().order_by().values("connection").annotate(waiting=Count("pk"), since=Min(waits_since)))
