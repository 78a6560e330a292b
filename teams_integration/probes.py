"""Harmless calls that show whether Graph lets us ask: about a conference that is known, else about nobody's."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from conferences.providers.base import Target
from conferences.providers.errors import Missing, NotSupported, Permanent, ProviderError, Rejected
from conferences.providers.probing import Probing, Tried, attempt
from teams_integration.client import GraphClient
from teams_integration.services.meeting import Address, organizer_id

# Nobody has this id, and no meeting this chat: what Graph says about them tells only whether we may ask.
_NOBODY = "00000000-0000-0000-0000-000000000000"
_NO_MEETING = "connection-check"
_NO_CHAT = "19:meeting_connectioncheck@thread.v2"
_NO_FILE = "https://example.sharepoint.com/connection-check"
_CALLS_BACK = timedelta(minutes=5)
# Graph looks at the permission first: whoever hears one of these has it. Of nobody no policy speaks.
_LET_IN = frozenset({"wrong_organizer"})
_LET_IN_ON_NOBODY = _LET_IN | {"missing_access_policy", "artifact_refused"}


@dataclass(frozen=True, slots=True)
class Ground:
    """What things are tried out on; "" where nothing is known."""

    organizer: str = ""
    meeting_id: str = ""
    thread_id: str = ""

    @classmethod
    def of(cls, client: GraphClient, example: Target | None) -> "Ground":
        """Raises Retryable."""
        if example is None:
            return cls()
        known = {name: str(example.detail.get(name) or "") for name in ("organizer_id", "meeting_id", "thread_id")}
        try:
            address = Address.of(example)
            organizer = known["organizer_id"] or organizer_id(client, address)
        except Permanent:
            return cls(known["organizer_id"], known["meeting_id"], known["thread_id"])
        return cls(organizer, known["meeting_id"], known["thread_id"] or address.thread_id)

    @property
    def telling(self) -> frozenset[str]:
        """The topics of which a call tells more than the token does."""
        known = {"meeting": self.organizer, "transcripts": self.organizer and self.meeting_id, "chat": self.thread_id}
        return frozenset({"call_records", *(topic for topic, has in known.items() if has)})


def _calls(client: GraphClient, _: Ground) -> object:
    now = datetime.now(UTC)
    return next(client.call_records(now - _CALLS_BACK, now), None)


def _meeting(ground: Ground) -> tuple[str, str]:
    return ground.organizer or _NOBODY, (ground.organizer and ground.meeting_id) or _NO_MEETING


PROBES: Mapping[str, Callable[[GraphClient, Ground], object]] = {
    "meeting": lambda client, ground: client.meetings_by_digits(ground.organizer or _NOBODY, "0"),
    "attendance": lambda client, ground: next(client.attendance_reports(*_meeting(ground)), None),
    "recordings": lambda client, ground: next(client.recordings(*_meeting(ground)), None),
    "transcripts": lambda client, ground: next(client.transcripts(*_meeting(ground)), None),
    "call_records": _calls,
    "chat": lambda client, ground: next(client.chat_messages(ground.thread_id or _NO_CHAT, datetime.now(UTC)), None),
    "drive": lambda client, ground: next(client.drive_folder(ground.organizer or _NOBODY, "Recordings"), None),
    "shared_item": lambda client, _: client.shared_item(_NO_FILE),
}
_ASKED: Mapping[str, str] = {
    "meeting": "a meeting",
    "attendance": "attendance reports",
    "recordings": "recordings",
    "transcripts": "transcripts",
    "call_records": "the calls of the last five minutes",
    "chat": "a meeting's chat",
    "drive": "the folder Recordings",
    "shared_item": "a shared file that does not exist",
}
_UNDER_ORGANIZER = frozenset({"meeting", "attendance", "recordings", "transcripts", "drive"})


def probing(client: GraphClient, ground: Ground) -> Probing:
    return Probing(lambda topic: _tried(topic, client, ground))


def _tried(topic: str, client: GraphClient, ground: Ground) -> Tried:
    whose = f" of {ground.organizer or 'nobody'}" if topic in _UNDER_ORGANIZER else ""

    def lets_in(error: ProviderError) -> bool:
        codes = _LET_IN if ground.organizer else _LET_IN_ON_NOBODY
        return isinstance(error, Missing | Rejected | NotSupported) or error.code in codes

    return attempt(f"Asked for {_ASKED[topic]}{whose}", lambda: PROBES[topic](client, ground), lets_in)
