"""Moments and lengths as providers write them."""

import re
from datetime import UTC, datetime, timedelta

# 0 to 7 digits of a second occur, so does a missing "T", and a moment without a zone is in UTC.
_MOMENT = re.compile(
    r"(?P<date>\d{4}-\d{2}-\d{2})[Tt ]?(?P<time>\d{2}:\d{2}(?::\d{2})?)(?:\.(?P<fraction>\d{1,9}))?"
    r"(?P<zone>[Zz]|[+-]\d{2}:?\d{2})?",
    re.ASCII,
)
_LENGTH = re.compile(
    r"(?P<sign>-?)P(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?",
    re.ASCII,
)
# ".NET's" smallest moment stands for "never" and "not known".
_NEVER = "0001-01-01"


def moment(text: str) -> datetime | None:
    """Aware, in UTC, to the microsecond; None for the sentinel of the year 1. Raises ValueError."""
    match = _MOMENT.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text[:40]!r} is not a moment")
    if match["date"] == _NEVER:
        return None
    fraction = (match["fraction"] or "0")[:6].ljust(6, "0")
    zone = (match["zone"] or "Z").upper().replace("Z", "+00:00")
    seconds = match["time"] if match["time"].count(":") == 2 else f"{match['time']}:00"  # noqa: PLR2004 - h:m:s
    try:
        return datetime.fromisoformat(f"{match['date']}T{seconds}.{fraction}{zone}").astimezone(UTC)
    except OverflowError:
        raise ValueError(f"{text[:40]!r} is out of range") from None


def length(text: str) -> timedelta:
    """An ISO 8601 duration of weeks, days and smaller, e.g. PT40M19.26S. Raises ValueError."""
    match = _LENGTH.fullmatch(text.strip())
    parts = (
        {name: float(value) for name, value in match.groupdict().items() if name != "sign" and value} if match else {}
    )
    if match is None or not parts:
        raise ValueError(f"{text[:40]!r} is not a length of time")
    try:
        total = timedelta(**parts)
    except OverflowError:
        raise ValueError(f"{text[:40]!r} is out of range") from None
    return -total if match["sign"] else total
