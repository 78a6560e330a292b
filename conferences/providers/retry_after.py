"""How long a provider asks us to wait. Providers and gateways send more forms than the standard knows."""

import math
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_NUMBER = re.compile(r"[+-]?\d{1,15}(?:\.\d*)?\s*s?", re.ASCII)


def retry_after_seconds(value: str | None, now: datetime) -> float | None:
    """Seconds, never below zero, from a number, an HTTP date or an ISO 8601 time; None when it says nothing usable."""
    text = (value or "").strip()
    if _NUMBER.fullmatch(text):
        return max(0.0, float(text.rstrip("s ")))
    until = moment(text)
    return None if until is None else max(0.0, math.ceil((until - now).total_seconds() * 1000) / 1000)


def moment(text: str) -> datetime | None:
    """An HTTP date or an ISO 8601 time, in UTC."""
    for parse in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            read = parse(text)
            return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None
