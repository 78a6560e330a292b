"""How long a run will still take, told by how fast it went lately. A pause is no work and does not count."""

from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from conferences.models import SyncItem, SyncRun, SyncStep

RESUMED = "resumed"  # the code of the event that says so
DAILY_LIMIT = "daily_limit"  # and of the one that says why it was paused
RECENT = timedelta(minutes=5)
TELLING_PROGRESS = 5  # percent; before that a pace is only a guess


def eta_seconds(run: SyncRun) -> int | None:
    """Whole seconds left; None when that cannot be told yet."""
    if not run.is_active or run.started_at is None:
        return None
    resumed_at = run.events.filter(code=RESUMED).order_by("-id").values_list("at", flat=True).first()
    since = max(run.started_at, resumed_at or run.started_at)
    steps: QuerySet[SyncStep] = SyncStep.objects.filter(item__run=run)
    return _of_conference(run, steps, since) if run.conference_id else _of_account(run, steps, since)


def _of_conference(run: SyncRun, steps: "QuerySet[SyncStep]", since: datetime) -> int | None:
    """By the run's progress, without what earlier attempts brought."""
    count = steps.aggregate(all=Count("pk"), before=Count("pk", filter=Q(finished_at__lt=since)))
    gained = run.progress - 100 * count["before"] / max(1, count["all"])
    return _left(since, gained, 100 - run.progress) if gained >= TELLING_PROGRESS else None


def _of_account(run: SyncRun, steps: "QuerySet[SyncStep]", since: datetime) -> int | None:
    """By the operations that ended in the last minutes. While the search goes on nobody knows how many will follow."""
    searched_at = steps.filter(item__conference=None).values_list("finished_at", flat=True).first()
    if searched_at is None:
        return None
    since = max(since, searched_at, timezone.now() - RECENT)
    open_ones = Q(outcome="", item__state__in=[SyncItem.State.QUEUED, SyncItem.State.RUNNING])
    count = steps.filter(item__conference__isnull=False).aggregate(
        ended=Count("pk", filter=Q(finished_at__gte=since)), left=Count("pk", filter=open_ones)
    )
    is_telling = count["ended"] >= max(1, len(run.operations))
    return _left(since, count["ended"], count["left"]) if is_telling else None


def _left(since: datetime, done: float, left: int) -> int:
    elapsed = (timezone.now() - since).total_seconds()
    return max(1, round(elapsed * left / done))
