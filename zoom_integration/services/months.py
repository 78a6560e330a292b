"""The stretches in which Zoom's reports may be asked for: a month at most."""

from collections.abc import Iterator
from datetime import date, timedelta

from zoom_integration.services.search import DAY, Search

# No longer than any month.
_MONTH = timedelta(days=28)


def months(search: Search, reach: timedelta) -> Iterator[tuple[date, date]]:
    """Four weeks each, newest first, both days included. They share their outer days, and reach a day further than
    asked, since nobody knows whose midnight Zoom means."""
    span, oldest = search.span, search.now - reach
    until = min(search.now, span.ends_at + DAY) if span.ends_at else search.now
    since = max(span.starts_at - DAY, oldest) if span.starts_at else oldest
    while until > since:
        first = max(until - _MONTH, since)
        yield first.date(), until.date()
        until = first
