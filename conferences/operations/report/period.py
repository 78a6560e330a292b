"""Of which time, and of which connections?"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone

from conferences.intake.moments import moment
from conferences.providers.base import InvalidInput

DEFAULT = "7d"
HOURLY_UP_TO = timedelta(days=7)
LONGEST = timedelta(days=366 * 3)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
_SPAN = re.compile(r"(\d{1,5})([hdw])", re.ASCII)
_UNITS = {"h": HOUR, "d": DAY, "w": timedelta(weeks=1)}


@dataclass(frozen=True, slots=True)
class Period:
    """Runs that were asked for in `[starts_at, ends_at)`, UTC; of all connections where none is named."""

    starts_at: datetime
    ends_at: datetime
    connections: tuple[int, ...] = ()

    @property
    def step(self) -> timedelta:
        """How long one bar of the series is: an hour, or a day where there would be too many."""
        return HOUR if self.ends_at - self.starts_at <= HOURLY_UP_TO else DAY


def period(since: str = "", until: str = "", connections: Sequence[int] = (), now: datetime | None = None) -> Period:
    """`since` and `until` are a day, a time, or how long ago: 24h, 7d, 4w. Raises InvalidInput."""
    now = now or datetime.now(UTC)
    ends_at = _read(until, now, "until", whole_day=True) if until else now
    starts_at = _read(since or DEFAULT, now, "since", whole_day=False)
    if starts_at >= ends_at:
        raise InvalidInput("The report would begin after its end. Check --since and --until.", "since")
    if ends_at - starts_at > LONGEST:
        raise InvalidInput("A report may reach over three years at most.", "since")
    return Period(starts_at, ends_at, tuple(connections))


def _read(typed: str, now: datetime, field: str, *, whole_day: bool) -> datetime:
    """UTC. A day means its beginning, or as an end all of it, in the site's time zone."""
    if span := _SPAN.fullmatch(typed.strip().lower()):
        return now - min(int(span[1]) * _UNITS[span[2]], LONGEST + DAY)
    try:
        day = date.fromisoformat(typed.strip())
        local = datetime.combine(day, time()) + (DAY if whole_day else timedelta())
        return timezone.make_aware(local).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    try:
        return moment(typed, timezone.get_current_timezone(), field)
    except InvalidInput:
        example = "Write a day (2025-11-26), a time (2025-11-26T14:00Z) or how long ago (24h, 7d, 4w)."
        raise InvalidInput(f"“{typed[:60]}” is no moment. {example}", field) from None
