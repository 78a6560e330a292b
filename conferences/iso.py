"""Moments as programs read them."""

from datetime import UTC, datetime
from typing import overload


@overload
def utc(moment: datetime) -> str: ...
@overload
def utc(moment: datetime | None) -> str | None: ...
def utc(moment: datetime | None) -> str | None:
    """ISO 8601 in UTC, with a Z."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else None
