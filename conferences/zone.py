"""In which zone does a class take place?"""

from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo

from conferences.models import Conference


def class_zone(conference: Conference) -> tzinfo:
    """UTC when the stored name is none of this machine's zones: a page must not break over it."""
    try:
        return ZoneInfo(conference.zone)
    except (LookupError, ValueError, OSError):
        return UTC
