"""Which meeting a person means, from what they typed."""

import re
from datetime import UTC, datetime

from conferences.providers.base import InvalidInput, MeetingReference
from teams_integration import join_urls
from teams_integration.join_urls import JoinLink

_ORGANIZER = re.compile(
    r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[^@\s/\\?#%]+@[^@\s/\\?#%]+\.[^@\s/\\?#%]+", re.ASCII
)

NOT_AN_ORGANIZER = (
    "That is not an organiser: give their e-mail address (anna@example.org) or their object ID in Microsoft Entra."
)
NOTHING = "Give the meeting's join link, its meeting ID, or at least its organiser."


def refer(*, join_url: str, external_id: str, organizer: str, starts_at: datetime) -> MeetingReference:
    """A join link, or a meeting ID in either field, or an organiser alone. Raises InvalidInput.

    All occurrences of a series share one link, so an id that is not given is made of the link and the start.
    """
    organizer = _organizer(organizer)
    external_id = external_id.strip()
    link = _link(join_url) or _link_of_digits(external_id)
    if not (link or organizer):
        raise InvalidInput(NOTHING, "join_url")
    series_id = link.series_id if link else ""
    return MeetingReference(
        external_id=external_id or _occurrence(series_id or f"organizer:{organizer}", starts_at),
        series_id=series_id,
        join_url=link.url if link else "",
        organizer=organizer or _organizer_of(link),
    )


def _link(text: str) -> JoinLink | None:
    return _link_of_digits(text) or join_urls.parse(text) if text.strip() else None


def _link_of_digits(text: str) -> JoinLink | None:
    """A meeting ID is as good as the short link that is made of it."""
    digits = join_urls.as_digits(text)
    return join_urls.parse(f"https://teams.microsoft.com/meet/{digits}") if digits else None


def _organizer(text: str) -> str:
    text = text.strip()
    if text and not _ORGANIZER.fullmatch(text):
        raise InvalidInput(NOT_AN_ORGANIZER, "organizer")
    return text.lower()


def _organizer_of(link: JoinLink | None) -> str:
    return link.key.organizer_id if link and link.key else ""


def _occurrence(meeting: str, starts_at: datetime) -> str:
    return f"{meeting}@{starts_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
