"""Which conferences still lack something that a provider may have by now."""

from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from conferences.models import Conference, SyncItem, SyncStep

# What a provider says about a class is final only some time after it.
SETTLED = timedelta(hours=24)
# An answer that no later one will add to. A provider that knows nothing of a class a day after it will not learn of it.
FINAL = Q(outcome=SyncStep.Outcome.SYNCED) & ~Q(code="not_ready") | Q(
    outcome=SyncStep.Outcome.NO_DATA, code__in=["none_found", "unavailable"]
)


def incomplete(conferences: "QuerySet[Conference]", settled: timedelta = SETTLED) -> "QuerySet[Conference]":
    """Past ones without a complete attendance answer that came so long after they ended, or with something that failed
    or was never come to, and has not been answered since."""
    steps = SyncStep.objects.filter(item__conference=OuterRef("pk"))
    final = steps.filter(FINAL, operation="attendance", finished_at__gte=F("item__conference__ends_at") + settled)
    answered = SyncStep.objects.filter(
        item__conference=OuterRef("item__conference"), operation=OuterRef("operation"), pk__gt=OuterRef("pk")
    ).exclude(outcome__in=["", SyncStep.Outcome.FAILED])
    given_up = Q(outcome="", item__state__in=[SyncItem.State.FAILED, SyncItem.State.CANCELLED])
    lacking = steps.filter(given_up | Q(outcome=SyncStep.Outcome.FAILED)).filter(~Exists(answered))
    return conferences.filter(~Exists(final) | Exists(lacking), starts_at__lte=timezone.now())
