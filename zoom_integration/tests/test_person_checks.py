"""`check_connection` for an account that a person connected: own scopes do, reports are closed, and it says so."""

from collections.abc import Iterator

import pytest
import responses

from conferences.providers.base import Check, Link
from conferences.providers.fake_clock import FakeClock
from zoom_integration.checks import _ABLE, check
from zoom_integration.permission import Permission
from zoom_integration.scopes import OPERATION_TOPICS
from zoom_integration.tests.account import ALL_SCOPES, ANY, zoom_error
from zoom_integration.tests.person import STORED, Row, link_to, permission

OWN = tuple(
    scope.removesuffix(":admin")
    for scope in ALL_SCOPES
    if not scope.startswith("report:") and scope != "user:read:list_users:admin"
)
SURVEY = "report:read:webinar_survey:admin"


@pytest.fixture
def api() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        mock.get(ANY, status=404, json=zoom_error(3001, "Webinar does not exist."))
        yield mock


def lines(*scopes: str) -> dict[str, Check]:
    tokens = {**permission().tokens(), "scopes": list(scopes)}
    return {line.operation: line for line in check(STORED, link_to(Row(tokens)), FakeClock().clock)}


def test_own_scopes_are_enough_for_all_but_the_survey(api: responses.RequestsMock) -> None:
    got = lines(*OWN)
    assert {name for name, line in got.items() if line.state != "permitted"} == {"survey"}
    assert (got["survey"].state, got["survey"].missing) == ("blocked", (SURVEY,))
    assert got["registrants"].message == _ABLE["registrants"]


def test_attendance_says_that_it_does_without_reports(api: responses.RequestsMock) -> None:
    assert lines(*OWN)["attendance"].message == (
        "The list of past participants is used: Zoom closes reports to apps that each user manages. Of the account's "
        "sessions, those of the person who connected it are found."
    )
    assert [call.request.url for call in api.calls if "/report/" in str(call.request.url)] == []


def test_missing_scopes_are_named_in_the_form_that_the_app_can_add(api: responses.RequestsMock) -> None:
    lost = {"webinar:read:list_past_participants", "webinar:read:list_registrants"}
    got = lines(*(scope for scope in OWN if scope not in lost))
    assert got["attendance"].missing == ("webinar:read:list_past_participants",)
    assert got["registrants"].missing == ("webinar:read:list_registrants",)
    assert "has to connect it again" in got["registrants"].advice


def test_what_finding_sessions_lacks_is_a_note(api: responses.RequestsMock) -> None:
    message = lines(*(scope for scope in OWN if scope != "webinar:read:list_webinars"))["attendance"].message
    assert message.endswith("To list the person's sessions these would be needed: webinar:read:list_webinars.")


def test_app_that_an_admin_manages_is_checked_like_an_account(api: responses.RequestsMock) -> None:
    got = lines(*ALL_SCOPES)
    assert {name: (line.state, line.message) for name, line in got.items()} == {
        name: ("permitted", _ABLE[name]) for name in OPERATION_TOPICS
    }


@pytest.mark.parametrize("link", [Link(), link_to(Row(ended=True))])
def test_without_a_permission_every_line_says_to_connect(api: responses.RequestsMock, link: Link) -> None:
    got = list(check(STORED, link, FakeClock().clock))
    assert [(line.operation, line.state) for line in got] == [(name, "failed") for name in OPERATION_TOPICS]
    assert len(api.calls) == 0


def test_check_takes_no_newer_tokens_than_it_needs(api: responses.RequestsMock) -> None:
    row = Row(Permission.kept(permission().tokens()).tokens())
    list(check(STORED, link_to(row), FakeClock().clock))
    assert row.renewals == 0
