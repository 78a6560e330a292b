"""In which zone does a class take place?"""

from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo

from conferences.models import Conference


def class_zone(conference: Conference) -> tzinfo:
    """UTC when the stored name is none of this machine's zones: a page must not break over it."""
    return _read(conference.zone) or UTC


def is_zone(name: str) -> bool:
    return _read(name) is not None


def _read(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        return None
