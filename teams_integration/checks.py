"""What a connection may do: read from the token where that is possible, and tried out, harmlessly, where it is not.

The application access policy can be read by nobody over Graph: it is tried out on the organiser of a known conference.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from conferences.providers.base import Check, InvalidInput, Link
from conferences.providers.errors import ProviderError
from conferences.providers.probing import Probing, Tried
from conferences.providers.waiting import Clock
from teams_integration import advice
from teams_integration.client import GraphClient
from teams_integration.conf import Credentials
from teams_integration.permissions import ACCEPTED, UNDER_ACCESS_POLICY, had, lacking, needed
from teams_integration.probes import Ground, probing

_POLICY_NOTE = "Whether the access policy covers an organiser shows only when one of their meetings is synced."
_COVERED_NOTE = "The access policy covers the organiser {}; whether it covers others shows when theirs are synced."
_NOTHING_TO_TRY = "Nothing was tried: the token tells, and no meeting is known yet."
_CONSENT_NOTE = "The chat that was tried is open by consent given in that meeting alone; others need {}."
# Refusals of which the permission is the likely reason.
_UNEXPLAINED = frozenset({"missing_permission", "not_permitted", "onedrive_denied"})
_OPAQUE_NOTE = "The token does not show its permissions, so they were tried out instead."


@dataclass(frozen=True, slots=True)
class _Plan:
    """What an operation needs, as the topics of its calls.

    spare   topics of what is asked only where the main way leads nowhere: it is permitted without them
    unable  what is said then, about the permissions that are missing
    """

    operation: str
    topics: tuple[str, ...]
    able: str
    spare: tuple[str, ...] = ()
    unable: str = ""

    @property
    def all_topics(self) -> tuple[str, ...]:
        return (*self.topics, *self.spare)


_PLANS = (
    _Plan(
        "attendance",
        ("meeting", "attendance"),
        "Attendance reports can be read, and call records where there is no report.",
        ("call_records",),
        "Attendance reports can be read. A meeting without a report has call records instead; they cannot be read, "
        "for want of {}.",
    ),
    _Plan(
        "recordings",
        ("meeting", "recordings", "transcripts", "drive"),
        "Recordings and transcripts can be read, and their files looked up in OneDrive.",
    ),
    _Plan("chat", ("chat",), "Meeting chats can be read."),
    _Plan("files", ("chat", "shared_item"), "Shared files can be found in the chat and looked up in OneDrive."),
)


def check(credentials: Credentials | Mapping[str, str], link: Link, clock: Clock | None = None) -> Iterator[Check]:
    """One line for each operation. Raises Cancelled and nothing else."""
    try:
        if not isinstance(credentials, Credentials):
            credentials = Credentials.from_mapping(credentials)
        client = GraphClient(credentials, link, clock=clock)
    except InvalidInput as error:
        yield from (Check(plan.operation, "failed", str(error), advice="Correct the connection.") for plan in _PLANS)
        return
    try:
        roles, ground = client.roles(), Ground.of(client, link.example)
        inspection = _Inspection(credentials.client_id, ground, probing(client, ground), roles)
        yield from (inspection.line(plan) for plan in _PLANS)
    except ProviderError as error:
        yield from (Check.refused(plan.operation, error, needs=needed(plan.topics)) for plan in _PLANS)
    finally:
        client.close()


@dataclass(frozen=True, slots=True)
class _Inspection:
    client_id: str
    ground: Ground
    probing: Probing
    roles: frozenset[str] | None

    def line(self, plan: _Plan) -> Check:
        topics = plan.all_topics
        told: dict[str, Any] = {"needs": needed(topics), "granted": had(topics, self.roles)}
        if self._missing(plan.topics):
            return self._lacks(plan, self._missing(topics), told)
        spared = self._missing(plan.spare)
        tried = self._tried(plan.topics if spared else topics)
        told["probe"] = " ".join(each.told for each in tried.values()) or _NOTHING_TO_TRY
        refused = [topic for topic, each in tried.items() if each.error and each.error.code in _UNEXPLAINED]
        missing = spared or tuple(dict.fromkeys(ACCEPTED[topic][0] for topic in refused))
        if set(refused).intersection(plan.topics):
            return self._lacks(plan, missing, told)
        if error := next((each.error for topic, each in tried.items() if each.error and topic not in refused), None):
            return Check.refused(plan.operation, error, **told)
        return Check(plan.operation, "permitted", self._able(plan, missing), missing, self._steps(missing), **told)

    def _missing(self, topics: tuple[str, ...]) -> tuple[str, ...]:
        lacked = (lacking(topic, self.roles) for topic in topics if not self._consented(topic))
        return tuple(dict.fromkeys(filter(None, lacked)))

    def _consented(self, topic: str) -> bool:
        """Consent that was given within one meeting shows in no token, only in what comes back."""
        known = topic == "chat" and topic in self.ground.telling and bool(lacking(topic, self.roles))
        return known and self.probing.tried(topic).error is None

    def _tried(self, topics: tuple[str, ...]) -> dict[str, Tried]:
        """A token that shows what it may is believed; the rest is tried, until something is refused."""
        tried: dict[str, Tried] = {}
        for topic in topics:
            if self.roles is None or topic in self.ground.telling:
                tried[topic] = self.probing.tried(topic)
                if tried[topic].error and self.roles is not None:
                    break
        return tried

    def _able(self, plan: _Plan, missing: tuple[str, ...]) -> str:
        notes = [plan.unable.format(", ".join(missing)) if missing else plan.able]
        if UNDER_ACCESS_POLICY.intersection(plan.topics):
            organizer = self.ground.organizer
            notes.append(_COVERED_NOTE.format(organizer) if organizer else _POLICY_NOTE)
        if self.roles is None:
            notes.append(_OPAQUE_NOTE)
        if consented := next((topic for topic in plan.topics if self._consented(topic)), ""):
            notes.append(_CONSENT_NOTE.format(lacking(consented, self.roles)))
        return " ".join(notes)

    def _lacks(self, plan: _Plan, missing: tuple[str, ...], told: Mapping[str, Any]) -> Check:
        message = f"A permission is missing in Microsoft Teams: {', '.join(missing)}."
        return Check(
            plan.operation, "blocked", message, missing, self._steps(missing), code="missing_permission", **told
        )

    def _steps(self, missing: tuple[str, ...]) -> str:
        if not missing:
            return ""
        return advice.filled(advice.permission(", ".join(missing)), client_id=self.client_id, organizer="")
