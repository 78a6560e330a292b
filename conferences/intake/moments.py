"""When did they mean?"""

from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.utils.dateparse import parse_date, parse_datetime

from conferences.providers.base import InvalidInput
from conferences.providers.text import clean

LONGEST = timedelta(hours=24)
YEARS = range(2000, 2100)


def zone(name: str) -> ZoneInfo:
    """The named time zone, the site's own without a name."""
    try:
        return ZoneInfo(name or settings.TIME_ZONE)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        message = f"There is no time zone “{name}”. Write it like Europe/Berlin."
        raise InvalidInput(message, "time_zone") from None


def moment(typed: str | datetime, default_zone: tzinfo, field: str) -> datetime:
    """UTC. A time without a zone of its own is read in the default one."""
    read = typed if isinstance(typed, datetime) else _parsed(clean(typed)[:60], field)
    insist_on_year(read, field)
    return (read if read.tzinfo else _placed(read, default_zone, field)).astimezone(UTC)


def insist_on_year(day: date, field: str) -> None:
    """Raises InvalidInput for one in which there are no conferences."""
    if day.year not in YEARS:
        raise InvalidInput(f"The year {day.year} cannot be right.", field)


def period(typed_start: str | datetime, typed_end: str | datetime, default_zone: tzinfo) -> tuple[datetime, datetime]:
    """Start and end in UTC, in this order and not further apart than a conference can be long."""
    starts_at = moment(typed_start, default_zone, "starts_at")
    ends_at = moment(typed_end, default_zone, "ends_at")
    if ends_at == starts_at:
        raise InvalidInput("The conference ends at the moment it starts. Give it a later end.", "ends_at")
    if ends_at < starts_at:
        raise InvalidInput("The conference ends before it starts. Check both times and their zones.", "ends_at")
    if ends_at - starts_at > LONGEST:
        hours = (ends_at - starts_at) / timedelta(hours=1)
        raise InvalidInput(
            f"The conference would last {hours:.0f} hours; at most 24 are possible. "
            "Enter each occurrence of a series as a conference of its own.",
            "ends_at",
        )
    return starts_at, ends_at


def _parsed(typed: str, field: str) -> datetime:
    try:
        read, only_a_day = parse_datetime(typed), parse_date(typed) is not None
    except ValueError:
        read, only_a_day = None, False
    if read and not only_a_day:
        return read
    problem = f"“{typed}” has no time of day." if only_a_day else f"“{typed}” is not a date and time."
    example = "Write it like 2025-11-26T14:00:00Z or 2025-11-26T15:00+01:00."
    raise InvalidInput(f"{problem if typed else 'The time is missing.'} {example}", field)


def _placed(read: datetime, default_zone: tzinfo, field: str) -> datetime:
    """On the nights when clocks change, a local time can be missing or come twice: guessing could be an hour off."""
    first, second = read.replace(tzinfo=default_zone), read.replace(tzinfo=default_zone, fold=1)
    if first.utcoffset() == second.utcoffset():
        return first
    imaginary = first.astimezone(UTC).astimezone(default_zone).replace(tzinfo=None) != read
    happens = "does not exist" if imaginary else "comes twice"
    raise InvalidInput(
        f"{read:%Y-%m-%d %H:%M} {happens} in {default_zone}, because clocks change that night. "
        "Add the offset from UTC, for example +01:00.",
        field,
    )
