"""Harmless calls that show whether Zoom lets us ask: about what nobody has, so that the answer tells only that."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from conferences.providers.errors import Missing, ProviderError, Rejected, Retryable
from zoom_integration.client import ZoomClient
from zoom_integration.scopes import is_personal

_NO_RUN = "AAAAAAAAAAAAAAAAAAAAAA=="
_NO_SERIES = "10000000000"

PROBES: Mapping[str, Callable[[ZoomClient], object]] = {
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

_ASKED: Mapping[str, str] = {
    "webinar": "a webinar",
    "webinar_instances": "the past runs of a webinar",
    "webinar_report": "the report of a webinar",
    "webinar_report_participants": "the participants report of a webinar",
    "webinar_past_participants": "the participants of a past webinar",
    "panelists": "the panelists of a webinar",
    "recordings": "the recordings of a session",
    "webinar_registrants": "the registrants of a webinar",
    "absentees": "the absentees of a webinar",
    "webinar_questions": "the questions report of a webinar",
    "webinar_past_questions": "the questions of a past webinar",
    "webinar_polls": "the polls report of a webinar",
    "webinar_past_polls": "the polls of a past webinar",
    "webinar_survey": "the survey report of a webinar",
}

# With known scopes one call for each right of the role, and for the plan: scopes do not show these.
_REPORTS, _WEBINARS = "webinar_report_participants", "webinar_registrants"
TELLING: Mapping[str, str] = {
    "attendance": _REPORTS,
    "recordings": "recordings",
    "chat": "recordings",
    "registrants": _WEBINARS,
    "absentees": _WEBINARS,
    "questions": _REPORTS,
    "polls": _REPORTS,
    "survey": _REPORTS,
}


def telling(operation: str, scopes: frozenset[str] | None) -> str:
    """The topic of the call that tells what no scope shows. Reports are closed to what a person manages themselves."""
    topic = TELLING[operation]
    return "webinar_past_participants" if topic == _REPORTS and is_personal(scopes) else topic


@dataclass(frozen=True, slots=True)
class Tried:
    """`error` is None when Zoom let us ask, whatever it found; `told` is the sentence about it."""

    error: ProviderError | None
    told: str


@dataclass(slots=True)
class Probing:
    """Each call once, and none any more when Zoom is down."""

    client: ZoomClient
    _tried: dict[str, Tried] = field(default_factory=dict)
    _down: Tried | None = None

    def tried(self, topic: str) -> Tried:
        if topic in self._tried or self._down is not None:
            return self._tried.get(topic) or self._down or Tried(None, "")
        self._tried[topic] = tried = _tried(topic, self.client)
        self._down = tried if isinstance(tried.error, Retryable) else None
        return tried


def _tried(topic: str, client: ZoomClient) -> Tried:
    what = f"Asked for {_ASKED[topic]} that does not exist:"
    try:
        PROBES[topic](client)
    except (Missing, Rejected) as error:
        return Tried(None, f"{what} answered {error.status}, so it may be asked for.")
    except ProviderError as error:
        status = f" with {error.status}" if error.status else ""
        return Tried(error, f"{what} refused{status} ({error.provider_code or error.code}).")
    return Tried(None, f"{what} answered, so it may be asked for.")
