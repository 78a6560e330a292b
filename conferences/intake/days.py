"""Days as people type them, as the stretch of time that they mean."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from conferences.providers.base import Span


def whole_days(first: date | None, last: date | None) -> Span:
    """Whole days in the site's zone, the last one included; None is as far as it goes."""
    return Span(_midnight(first) if first else None, _midnight(last + timedelta(days=1)) if last else None)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
