"""The online meeting behind a conference."""

from dataclasses import dataclass
from datetime import datetime

from conferences.providers import shape
from conferences.providers.records import DetailRecord
from conferences.providers.shape import Raw
from teams_integration.join_urls import parse_or_none

# What their columns hold; unlike ids, they may be cut.
SUBJECT_LENGTH, TYPE_LENGTH = 512, 32


@dataclass(frozen=True, slots=True)
class Meeting:
    """`id` is opaque. Start and end are left out: for a series Graph gives those of its first occurrence."""

    id: str
    organizer_id: str
    thread_id: str = ""
    subject: str = ""
    meeting_type: str = ""
    join_url: str = ""
    expires_at: datetime | None = None

    def detail(self) -> DetailRecord:
        values = {
            "meeting_id": self.id,
            "organizer_id": self.organizer_id,
            "thread_id": self.thread_id,
            "subject": self.subject[:SUBJECT_LENGTH],
            "meeting_type": self.meeting_type[:TYPE_LENGTH],
            "expires_at": self.expires_at,
        }
        return DetailRecord({name: value for name, value in values.items() if value})


def meeting(raw: Raw, organizer_id: str) -> Meeting:
    """https://learn.microsoft.com/graph/api/resources/onlinemeeting"""
    join_url = shape.optional_text(raw, "joinWebUrl")
    return Meeting(
        id=shape.text(raw, "id"),
        organizer_id=organizer_id,
        thread_id=shape.optional_text(shape.optional_object(raw, "chatInfo"), "threadId") or _thread_in(join_url),
        subject=shape.optional_text(raw, "subject"),
        meeting_type=shape.optional_text(raw, "meetingType"),
        join_url=join_url,
        expires_at=shape.optional_moment(raw, "expiryDateTime"),
    )


def _thread_in(join_url: str) -> str:
    link = parse_or_none(join_url) if join_url else None
    return link.key.thread_id if link and link.key else ""
