"""What a connection may do: read from the token where that is possible, and tried out, harmlessly, where it is not.

The application access policy can be read by nobody over Graph, so no check can promise that it is there.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from conferences.providers.base import Check, InvalidInput, Link
from conferences.providers.errors import Missing, NotPermitted, NotSupported, ProviderError, Rejected
from teams_integration import advice
from teams_integration.client import GraphClient
from teams_integration.conf import Credentials
from teams_integration.permissions import ACCEPTED, UNDER_ACCESS_POLICY, lacking

# Nobody has this id, and no meeting this chat: what Graph says about them tells only whether we may ask.
_NOBODY = "00000000-0000-0000-0000-000000000000"
_NO_MEETING = "connection-check"
_NO_CHAT = "19:meeting_connectioncheck@thread.v2"
_NO_FILE = "https://example.sharepoint.com/connection-check"
_CALLS_BACK = timedelta(minutes=5)
# Graph looks at the permission first: whoever hears one of these has it.
_LET_IN = frozenset({"missing_access_policy", "wrong_organizer", "artifact_refused"})

_POLICY_NOTE = "Whether the access policy covers an organiser shows only when one of their meetings is synced."
_OPAQUE_NOTE = "The token does not show its permissions, so they were tried out instead."


@dataclass(frozen=True, slots=True)
class _Plan:
    """What an operation needs, as the topics of its calls."""

    operation: str
    topics: tuple[str, ...]
    able: str


_PLANS = (
    _Plan(
        "attendance",
        ("meeting", "attendance", "call_records"),
        "Attendance reports can be read, and call records where there is no report.",
    ),
    _Plan(
        "recordings",
        ("meeting", "recordings", "transcripts", "drive"),
        "Recordings and transcripts can be read, and their files looked up in OneDrive.",
    ),
    _Plan("chat", ("chat",), "Meeting chats can be read."),
    _Plan("files", ("chat", "shared_item"), "Shared files can be found in the chat and looked up in OneDrive."),
)


def check(credentials: Credentials | Mapping[str, str], link: Link) -> Iterator[Check]:
    """One line for each operation. Raises Cancelled and nothing else."""
    try:
        if not isinstance(credentials, Credentials):
            credentials = Credentials.from_mapping(credentials)
        client = GraphClient(credentials, link)
    except InvalidInput as error:
        yield from (Check(plan.operation, "failed", str(error), advice="Correct the connection.") for plan in _PLANS)
        return
    try:
        inspection = _Inspection(client, client.roles())
        yield from (inspection.line(plan) for plan in _PLANS)
    except ProviderError as error:
        yield from (_failed(plan.operation, error) for plan in _PLANS)
    finally:
        client.close()


@dataclass(frozen=True, slots=True)
class _Inspection:
    client: GraphClient
    roles: frozenset[str] | None
    tried: dict[str, ProviderError | None] = field(default_factory=dict)

    def line(self, plan: _Plan) -> Check:
        missing = tuple(dict.fromkeys(filter(None, (lacking(topic, self.roles) for topic in plan.topics))))
        if missing:
            return _blocked(plan, missing)
        # A token that shows what it may is believed; only call records can be asked for without naming anybody.
        worth_trying = plan.topics if self.roles is None else tuple({"call_records"} & set(plan.topics))
        errors = [error for topic in worth_trying if (error := self._error(topic)) is not None]
        refused = tuple(ACCEPTED[topic][0] for topic in worth_trying if isinstance(self._error(topic), NotPermitted))
        if refused:
            return _blocked(plan, tuple(dict.fromkeys(refused)))
        return _failed(plan.operation, errors[0]) if errors else self._permitted(plan)

    def _permitted(self, plan: _Plan) -> Check:
        notes = [plan.able]
        if UNDER_ACCESS_POLICY.intersection(plan.topics):
            notes.append(_POLICY_NOTE)
        if self.roles is None:
            notes.append(_OPAQUE_NOTE)
        return Check(plan.operation, "permitted", " ".join(notes))

    def _error(self, topic: str) -> ProviderError | None:
        if topic not in self.tried:
            self.tried[topic] = _tried(_PROBES[topic], self.client)
        return self.tried[topic]


def _tried(probe: Callable[[GraphClient], object], client: GraphClient) -> ProviderError | None:
    """None when Graph let us ask, whatever it found."""
    try:
        probe(client)
    except (Missing, Rejected, NotSupported):
        return None
    except ProviderError as error:
        return None if error.code in _LET_IN else error
    return None


def _calls(client: GraphClient) -> object:
    now = datetime.now(UTC)
    return next(client.call_records(now - _CALLS_BACK, now), None)


_PROBES: Mapping[str, Callable[[GraphClient], object]] = {
    "meeting": lambda client: client.meetings_by_digits(_NOBODY, "0"),
    "attendance": lambda client: next(client.attendance_reports(_NOBODY, _NO_MEETING), None),
    "recordings": lambda client: next(client.recordings(_NOBODY, _NO_MEETING), None),
    "transcripts": lambda client: next(client.transcripts(_NOBODY, _NO_MEETING), None),
    "call_records": _calls,
    "chat": lambda client: next(client.chat_messages(_NO_CHAT, datetime.now(UTC)), None),
    "drive": lambda client: next(client.drive_folder(_NOBODY, "Recordings"), None),
    "shared_item": lambda client: client.shared_item(_NO_FILE),
}


def _blocked(plan: _Plan, missing: tuple[str, ...]) -> Check:
    return Check(
        plan.operation,
        "blocked",
        f"A permission is missing in Microsoft Teams: {', '.join(missing)}.",
        missing,
        advice.permission(", ".join(missing)),
    )


def _failed(operation: str, error: ProviderError) -> Check:
    return Check(operation, "failed", error.message, advice=error.advice)
