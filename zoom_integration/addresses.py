"""How ids are written into Zoom's addresses."""

from urllib.parse import quote

from conferences.providers.errors import Rejected

# Webinars and meetings as addresses name them.
PLURAL = {"webinar": "webinars", "meeting": "meetings"}


def segment(value: str | int) -> str:
    """One segment of a path. Dots alone would climb out of it, and nothing at all would name the collection."""
    text = str(value)
    if not text.strip(". "):
        raise Rejected("The meeting or person to look up has an id that cannot be one.", code="invalid_id")
    return quote(text, safe="")


def uuid_segment(uuid: str) -> str:
    """A uuid is base64: where its slashes would be taken for the path's own, Zoom wants it encoded twice.

    https://developers.zoom.us/docs/api/using-zoom-apis/#meeting-id-and-uuid
    """
    once = segment(uuid)
    return quote(once, safe="") if uuid.startswith("/") or "//" in uuid else once


def report_path(kind: str, uuid: str) -> str:
    """What Zoom has written up of one run."""
    return f"/report/{PLURAL[kind]}/{uuid_segment(uuid)}"


def past_path(kind: str, uuid: str) -> str:
    """One run that is over, for apps that may not read reports."""
    return f"/past_{PLURAL[kind]}/{uuid_segment(uuid)}"
