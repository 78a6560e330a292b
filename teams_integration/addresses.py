"""How ids, texts and moments are written into Graph's addresses. Everything is percent-encoded exactly once."""

import base64
from datetime import UTC, datetime
from urllib.parse import quote

from conferences.providers.errors import Rejected


def segment(value: str) -> str:
    """One segment of a path. Dots alone would climb out of it, and nothing at all would name the collection."""
    if not value.strip(". "):
        raise Rejected("The meeting or person to look up has an id that cannot be one.", code="invalid_id")
    return quote(value, safe="")


def meeting_path(organizer_id: str, meeting_id: str) -> str:
    return f"/users/{segment(organizer_id)}/onlineMeetings/{segment(meeting_id)}"


def literal(text: str) -> str:
    """A string of the OData language, for a parameter: it is encoded later, as part of the whole."""
    return "'" + text.replace("'", "''") + "'"


def path_literal(text: str) -> str:
    """A string of the OData language, for a path."""
    return quote(literal(text), safe="'")


def instant(moment: datetime) -> str:
    """Unquoted in a filter, with milliseconds, `Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def is_web(url: str) -> bool:
    """Whether people may click on it."""
    return url.lower().startswith(("https://", "http://"))


def share_id(url: str) -> str:
    """The address of a file as an id, exactly as it was received."""
    return "u!" + base64.urlsafe_b64encode(url.encode()).decode().rstrip("=")
