"""`check_connection` names each missing scope, tries what no scope shows, and every failure becomes a line."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import responses

from conferences.providers.base import Check, Link
from conferences.providers.fake_clock import FakeClock
from zoom_integration.checks import _ABLE, _OPAQUE_NOTE, check
from zoom_integration.conf import Credentials
from zoom_integration.probes import _ASKED, PROBES, TELLING
from zoom_integration.scopes import OPERATION_TOPICS, permissions
from zoom_integration.tests.account import (
    ALL_SCOPES,
    ANY,
    API,
    CREDENTIALS,
    SECRET,
    SIGN_IN,
    TOKEN,
    no_scope,
    sign_in,
    zoom_error,
)

OPERATIONS = list(OPERATION_TOPICS)
UNKNOWN = zoom_error(3001, "Webinar does not exist.")
REPORT = "report:read:list_webinar_participants:admin"
CLASSIC = ("user:read:admin", "webinar:read:admin", "meeting:read:admin", "report:read:admin", "recording:read:admin")


@pytest.fixture
def api() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


def checked(credentials: Credentials | Mapping[str, str]) -> Iterator[Check]:
    return check(credentials, Link(), FakeClock().clock)


def lines(api: responses.RequestsMock, *scopes: str, status: int = 404, body: Any = UNKNOWN) -> list[Check]:
    sign_in(api, scope=" ".join(scopes))
    api.get(ANY, status=status, json=body)
    return list(checked(CREDENTIALS))


def states(checks: list[Check]) -> dict[str, str]:
    return {line.operation: line.state for line in checks}


def test_every_operation_has_its_line_and_its_calls() -> None:
    assert set(_ABLE) == set(TELLING) == set(OPERATIONS)
    assert {topic for topics in OPERATION_TOPICS.values() for topic in topics} == set(PROBES) == set(_ASKED)
    assert set(TELLING.values()) <= set(PROBES)


@pytest.mark.parametrize("scopes", [ALL_SCOPES, CLASSIC], ids=["granular", "classic"])
def test_all_scopes_permit_everything(api: responses.RequestsMock, scopes: tuple[str, ...]) -> None:
    got = lines(api, *scopes)
    assert [(line.operation, line.state, line.message) for line in got] == [
        (name, "permitted", _ABLE[name]) for name in OPERATIONS
    ]


@pytest.mark.parametrize(
    ("lost", "hit"),
    [
        (REPORT, ["attendance"]),
        ("webinar:read:list_past_participants:admin", ["attendance"]),
        ("webinar:read:list_panelists:admin", ["attendance"]),
        ("cloud_recording:read:list_recording_files:admin", ["recordings", "chat"]),
        ("webinar:read:list_registrants:admin", ["registrants"]),
        ("webinar:read:list_absentees:admin", ["absentees"]),
        ("report:read:webinar_qna:admin", ["questions"]),
        ("webinar:read:past_qa:admin", ["questions"]),
        ("report:read:list_webinar_polls:admin", ["polls"]),
        ("webinar:read:list_past_polls:admin", ["polls"]),
        ("report:read:webinar_survey:admin", ["survey"]),
    ],
)
def test_each_missing_scope_is_named(api: responses.RequestsMock, lost: str, hit: list[str]) -> None:
    got = lines(api, *(scope for scope in ALL_SCOPES if scope != lost))
    assert states(got) == {name: "blocked" if name in hit else "permitted" for name in OPERATIONS}
    assert {line.operation: line.missing for line in got if line.missing} == dict.fromkeys(hit, (lost,))
    blocked = [line for line in got if line.state == "blocked"]
    assert [line.message for line in blocked] == [f"A scope is missing in Zoom: {lost}."] * len(hit)
    assert all(f"add {lost}." in line.advice for line in blocked)


def test_account_without_report_scopes_is_told_all_of_them(api: responses.RequestsMock) -> None:
    got = lines(api, *(scope for scope in ALL_SCOPES if not scope.startswith("report:")))
    assert {line.operation: line.missing for line in got if line.missing} == {
        "attendance": ("report:read:webinar:admin", REPORT),
        "questions": ("report:read:webinar_qna:admin",),
        "polls": ("report:read:list_webinar_polls:admin",),
        "survey": ("report:read:webinar_survey:admin",),
    }


def test_scopes_for_meetings_and_the_whole_account_are_a_note(api: responses.RequestsMock) -> None:
    lost = {"meeting:read:meeting:admin", "report:read:list_history_meetings:admin"}
    line = lines(api, *(scope for scope in ALL_SCOPES if scope not in lost))[0]
    assert (line.state, line.missing) == ("permitted", ())
    assert line.message == (
        f"{_ABLE['attendance']} That is for webinars; for meetings these scopes would be needed: "
        "meeting:read:meeting:admin. To list the whole account's sessions these would be needed: "
        "report:read:list_history_meetings:admin."
    )


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (zoom_error(200, "No permission."), "Zoom does not allow the connection's app to look at this."),
        (zoom_error(200, "Only available for Paid accounts."), "Zoom gives this out to accounts with a higher plan"),
    ],
)
def test_what_no_scope_shows_is_tried(api: responses.RequestsMock, body: dict[str, Any], sentence: str) -> None:
    got = lines(api, *ALL_SCOPES, status=400, body=body)
    assert states(got) == dict.fromkeys(OPERATIONS, "blocked")
    assert all(line.message.startswith(sentence) and line.advice for line in got)


def test_scope_that_is_shown_but_refused_is_named(api: responses.RequestsMock) -> None:
    sign_in(api)
    api.get(re.compile(f"{API}/report/webinars/[^/]*/participants"), status=400, json=no_scope(REPORT))
    api.get(ANY, status=404, json=UNKNOWN)
    got = list(checked(CREDENTIALS))
    assert states(got) == {name: "blocked" if name == "attendance" else "permitted" for name in OPERATIONS}
    assert REPORT in got[0].missing


@pytest.mark.parametrize(
    ("status", "body"),
    [(404, UNKNOWN), (404, zoom_error(3301)), (400, zoom_error(300, "Invalid webinar id.")), (400, zoom_error(3000))],
)
def test_not_finding_nobody_means_that_we_may_ask(api: responses.RequestsMock, status: int, body: Any) -> None:
    assert states(lines(api, *ALL_SCOPES, status=status, body=body)) == dict.fromkeys(OPERATIONS, "permitted")


def test_scopes_that_are_not_told_are_tried_out(api: responses.RequestsMock) -> None:
    api.post(SIGN_IN, json={"access_token": TOKEN})
    api.get(re.compile(f"{API}/report/webinars/[^/]*/participants"), status=400, json=no_scope(REPORT))
    api.get(ANY, status=404, json=UNKNOWN)
    got = list(checked(CREDENTIALS))
    assert states(got) == {name: "blocked" if name == "attendance" else "permitted" for name in OPERATIONS}
    assert got[0].missing == (REPORT,)
    assert all(line.message.endswith(_OPAQUE_NOTE) for line in got[1:])


def test_nothing_is_tried_twice(api: responses.RequestsMock) -> None:
    api.post(SIGN_IN, json={"access_token": TOKEN})
    api.get(ANY, status=404, json=UNKNOWN)
    list(checked(CREDENTIALS))
    asked = [str(call.request.url) for call in api.calls]
    assert len(asked) == len(set(asked)) == 1 + len(PROBES)


def test_only_reading_is_tried(api: responses.RequestsMock) -> None:
    lines(api, *ALL_SCOPES)
    assert {call.request.method for call in list(api.calls)[1:]} == {"GET"}


def test_wrong_secret_fails_every_operation_with_its_sentence(api: responses.RequestsMock) -> None:
    api.post(SIGN_IN, status=400, json={"reason": "Invalid client_id or client_secret", "error": "invalid_client"})
    got = list(checked(CREDENTIALS))
    sentence = "Zoom refused the connection's client ID or client secret. An admin must enter the right ones."
    assert [(line.operation, line.state, line.message) for line in got] == [
        (name, "failed", sentence) for name in OPERATIONS
    ]
    assert all(line.advice for line in got)
    assert SECRET not in repr(got)
    assert len(api.calls) == 1


def test_used_up_day_is_asked_about_once(api: responses.RequestsMock) -> None:
    got = lines(api, *ALL_SCOPES, status=429, body=zoom_error(429, "You have reached the maximum daily rate limit."))
    assert states(got) == dict.fromkeys(OPERATIONS, "unknown")
    assert len(api.calls) == 2


@pytest.mark.parametrize("status", [429, 500, 503])
def test_zoom_in_trouble_is_told_as_such_and_never_as_permitted(api: responses.RequestsMock, status: int) -> None:
    got = lines(api, *ALL_SCOPES, status=status, body={})
    assert [(line.operation, line.state, line.message.startswith("This could not be checked. ")) for line in got] == [
        (name, "unknown", True) for name in OPERATIONS
    ]
    assert {str(call.request.url).partition("?")[0] for call in list(api.calls)[1:]} == {
        f"{API}/report/webinars/AAAAAAAAAAAAAAAAAAAAAA%3D%3D/participants"
    }


def test_line_tells_what_is_needed_what_is_there_and_what_was_tried(api: responses.RequestsMock) -> None:
    lost = "report:read:webinar_qna:admin"
    got = {line.operation: line for line in lines(api, *(scope for scope in ALL_SCOPES if scope != lost))}
    chat, questions = got["chat"], got["questions"]
    assert (chat.needs, chat.granted, chat.missing) == (permissions("chat"), permissions("chat"), ())
    assert (
        chat.probe == "Asked for the recordings of a session that does not exist: answered 404, so it may be asked for."
    )
    assert (questions.needs, questions.granted, questions.missing, questions.probe) == (
        permissions("questions"),
        ("webinar:read:past_qa:admin",),
        (lost,),
        "",
    )
    assert (questions.code, questions.steps[0]) == (
        "missing_scope",
        "Zoom App Marketplace › Manage › your app › Scopes › Add Scopes: add report:read:webinar_qna:admin. An older "
        "app with classic scopes needs report:read:admin instead.",
    )


def test_classic_scopes_are_what_is_there_of_what_is_needed(api: responses.RequestsMock) -> None:
    assert lines(api, *CLASSIC)[0].granted == ("webinar:read:admin", "report:read:admin")


def test_right_that_the_role_lacks_hits_what_needs_it(api: responses.RequestsMock) -> None:
    sign_in(api)
    api.get(re.compile(f"{API}/report/"), status=400, json=zoom_error(200, "No permission."))
    api.get(ANY, status=404, json=UNKNOWN)
    got = {line.operation: line for line in checked(CREDENTIALS)}
    hit = {"attendance", "questions", "polls", "survey"}
    assert {name for name, line in got.items() if line.state == "blocked"} == hit
    assert got["polls"].steps[1:] == ("Then sync again.",)
    assert got["polls"].probe.endswith(" that does not exist: refused with 400 (200).")


def test_few_calls_tell(api: responses.RequestsMock) -> None:
    """With scopes that are told: one sign-in, and one call for reports, recordings and webinars each."""
    lines(api, *ALL_SCOPES)
    assert len(api.calls) == 4


def test_credentials_that_cannot_be_right_are_lines_too() -> None:
    got = list(checked({"account_id": "a"}))
    assert [(line.operation, line.state, line.message) for line in got] == [
        (name, "failed", "The client ID is missing.") for name in OPERATIONS
    ]


def test_credentials_are_taken_as_they_are_stored(api: responses.RequestsMock) -> None:
    sign_in(api)
    api.get(ANY, status=404, json=UNKNOWN)
    stored = {name: getattr(CREDENTIALS, name) for name in ("account_id", "client_id", "client_secret")}
    assert states(list(checked(stored))) == dict.fromkeys(OPERATIONS, "permitted")


def test_check_signs_in_anew_so_that_new_scopes_show(api: responses.RequestsMock) -> None:
    assert states(lines(api))["survey"] == "blocked"
    api.reset()
    assert states(lines(api, *ALL_SCOPES))["survey"] == "permitted"
