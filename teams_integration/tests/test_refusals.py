"""One status, many causes: each refusal that Graph words differently has its own code, sentence and remedy."""

import json
from typing import Any

import pytest

from conferences.providers.errors import (
    CredentialsRefused,
    LicenceMissing,
    Missing,
    NotPermitted,
    NotSupported,
    ProviderError,
    Rejected,
)
from conferences.providers.http import Call
from conferences.providers.transport import Answer
from teams_integration.refusals import refuse
from teams_integration.tests.microsoft import ALL_ROLES, CLIENT, ORGANIZER, graph_error

MEETING = f"/users/{ORGANIZER}/onlineMeetings/m1"
DRIVE = f"/users/{ORGANIZER}/drive/root:/Recordings:/children"
GRANTED = frozenset(ALL_ROLES)
RSC = (
    f"Application is not allowed to perform operations on the user '{ORGANIZER}', "
    "neither is allowed access through RSC permission evaluation"
)


def refusal(
    status: int, topic: str, body: Any, *, url: str = MEETING, roles: frozenset[str] | None = GRANTED
) -> ProviderError:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = Answer(status, {}, raw, "Microsoft Teams", "r-1")
    error = refuse(answer, Call(url, topic), client_id=CLIENT, roles=roles)
    assert error is not None
    return error


CASES = [
    (
        403,
        "attendance",
        "Forbidden",
        "No Application Access Policy found for this app",
        "",
        NotPermitted,
        "missing_access_policy",
    ),
    (
        403,
        "meeting",
        "Forbidden",
        f"No application access policy found for this app {CLIENT} on the user",
        "",
        NotPermitted,
        "missing_access_policy",
    ),
    (
        403,
        "meeting",
        "Unauthorized",
        f"App {CLIENT} is not authorized to read on behalf of user x",
        "",
        NotPermitted,
        "missing_access_policy",
    ),
    (
        403,
        "meeting",
        "Forbidden",
        "3003: User does not have access to lookup meeting.",
        "",
        NotPermitted,
        "wrong_organizer",
    ),
    (
        403,
        "recordings",
        "Forbidden",
        RSC,
        "",
        NotPermitted,
        "artifact_refused",
    ),
    (
        403,
        "transcripts",
        "Forbidden",
        "Graph API access to transcripts is disabled for this tenant.",
        "GraphAccessToTranscriptsDisabled",
        NotPermitted,
        "transcripts_disabled",
    ),
    (
        403,
        "transcripts",
        "Forbidden",
        "Graph API access to transcripts is disabled for this tenant.",
        "",
        NotPermitted,
        "transcripts_disabled",
    ),
    (403, "transcripts", "Forbidden", "No.", "SpeakerAttributionNotAllowed", NotPermitted, "speaker_attribution_off"),
    (
        403,
        "chat",
        "Authorization_RequestDenied",
        "Insufficient privileges to complete the operation.",
        "",
        NotPermitted,
        "missing_permission",
    ),
    (
        403,
        "call_records",
        "Forbidden",
        "Missing role permissions on the request.",
        "",
        NotPermitted,
        "missing_permission",
    ),
    (403, "drive", "accessDenied", "Access denied", "", NotPermitted, "onedrive_denied"),
    (403, "shared_item", "accessDenied", "Access denied", "", NotPermitted, "onedrive_denied"),
    (403, "chat", "Forbidden", "No.", "", NotPermitted, "not_permitted"),
    (
        401,
        "chat",
        "Unauthorized",
        "Invoked API requires a valid license for the user.",
        "",
        LicenceMissing,
        "licence_missing",
    ),
    (402, "chat", "PaymentRequired", "Pay.", "", LicenceMissing, "licence_missing"),
    (400, "drive", "BadRequest", "Tenant does not have a SPO license.", "", LicenceMissing, "licence_missing"),
    (
        401,
        "meeting",
        "InvalidAuthenticationToken",
        "Access token has expired.",
        "",
        CredentialsRefused,
        "token_refused",
    ),
    (401, "drive", "unauthenticated", "Sign in.", "", CredentialsRefused, "token_refused"),
    (404, "drive", "ResourceNotFound", "User's mysite not found.", "", NotSupported, "no_onedrive"),
    (404, "drive", "itemNotFound", "The resource could not be found.", "", Missing, "file_not_found"),
    (404, "meeting", "NotFound", "Not found.", "", Missing, "meeting_not_found"),
    (404, "meeting", "Request_ResourceNotFound", "Resource does not exist.", "", Missing, "user_not_found"),
    (404, "call_records", "NotFound", "Not found.", "", Missing, "call_not_found"),
    (404, "chat", "NotFound", "Not found.", "", Missing, "chat_not_found"),
    (404, "meeting", "NotFound", "The meeting has expired.", "", Missing, "meeting_expired"),
    (400, "meeting", "InvalidArgument", "Invalid meeting id AAMk.", "", Rejected, "invalid_meeting_id"),
]


@pytest.mark.parametrize(("status", "topic", "code", "message", "inner", "kind", "expected"), CASES)
def test_each_refusal_has_its_own_code(
    status: int, topic: str, code: str, message: str, inner: str, kind: type[ProviderError], expected: str
) -> None:
    error = refusal(status, topic, graph_error(code, message, inner))
    assert (type(error), error.code) == (kind, expected)
    assert (error.status, error.provider_code, error.request_id) == (status, inner or code, "r-1")
    assert error.message.endswith(".")
    assert message in error.detail
    # Where an admin must act, somebody tells them how; and no placeholder is left over.
    assert bool(error.advice) == (not isinstance(error, Missing) or expected == "user_not_found")
    assert "$" not in error.advice


@pytest.mark.parametrize("status", [400, 409, 422, 423])
def test_other_statuses_are_left_to_the_general_rule(status: int) -> None:
    answer = Answer(status, {}, b'{"error": {"code": "BadRequest"}}', "Microsoft Teams")
    assert refuse(answer, Call(MEETING, "meeting"), client_id=CLIENT, roles=GRANTED) is None


@pytest.mark.parametrize("body", [b"", b"<html>Forbidden</html>", [], {"error": "denied"}])
def test_403_of_any_shape_is_not_permitted(body: object) -> None:
    """A 403 is never success, and never an empty list."""
    assert isinstance(refusal(403, "recordings", body), NotPermitted)


def test_missing_policy_has_the_lines_to_run_filled_in() -> None:
    """must-beat 17: the exact missing policy, and how to grant it."""
    error = refusal(403, "attendance", graph_error("Forbidden", "No Application Access Policy found for this app"))
    assert error.message == (
        "Microsoft Teams does not let this system look at the organiser's meetings yet: an access policy is missing. "
        "A Teams admin must grant it."
    )
    assert error.advice.splitlines() == [
        "In Teams PowerShell, as a Teams administrator:",
        "    Connect-MicrosoftTeams",
        f'    New-CsApplicationAccessPolicy -Identity "LMS-Sync" -AppIds "{CLIENT}" '
        '-Description "Lets the LMS read its classes"',
        f'    Grant-CsApplicationAccessPolicy -PolicyName "LMS-Sync" -Identity "{ORGANIZER}"',
        "To allow it for every organiser, run this instead of the last line:",
        '    Grant-CsApplicationAccessPolicy -PolicyName "LMS-Sync" -Global',
        "It takes up to 30 minutes to take effect. Then sync again.",
    ]


@pytest.mark.parametrize("organizer", ["%22%3B%20Remove-Item%20%22", "a b", "$(x)", "%60whoami%60"])
def test_only_an_id_gets_into_lines_for_a_shell(organizer: str) -> None:
    body = graph_error("Forbidden", "No Application Access Policy found for this app")
    error = refusal(403, "meeting", body, url=f"/users/{organizer}/onlineMeetings")
    assert '-Identity "<object id of the organiser>"' in error.advice


@pytest.mark.parametrize(
    ("topic", "lost", "named"),
    [
        ("meeting", "OnlineMeetings.Read.All", "OnlineMeetings.Read.All"),
        ("attendance", "OnlineMeetingArtifact.Read.All", "OnlineMeetingArtifact.Read.All"),
        ("recordings", "OnlineMeetingRecording.Read.All", "OnlineMeetingRecording.Read.All"),
        ("transcripts", "OnlineMeetingTranscript.Read.All", "OnlineMeetingTranscript.Read.All"),
        ("call_records", "CallRecords.Read.All", "CallRecords.Read.All"),
        ("chat", "Chat.Read.All", "Chat.Read.All"),
        ("drive", "Files.Read.All", "Files.Read.All"),
        ("user", "User.ReadBasic.All", "User.ReadBasic.All"),
    ],
)
def test_permission_that_the_token_lacks_is_named(topic: str, lost: str, named: str) -> None:
    """must-beat 17: the exact missing permission, however Graph words its refusal."""
    error = refusal(403, topic, graph_error("Forbidden", "Forbidden"), roles=GRANTED - {lost})
    assert (error.code, error.message) == (
        "missing_permission",
        f"This system lacks a permission in Microsoft Teams: {named}. An admin must grant it.",
    )
    assert f"add {named}." in error.advice


def test_missing_policy_is_said_even_if_the_token_lacks_something() -> None:
    error = refusal(
        403, "attendance", graph_error("Forbidden", "No Application Access Policy found"), roles=frozenset()
    )
    assert error.code == "missing_access_policy"


@pytest.mark.parametrize("roles", [None, GRANTED])
def test_403_without_a_reason_lists_what_it_may_be(roles: frozenset[str] | None) -> None:
    error = refusal(403, "meeting", graph_error("Forbidden", "Forbidden"), roles=roles)
    assert error.code == "not_permitted"
    first, second = error.advice.splitlines()[:2]
    assert first.endswith("OnlineMeetings.Read.All, OnlineMeetings.ReadWrite.All.")
    assert second == "If it is, the application access policy may be missing."


def test_403_of_a_chat_says_nothing_of_the_policy() -> None:
    error = refusal(403, "chat", graph_error("Forbidden", "Forbidden"), url="/chats/19%3Ax/messages", roles=None)
    assert "policy" not in error.advice
    assert error.advice.endswith("Chat.Read.All, Chat.ReadWrite.All.")


def test_denied_drive_keeps_its_own_code_when_the_token_is_opaque() -> None:
    error = refusal(403, "drive", graph_error("accessDenied", "Access denied"), url=DRIVE, roles=None)
    assert (error.code, ORGANIZER in error.advice) == ("onedrive_denied", True)


def test_denied_shared_file_is_not_looked_for_in_the_organisers_drive() -> None:
    error = refusal(403, "shared_item", graph_error("accessDenied", "Access denied"), url="/shares/u!x/driveItem")
    assert error.code == "onedrive_denied"
    assert error.advice.endswith("policy on the OneDrive of whoever shared the file.")
