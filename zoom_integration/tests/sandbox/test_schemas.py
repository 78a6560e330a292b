"""Every kind of answer, held against the API's published schemas."""

import re

import pytest

from zoom_integration.sandbox.endpoints import ROUTES
from zoom_integration.sandbox.stories import big_class, odd_rows, odd_runs, open_lecture, tutorial
from zoom_integration.sandbox.stories.cast import JONAS, MIRA, PRIYA, UNLICENSED
from zoom_integration.tests.sandbox import schemas
from zoom_integration.tests.sandbox.asking import Asker, segment

pytestmark = pytest.mark.skipif(
    schemas.file() is None, reason="the folder with the API's schemas is not here; ZOOM_SPECS can name it"
)

MONTH = "from=2026-11-01&to=2026-11-30&page_size=300"
RUN, TUTORIAL = segment(open_lecture.UUID), segment(tutorial.UUIDS[1])
ANSWERED = {
    "/users": "/users",
    "/users/{userId}": f"/users/{MIRA.id}",
    "/users/{userId}/webinars": f"/users/{JONAS.id}/webinars",
    "/users/{userId}/meetings": f"/users/{PRIYA.id}/meetings",
    "/users/{userId}/recordings": f"/users/{MIRA.id}/recordings?{MONTH}",
    "/webinars/{webinarId}": f"/webinars/{open_lecture.ID}",
    "/webinars/{webinarId}/registrants": f"/webinars/{open_lecture.ID}/registrants",
    "/webinars/{webinarId}/registrants/questions": f"/webinars/{open_lecture.ID}/registrants/questions",
    "/webinars/{webinarId}/panelists": f"/webinars/{open_lecture.ID}/panelists",
    "/webinars/{webinarId}/polls": f"/webinars/{open_lecture.ID}/polls",
    "/webinars/{webinarId}/tracking_sources": f"/webinars/{open_lecture.ID}/tracking_sources",
    "/meetings/{meetingId}": f"/meetings/{tutorial.ID}?show_previous_occurrences=true",
    "/meetings/{meetingId}/recordings": f"/meetings/{RUN}/recordings?include_fields=download_access_token",
    "/past_webinars/{webinarId}/instances": f"/past_webinars/{open_lecture.ID}/instances",
    "/past_webinars/{webinarId}/participants": f"/past_webinars/{RUN}/participants?include_fields=registrant_id",
    "/past_webinars/{webinarId}/absentees": f"/past_webinars/{RUN}/absentees",
    "/past_webinars/{webinarId}/qa": f"/past_webinars/{RUN}/qa",
    "/past_webinars/{webinarId}/polls": f"/past_webinars/{RUN}/polls",
    "/past_meetings/{meetingId}": f"/past_meetings/{TUTORIAL}",
    "/past_meetings/{meetingId}/instances": f"/past_meetings/{tutorial.ID}/instances",
    "/past_meetings/{meetingId}/participants": f"/past_meetings/{TUTORIAL}/participants",
    "/past_meetings/{meetingId}/qa": f"/past_meetings/{TUTORIAL}/qa",
    "/past_meetings/{meetingId}/polls": f"/past_meetings/{TUTORIAL}/polls",
    "/report/history_meetings": f"/report/history_meetings?{MONTH}",
    "/report/users": f"/report/users?{MONTH}",
    "/report/users/{userId}/meetings": f"/report/users/{PRIYA.id}/meetings?{MONTH}",
    "/report/webinars/{webinarId}": f"/report/webinars/{RUN}",
    "/report/webinars/{webinarId}/participants": f"/report/webinars/{RUN}/participants?include_fields=registrant_id",
    "/report/webinars/{webinarId}/qa": f"/report/webinars/{RUN}/qa",
    "/report/webinars/{webinarId}/polls": f"/report/webinars/{RUN}/polls",
    "/report/webinars/{webinarId}/survey": f"/report/webinars/{RUN}/survey",
    "/report/meetings/{meetingId}": f"/report/meetings/{TUTORIAL}",
    "/report/meetings/{meetingId}/participants": f"/report/meetings/{TUTORIAL}/participants",
    "/report/meetings/{meetingId}/qa": f"/report/meetings/{TUTORIAL}/qa",
    "/report/meetings/{meetingId}/polls": f"/report/meetings/{TUTORIAL}/polls",
    "/report/meetings/{meetingId}/survey": f"/report/meetings/{TUTORIAL}/survey",
}
# Never answered well: no registration for meetings, and no transcript by this call.
_REFUSED_ONLY = {"/meetings/{meetingId}/registrants", "/meetings/{meetingId}/transcript"}


def _published(address: str) -> str:
    """An address of ours in the spelling of the published document."""
    shape = re.sub(r"\{\w+\}", "{}", address)
    return next(path for path in schemas.labels() if re.sub(r"\{\w+\}", "{}", path) == shape)


def test_every_address_is_held_against_its_schema() -> None:
    assert {_published(route.address) for route in ROUTES} == {*ANSWERED, *_REFUSED_ONLY}


@pytest.mark.parametrize("path", ANSWERED)
def test_answer_is_as_published(zoom: Asker, path: str) -> None:
    assert schemas.faults(zoom.json(ANSWERED[path]), path) == []


# What is broken on purpose does not count: a topic of 200 characters, blank times.
@pytest.mark.parametrize("story", [story.__name__ for story in odd_rows.STORIES if story.__name__ != "broken_times"])
def test_odd_rows_are_as_published(zoom: Asker, story: str) -> None:
    kind = "meeting" if story == "breakout" else "webinar"
    path = f"/report/{kind}s/{{{kind}Id}}/participants"
    address = f"/report/{kind}s/{segment(odd_rows.uuid(story))}/participants"
    assert schemas.faults(zoom.json(address, page_size=300, include_fields="registrant_id"), path) == []


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.address)
def test_limit_and_scope_are_the_published_ones(route: object) -> None:
    address, label, scope = (getattr(route, name) for name in ("address", "label", "scope"))
    path = _published(address)
    assert schemas.labels()[path] == label.upper()
    assert f"{scope}:admin" in schemas.granular_scopes(path)


REFUSED = {
    "unknown user": ("/users/{userId}", "/users/nobody"),
    "unlicensed": ("/users/{userId}/webinars", f"/users/{UNLICENSED.id}/webinars"),
    "unknown webinar": ("/webinars/{webinarId}", "/webinars/91234567890"),
    "webinar by uuid": ("/webinars/{webinarId}", f"/webinars/{RUN}"),
    "no polls": ("/webinars/{webinarId}/polls", f"/webinars/{big_class.ID}/polls"),
    "no registration": (
        "/webinars/{webinarId}/registrants/questions",
        f"/webinars/{big_class.ID}/registrants/questions",
    ),
    "no absentees": ("/past_webinars/{webinarId}/absentees", f"/past_webinars/{segment(big_class.UUID)}/absentees"),
    "no recording": ("/meetings/{meetingId}/recordings", f"/meetings/{TUTORIAL}/recordings"),
    "no transcript": ("/meetings/{meetingId}/transcript", f"/meetings/{TUTORIAL}/transcript"),
    "expired": (
        "/report/webinars/{webinarId}/participants",
        f"/report/webinars/{segment(odd_runs.uuid('expired'))}/participants",
    ),
    "unreported": (
        "/report/webinars/{webinarId}/participants",
        f"/report/webinars/{segment(odd_runs.uuid('unreported'))}/participants",
    ),
    "no dates": ("/report/history_meetings", "/report/history_meetings"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refusal_is_as_published(zoom: Asker, case: str) -> None:
    path, address = REFUSED[case]
    answer = zoom.get(address)
    assert answer.status_code >= 400
    assert schemas.component_faults(answer.json(), "ZoomError") == []
    assert answer.json()["code"] in schemas.error_codes(path, answer.status_code)


def test_token_is_as_published(zoom: Asker) -> None:
    assert schemas.component_faults(zoom.sign_in().json(), "OAuthToken") == []


def test_refused_token_is_as_published(own_zoom: Asker) -> None:
    assert schemas.component_faults(own_zoom.sign_in(auth=("a", "b")).json(), "OAuthError") == []
