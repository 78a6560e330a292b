"""Harmless calls that show whether Zoom lets us ask: about what nobody has, so that the answer tells only that."""

from collections.abc import Callable, Mapping

from conferences.providers.errors import Missing, ProviderError, Rejected
from conferences.providers.probing import Probing, Tried, attempt
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


def probing(client: ZoomClient) -> Probing:
    return Probing(lambda topic: _tried(topic, client))


def _tried(topic: str, client: ZoomClient) -> Tried:
    what = f"Asked for {_ASKED[topic]} that does not exist"
    return attempt(what, lambda: PROBES[topic](client), _lets_in, "answered, so it may be asked for")


def _lets_in(error: ProviderError) -> bool:
    return isinstance(error, Missing | Rejected)
