"""Days as people type them, as the stretch of time that they mean."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from conferences.intake.moments import YEARS, insist_on_year
from conferences.providers.base import Span

EARLIEST, LATEST = date(YEARS[0], 1, 1), date(YEARS[-1], 12, 31)


def range_of(first: date | None, last: date | None) -> Span:
    """What is to be synced. Raises InvalidInput for days on which there are no conferences."""
    for field, day in (("from", first), ("to", last)):
        if day:
            insist_on_year(day, field)
    return whole_days(first, last)


def whole_days(first: date | None, last: date | None) -> Span:
    """Whole days in the site's zone, the last one included; None is as far as it goes. Beyond the years in which there
    are conferences nothing is left out."""
    first, last = (day and min(max(day, EARLIEST), LATEST) for day in (first, last))
    return Span(_midnight(first) if first else None, _midnight(last + timedelta(days=1)) if last else None)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
