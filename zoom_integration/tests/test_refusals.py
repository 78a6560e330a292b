"""Each of Zoom's codes has a meaning of its own: what happened, who can act, and what they must do."""

import json
from typing import Any

import pytest

from conferences.providers.errors import (
    CredentialsRefused,
    LicenceMissing,
    Missing,
    NotPermitted,
    ProviderError,
    Rejected,
)
from conferences.providers.http import Call
from conferences.providers.transport import Answer
from zoom_integration.refusal_table import TABLE
from zoom_integration.refusals import refuse
from zoom_integration.tests.account import no_scope, zoom_error

PARTICIPANTS = "webinar_report_participants"
REPORT_SCOPE = "report:read:list_webinar_participants:admin"


def refused(
    status: int, body: object, topic: str = PARTICIPANTS, scopes: frozenset[str] | None = None
) -> ProviderError | None:
    return refuse(Answer(status, {}, json.dumps(body).encode(), "Zoom", "r-1"), Call("/x", topic), scopes)


@pytest.mark.parametrize(
    ("status", "body", "topic", "kind", "code"),
    [
        (401, zoom_error(124, "Invalid access token."), PARTICIPANTS, CredentialsRefused, "token_refused"),
        (400, zoom_error("124", "Access token is expired."), PARTICIPANTS, CredentialsRefused, "token_refused"),
        (400, zoom_error(4717, "The app has been disabled."), PARTICIPANTS, CredentialsRefused, "app_deactivated"),
        (401, zoom_error(4741, "Revoked."), PARTICIPANTS, CredentialsRefused, "token_refused"),
        (401, zoom_error(4700, "Token cannot be empty."), PARTICIPANTS, CredentialsRefused, "token_refused"),
        (401, zoom_error(4700, "Does not contain scopes:[a:b]"), PARTICIPANTS, NotPermitted, "missing_scope"),
        (400, zoom_error(200, "No permission."), PARTICIPANTS, NotPermitted, "not_permitted"),
        (400, zoom_error(200, "Webinar plan is missing."), "webinars", LicenceMissing, "webinar_licence_missing"),
        (400, zoom_error(200, "Only available for Paid or ZMP account"), "history", LicenceMissing, "licence_missing"),
        (400, zoom_error(300, "The next page token is invalid or expired."), "users", Rejected, "page_token_expired"),
        (400, zoom_error(300, "Invalid webinar id."), "webinar", Rejected, "invalid_parameter"),
        (404, zoom_error(1001, "User does not exist."), "user", Missing, "user_not_found"),
        (401, zoom_error(1010, "User does not belong to this account."), "webinars", Missing, "user_not_found"),
        (400, zoom_error(3000, "Registration is off."), "webinar_registrants", Missing, "registration_off"),
        (400, zoom_error(3000, "Registration is off."), "absentees", Missing, "registration_off"),
        (400, zoom_error(3000, "Cannot access webinar info."), "webinar", Missing, "not_available"),
        (404, zoom_error("3001", "Webinar does not exist."), PARTICIPANTS, Missing, "not_found"),
        (400, zoom_error(3161, "Not enabled."), "webinars", NotPermitted, "host_restricted"),
        (403, zoom_error(2306, "Not allowed."), "meetings", NotPermitted, "host_restricted"),
        (404, zoom_error(3301, "There is no recording."), "recordings", Missing, "no_recording"),
        (404, zoom_error(3322, "There is no transcript."), "recordings", Missing, "no_transcript"),
        (400, zoom_error(4400, "Polls disabled."), "webinar_polls", Missing, "polls_off"),
        (400, zoom_error(12702, "A year ago."), PARTICIPANTS, Missing, "report_expired"),
        (403, zoom_error(12703, "No permission for group."), "history", NotPermitted, "group_not_permitted"),
        (404, zoom_error(2300, "This API endpoint is not recognized."), PARTICIPANTS, Rejected, "endpoint_unknown"),
        (403, {}, PARTICIPANTS, NotPermitted, "not_permitted"),
    ],
)
def test_every_code_has_its_meaning(
    status: int, body: dict[str, Any], topic: str, kind: type[ProviderError], code: str
) -> None:
    error = refused(status, body, topic)
    assert (type(error), error and error.code) == (kind, code)
    assert error is not None
    assert error.status == status
    assert error.provider_code == str(body.get("code", ""))
    assert error.request_id == "r-1"
    assert error.message.endswith(".")


def test_missing_scope_names_the_one_that_fits_the_question() -> None:
    error = refused(400, no_scope("report:read:list_webinar_participants", REPORT_SCOPE))
    assert isinstance(error, NotPermitted)
    assert error.message == (
        f"This system lacks a scope in Zoom: {REPORT_SCOPE}. An admin must add it to the connection's app."
    )
    assert f"add {REPORT_SCOPE}. An older app with classic scopes needs report:read:admin instead." in error.advice


def test_missing_scope_that_we_do_not_know_is_named_as_zoom_names_it() -> None:
    error = refused(400, no_scope("odd:read:thing", "odd:read:thing:admin"))
    assert error is not None
    assert error.message.startswith("This system lacks a scope in Zoom: odd:read:thing, odd:read:thing:admin.")


def test_missing_scope_without_a_list_is_known_from_the_question() -> None:
    error = refused(401, zoom_error(4711, "Token scopes do not match."))
    assert error is not None
    assert (error.code, REPORT_SCOPE in error.message) == ("missing_scope", True)


def test_missing_scope_of_an_unknown_question_still_says_so() -> None:
    error = refused(400, zoom_error(4711, "Token scopes do not match."), "download")
    assert error is not None
    assert error.message == "This system lacks a scope in Zoom. An admin must add it to the connection's app."


def test_forbidden_is_explained_by_what_the_token_lacks() -> None:
    error = refused(403, {}, scopes=frozenset({"webinar:read:admin"}))
    assert error is not None
    assert (error.code, REPORT_SCOPE in error.message) == ("missing_scope", True)


def test_forbidden_with_the_scope_held_is_the_roles_fault() -> None:
    error = refused(403, {}, scopes=frozenset({REPORT_SCOPE}))
    assert error is not None
    assert (error.code, "User Management › Roles" in error.advice) == ("not_permitted", True)


@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        ({"message": "Webinar subscription is missing."}, LicenceMissing, "webinar_licence_missing"),
        (zoom_error(200, "No permission."), NotPermitted, "not_permitted"),
        (zoom_error(3001, "Gone."), Missing, "not_found"),
        (zoom_error(9999, "What?"), Rejected, "error_in_answer"),
        ({"message": "What?"}, Rejected, "error_in_answer"),
        (no_scope(REPORT_SCOPE), NotPermitted, "missing_scope"),
    ],
)
def test_a_good_status_with_an_error_inside_is_an_error(body: object, kind: type[ProviderError], code: str) -> None:
    error = refused(200, body, "absentees")
    assert (type(error), error and error.code) == (kind, code)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, {"participants": []}),
        (204, {}),
        (400, zoom_error(9999)),
        (404, {}),
        (500, zoom_error(3001)),
        (503, zoom_error(200)),
    ],
)
def test_what_zoom_does_not_explain_is_left_to_the_general_rule(status: int, body: object) -> None:
    assert refused(status, body) is None


def test_every_row_can_be_reached() -> None:
    """A row that stands behind a wider one would never be read."""
    for index, row in enumerate(TABLE):
        for earlier in TABLE[:index]:
            wider = earlier.codes >= row.codes and (not earlier.topics or (row.topics and earlier.topics >= row.topics))
            assert not (wider and not earlier.says), row.code


def test_what_somebody_can_lift_says_how() -> None:
    liftable = [row for row in TABLE if row.kind in {CredentialsRefused, LicenceMissing, NotPermitted}]
    assert [row.code for row in liftable if not row.advice] == []
