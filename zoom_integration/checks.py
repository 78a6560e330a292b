"""What a connection may do: its scopes are read from the sign-in, and one harmless call per operation is tried.

The rights of the app owner's role and the account's plan show in no scope: only a call tells.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from conferences.providers.base import Check, InvalidInput, Link
from conferences.providers.errors import Blocked, Missing, ProviderError, Rejected, Retryable
from conferences.providers.waiting import Clock
from zoom_integration import advice
from zoom_integration.client import ZoomClient
from zoom_integration.conf import Credentials
from zoom_integration.scopes import (
    DISCOVERY_TOPICS,
    GRANULAR,
    OPERATION_TOPICS,
    OWN_TOPICS,
    is_personal,
    meeting_topics,
    missing,
    topics_of,
)

# Nobody has these: what Zoom says about them tells only whether we may ask.
_NO_RUN = "AAAAAAAAAAAAAAAAAAAAAA=="
_NO_SERIES = "10000000000"

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
# The call of each operation that is tried even when the scopes are known.
_TELLING: Mapping[str, str] = {
    "attendance": "webinar_report_participants",
    "recordings": "recordings",
    "chat": "recordings",
    "registrants": "webinar_registrants",
    "absentees": "absentees",
    "questions": "webinar_questions",
    "polls": "webinar_polls",
    "survey": "webinar_survey",
}
_TELLING_WITHOUT_REPORTS: Mapping[str, str] = {
    "attendance": "webinar_past_participants",
    "questions": "webinar_past_questions",
    "polls": "webinar_past_polls",
}


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
        inspection = _Inspection(client, client.scopes())
        yield from (inspection.line(name) for name in OPERATION_TOPICS)
    except ProviderError as error:
        yield from (_failed(name, error) for name in OPERATION_TOPICS)
    finally:
        client.close()


@dataclass(slots=True)
class _Inspection:
    client: ZoomClient
    scopes: frozenset[str] | None
    tried: dict[str, ProviderError | None] = field(default_factory=dict)
    down: ProviderError | None = None

    def line(self, operation: str) -> Check:
        needed = topics_of(operation, self.scopes)
        lacking = missing(needed, self.scopes)
        if lacking:
            return _lacks(operation, lacking)
        topics = needed if self.scopes is None else (self._told(operation, _TELLING, _TELLING_WITHOUT_REPORTS),)
        errors = {topic: error for topic in topics if (error := self._error(topic)) is not None}
        refused = (GRANULAR[topic] for topic, error in errors.items() if error.code == "missing_scope")
        if unscoped := tuple(dict.fromkeys(refused)):
            return _lacks(operation, unscoped)
        return _failed(operation, next(iter(errors.values()))) if errors else self._permitted(operation)

    def _permitted(self, operation: str) -> Check:
        notes = [self._told(operation, _ABLE, _ABLE_WITHOUT_REPORTS)]
        if self.scopes is None:
            notes.append(_OPAQUE_NOTE)
        elif for_meetings := missing(meeting_topics(topics_of(operation, self.scopes)), self.scopes):
            notes.append(f"That is for webinars; for meetings these scopes would be needed: {', '.join(for_meetings)}.")
        if operation == "attendance":
            notes += self._of_account()
        return Check(operation, "permitted", " ".join(notes))

    def _of_account(self) -> list[str]:
        """What finding conferences lacks."""
        personal = is_personal(self.scopes)
        needed = missing(OWN_TOPICS if personal else DISCOVERY_TOPICS, self.scopes)
        whose = "the person's" if personal else "the whole account's"
        notes = [f"To list {whose} sessions these would be needed: {', '.join(needed)}."] if needed else []
        return [_OWN_NOTE, *notes] if personal else notes

    def _told(self, operation: str, usual: Mapping[str, str], without_reports: Mapping[str, str]) -> str:
        return (is_personal(self.scopes) and without_reports.get(operation)) or usual[operation]

    def _error(self, topic: str) -> ProviderError | None:
        """A provider that is down is not asked again for every operation."""
        if self.down is not None:
            return self.down
        if topic not in self.tried:
            self.tried[topic] = error = _tried(_PROBES[topic], self.client)
            self.down = error if isinstance(error, Retryable) else None
        return self.tried[topic]


def _tried(probe: Callable[[ZoomClient], object], client: ZoomClient) -> ProviderError | None:
    """None when Zoom let us ask, whatever it found."""
    try:
        probe(client)
    except (Missing, Rejected):
        return None
    except ProviderError as error:
        return error
    return None


_PROBES: Mapping[str, Callable[[ZoomClient], object]] = {
    "webinar": lambda zoom: zoom.webinar(_NO_SERIES),
    "webinar_instances": lambda zoom: next(zoom.past_instances("webinar", _NO_SERIES), None),
    "webinar_report": lambda zoom: zoom.report("webinar", _NO_RUN),
    "webinar_report_participants": lambda zoom: next(zoom.report_participants("webinar", _NO_RUN), None),
    "webinar_past_participants": lambda zoom: next(zoom.past_participants("webinar", _NO_RUN), None),
    "panelists": lambda zoom: next(zoom.panelists(_NO_SERIES), None),
    "recordings": lambda zoom: zoom.recordings(_NO_RUN),
    "webinar_registrants": lambda zoom: next(zoom.registrants("webinar", _NO_SERIES), None),
    "absentees": lambda zoom: next(zoom.absentees(_NO_RUN), None),
    "webinar_questions": lambda zoom: next(zoom.questions("webinar", _NO_RUN), None),
    "webinar_past_questions": lambda zoom: next(zoom.past_questions("webinar", _NO_RUN), None),
    "webinar_polls": lambda zoom: next(zoom.polls("webinar", _NO_RUN), None),
    "webinar_past_polls": lambda zoom: next(zoom.past_polls("webinar", _NO_RUN), None),
    "webinar_survey": lambda zoom: zoom.survey("webinar", _NO_RUN),
}


def _lacks(operation: str, scopes: tuple[str, ...]) -> Check:
    named = ", ".join(scopes)
    return Check(operation, "blocked", f"A scope is missing in Zoom: {named}.", scopes, advice.scopes(scopes))


def _failed(operation: str, error: ProviderError) -> Check:
    state = "blocked" if isinstance(error, Blocked) else "failed"
    return Check(operation, state, error.message, advice=error.advice)
