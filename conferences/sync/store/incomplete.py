"""Which conferences still lack something that a provider may have by now."""

from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from conferences.models import Conference, SyncStep

# What a provider says about a class is final only some time after it.
SETTLED = timedelta(hours=24)


def incomplete(conferences: "QuerySet[Conference]") -> "QuerySet[Conference]":
    """Past ones without a complete attendance answer that came a day after they ended, or with a failed step since."""
    final = Q(outcome=SyncStep.Outcome.SYNCED) & ~Q(code="not_ready")
    final |= Q(outcome=SyncStep.Outcome.NO_DATA, code="none_found")
    steps = SyncStep.objects.filter(item__conference=OuterRef("pk"), operation="attendance")
    settled = steps.filter(final, finished_at__gte=F("item__conference__ends_at") + SETTLED)
    return conferences.filter(~Exists(settled), starts_at__lte=timezone.now())
