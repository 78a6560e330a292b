"""What a connection may do: its scopes are read from the sign-in, and a few harmless calls are tried.

The rights of the app owner's role and the account's plan show in no scope: only a call tells.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from conferences.providers.base import Check, InvalidInput, Link
from conferences.providers.errors import ProviderError
from conferences.providers.probing import Probing
from conferences.providers.waiting import Clock
from zoom_integration import advice
from zoom_integration.client import ZoomClient
from zoom_integration.conf import Credentials
from zoom_integration.probes import probing, telling
from zoom_integration.scopes import (
    DISCOVERY_TOPICS,
    GRANULAR,
    OPERATION_TOPICS,
    OWN_TOPICS,
    had,
    is_personal,
    meeting_topics,
    missing,
    permissions,
    topics_of,
    wanted,
)

_OPAQUE_NOTE = "The sign-in does not tell the scopes, so they were tried out instead."

_ABLE: Mapping[str, str] = {
    "attendance": "The participants report can be read, and the simpler list of participants where there is no report.",
    "recordings": "Cloud recordings and transcripts can be read.",
    "chat": "The chat that was saved with a cloud recording can be read.",
    "registrants": "Registrants can be read.",
    "absentees": "Absentees can be read.",
    "questions": "Questions and answers can be read.",
    "polls": "Answers to polls can be read.",
    "survey": "Answers to the survey can be read.",
}
# What serves where reports are closed: to apps that each user manages for themselves.
_ABLE_WITHOUT_REPORTS: Mapping[str, str] = {
    "attendance": "The list of past participants is used: Zoom closes reports to apps that each user manages.",
    "questions": "Questions and answers can be read, without their times: Zoom closes reports to this kind of app.",
    "polls": "Answers to polls can be read, from the simpler list: Zoom closes reports to this kind of app.",
}
_OWN_NOTE = "Of the account's sessions, those of the person who connected it are found."


def check(credentials: Credentials | Mapping[str, str], link: Link, clock: Clock | None = None) -> Iterator[Check]:
    """One line for each operation. Raises Cancelled and nothing else."""
    try:
        if not isinstance(credentials, Credentials):
            credentials = Credentials.from_mapping(credentials)
        client = ZoomClient(credentials, link, clock, fresh=True)
    except InvalidInput as error:
        yield from (Check(name, "failed", str(error), advice="Correct the connection.") for name in OPERATION_TOPICS)
        return
    try:
        inspection = _Inspection(probing(client), client.scopes())
        yield from (inspection.line(name) for name in OPERATION_TOPICS)
    except ProviderError as error:
        yield from (Check.refused(name, error, needs=permissions(name)) for name in OPERATION_TOPICS)
    finally:
        client.close()


@dataclass(frozen=True, slots=True)
class _Inspection:
    probing: Probing
    scopes: frozenset[str] | None

    def line(self, operation: str) -> Check:
        needed = topics_of(operation, self.scopes)
        told: dict[str, Any] = {"needs": wanted(needed, self.scopes), "granted": had(needed, self.scopes)}
        if lacking := missing(needed, self.scopes):
            return _lacks(operation, lacking, told)
        topics = needed if self.scopes is None else (telling(operation, self.scopes),)
        tried = {topic: self.probing.tried(topic) for topic in topics}
        told["probe"] = " ".join(dict.fromkeys(each.told for each in tried.values()))
        # A call that serves several operations may lack a scope that only one of them needs.
        unscoped = {topic for topic, each in tried.items() if each.error and each.error.code == "missing_scope"}
        if lacking := tuple(dict.fromkeys(GRANULAR[topic] for topic in topics if topic in unscoped & set(needed))):
            return _lacks(operation, lacking, told)
        errors = {topic: each.error for topic, each in tried.items() if each.error and topic not in unscoped}
        if errors:
            return Check.refused(operation, next(iter(errors.values())), **told)
        return Check(operation, "permitted", self._able(operation), **told)

    def _able(self, operation: str) -> str:
        notes = [(is_personal(self.scopes) and _ABLE_WITHOUT_REPORTS.get(operation)) or _ABLE[operation]]
        if self.scopes is None:
            notes.append(_OPAQUE_NOTE)
        elif for_meetings := missing(meeting_topics(topics_of(operation, self.scopes)), self.scopes):
            notes.append(f"That is for webinars; for meetings these scopes would be needed: {', '.join(for_meetings)}.")
        if operation == "attendance":
            notes += self._of_account()
        return " ".join(notes)

    def _of_account(self) -> list[str]:
        """What finding conferences lacks."""
        personal = is_personal(self.scopes)
        needed = missing(OWN_TOPICS if personal else DISCOVERY_TOPICS, self.scopes)
        whose = "the person's" if personal else "the whole account's"
        notes = [f"To list {whose} sessions these would be needed: {', '.join(needed)}."] if needed else []
        return [_OWN_NOTE, *notes] if personal else notes


def _lacks(operation: str, scopes: tuple[str, ...], told: Mapping[str, Any]) -> Check:
    message = f"A scope is missing in Zoom: {', '.join(scopes)}."
    return Check(operation, "blocked", message, scopes, advice.scopes(scopes), code="missing_scope", **told)
