"""`check_connection` names each missing permission, and every failure becomes a line."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import responses

from conferences.providers.base import Check, Link
from teams_integration import checks
from teams_integration.checks import check
from teams_integration.tests.microsoft import (
    ALL_ROLES,
    CREDENTIALS,
    DISCOVERY,
    GRAPH,
    SECRET,
    TOKEN,
    discovery,
    graph_error,
    refused,
    sign_in,
    token_with,
)

OPERATIONS = ["attendance", "recordings", "chat", "files"]
ANY = re.compile(re.escape(GRAPH))
CALLS = f"{GRAPH}/communications/callRecords"


@pytest.fixture
def api() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


def lines(
    api: responses.RequestsMock, *roles: str, calls: tuple[int, dict[str, Any]] = (200, {"value": []})
) -> list[Check]:
    sign_in(api, token_with({"roles": roles}))
    api.get(CALLS, status=calls[0], json=calls[1])
    return list(check(CREDENTIALS, Link()))


def states(checks: list[Check]) -> dict[str, str]:
    return {line.operation: line.state for line in checks}


def test_all_permissions_permit_everything(api: responses.RequestsMock) -> None:
    got = lines(api, *ALL_ROLES)
    assert states(got) == dict.fromkeys(OPERATIONS, "permitted")
    assert [line.missing for line in got] == [()] * 4
    assert ["access policy" in line.message for line in got] == [True, True, False, False]


@pytest.mark.parametrize(
    ("lost", "hit"),
    [
        ("OnlineMeetings.Read.All", ["attendance", "recordings"]),
        ("OnlineMeetingArtifact.Read.All", ["attendance"]),
        ("OnlineMeetingRecording.Read.All", ["recordings"]),
        ("OnlineMeetingTranscript.Read.All", ["recordings"]),
        ("Files.Read.All", ["recordings", "files"]),
        ("Chat.Read.All", ["chat", "files"]),
    ],
)
def test_each_missing_permission_is_named(api: responses.RequestsMock, lost: str, hit: list[str]) -> None:
    got = lines(api, *(role for role in ALL_ROLES if role != lost))
    assert states(got) == {name: "blocked" if name in hit else "permitted" for name in OPERATIONS}
    assert {line.operation: line.missing for line in got if line.missing} == dict.fromkeys(hit, (lost,))
    assert [line.message for line in got if line.state == "blocked"] == [
        f"A permission is missing in Microsoft Teams: {lost}."
    ] * len(hit)
    assert all(f"add {lost}" in line.advice for line in got if line.state == "blocked")


def test_token_without_any_role_lists_all_that_is_missing(api: responses.RequestsMock) -> None:
    got = lines(api)
    assert {line.operation: line.missing for line in got} == {
        "attendance": ("OnlineMeetings.Read.All", "OnlineMeetingArtifact.Read.All", "CallRecords.Read.All"),
        "recordings": (
            "OnlineMeetings.Read.All",
            "OnlineMeetingRecording.Read.All",
            "OnlineMeetingTranscript.Read.All",
            "Files.Read.All",
        ),
        "chat": ("Chat.Read.All",),
        "files": ("Chat.Read.All", "Files.Read.All"),
    }


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [
        ("Files.Read.All", "Sites.Read.All"),
        ("Files.Read.All", "Files.ReadWrite.All"),
        ("Chat.Read.All", "Chat.ReadWrite.All"),
        ("OnlineMeetings.Read.All", "OnlineMeetings.ReadWrite.All"),
    ],
)
def test_wider_permissions_will_do(api: responses.RequestsMock, narrow: str, wide: str) -> None:
    got = lines(api, wide, *(role for role in ALL_ROLES if role != narrow))
    assert states(got) == dict.fromkeys(OPERATIONS, "permitted")


WITHOUT_RECORDS = (
    "Attendance reports can be read. A meeting without a report has call records instead; they cannot be read, for "
    "want of CallRecords.Read.All."
)


def assert_spared(got: list[Check]) -> None:
    assert states(got) == dict.fromkeys(OPERATIONS, "permitted")
    first = got[0]
    assert (first.message[: len(WITHOUT_RECORDS)], first.code) == (WITHOUT_RECORDS, "")
    assert (first.missing, "add CallRecords.Read.All" in first.advice) == (("CallRecords.Read.All",), True)
    assert [(line.missing, line.advice) for line in got[1:]] == [((), "")] * 3


def test_attendance_is_permitted_without_what_few_meetings_need(api: responses.RequestsMock) -> None:
    """Promise: what can be synced is not called blocked. Call records are asked only where there is no report."""
    got = lines(api, *(role for role in ALL_ROLES if role != "CallRecords.Read.All"))
    assert_spared(got)
    assert got[0].granted == ("OnlineMeetings.Read.All", "OnlineMeetingArtifact.Read.All")
    assert [call.request.url for call in api.calls if CALLS in str(call.request.url)] == []


def test_granted_but_refused_call_records_are_spared_as_well(api: responses.RequestsMock) -> None:
    assert_spared(lines(api, *ALL_ROLES, calls=(403, graph_error("Forbidden", "No."))))


def test_opaque_token_that_lacks_call_records_alone_permits_attendance(api: responses.RequestsMock) -> None:
    sign_in(api, "opaque")
    api.get(CALLS, status=403, json=graph_error("Authorization_RequestDenied", "Insufficient privileges."))
    api.get(ANY, status=404, json=graph_error("NotFound", "Not found."))
    assert_spared(list(check(CREDENTIALS, Link())))


def test_what_is_needed_and_what_is_spare_are_named_together_where_both_are_missing(
    api: responses.RequestsMock,
) -> None:
    got = lines(api, "OnlineMeetings.Read.All")
    assert (got[0].state, got[0].missing) == ("blocked", ("OnlineMeetingArtifact.Read.All", "CallRecords.Read.All"))


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (refused(7000215), "Microsoft refused the connection's client secret. An admin must enter the right one."),
        (refused(7000222), "The connection's client secret has expired. An admin must create a new one."),
    ],
)
def test_wrong_secret_fails_every_operation_with_its_sentence(
    api: responses.RequestsMock, body: dict[str, Any], sentence: str
) -> None:
    api.get(DISCOVERY, json=discovery())
    api.post(TOKEN, status=401, json=body)
    got = list(check(CREDENTIALS, Link()))
    assert [(line.operation, line.state, line.message) for line in got] == [
        (name, "failed", sentence) for name in OPERATIONS
    ]
    assert all(line.advice for line in got)
    assert SECRET not in repr(got)
    assert len(api.calls) == 2


def test_credentials_that_cannot_be_right_are_lines_too() -> None:
    got = list(check({"tenant_id": "x y", "client_id": "", "client_secret": ""}, Link()))
    assert [(line.operation, line.state) for line in got] == [(name, "failed") for name in OPERATIONS]
    assert got[0].message == "The application (client) ID is missing."


def test_credentials_are_taken_as_they_are_stored(api: responses.RequestsMock) -> None:
    sign_in(api, token_with({"roles": ALL_ROLES}))
    api.get(CALLS, json={"value": []})
    stored = {name: getattr(CREDENTIALS, name) for name in ("tenant_id", "client_id", "client_secret")}
    assert states(list(check(stored, Link()))) == dict.fromkeys(OPERATIONS, "permitted")


def test_opaque_token_is_tried_out(api: responses.RequestsMock) -> None:
    sign_in(api, "opaque")
    api.get(ANY, status=404, json=graph_error("NotFound", "Not found."))
    got = list(check(CREDENTIALS, Link()))
    assert states(got) == dict.fromkeys(OPERATIONS, "permitted")
    assert [checks._OPAQUE_NOTE in line.message for line in got] == [True] * 4


def test_opaque_token_without_permissions_is_blocked(api: responses.RequestsMock) -> None:
    sign_in(api, "opaque")
    api.get(ANY, status=403, json=graph_error("Authorization_RequestDenied", "Insufficient privileges."))
    got = list(check(CREDENTIALS, Link()))
    assert states(got) == dict.fromkeys(OPERATIONS, "blocked")
    assert got[2].missing == ("Chat.Read.All",)
    assert got[3].missing == ("Chat.Read.All", "Files.Read.All")


def test_opaque_token_that_only_lacks_the_policy_has_its_permissions(api: responses.RequestsMock) -> None:
    sign_in(api, "opaque")
    api.get(CALLS, json={"value": []})
    denied = graph_error("Forbidden", "No Application Access Policy found for this app")
    api.get(re.compile(re.escape(GRAPH) + "/users/.*/onlineMeetings"), status=403, json=denied)
    api.get(ANY, status=404, json=graph_error("itemNotFound", "Not found."))
    assert states(list(check(CREDENTIALS, Link()))) == dict.fromkeys(OPERATIONS, "permitted")


def test_each_permission_is_tried_once(api: responses.RequestsMock) -> None:
    sign_in(api, "opaque")
    api.get(ANY, status=404, json=graph_error("NotFound", "Not found."))
    list(check(CREDENTIALS, Link()))
    asked = [str(call.request.url).split("?")[0] for call in api.calls]
    assert len(asked) == len(set(asked)) == 2 + 8
