from urllib.parse import quote, unquote

import pytest

from teams_integration.sandbox.stories import ethics_tutorial, meet_now, seminar
from teams_integration.sandbox.stories.cast import HARRIET, INGRID, RUBEN
from teams_integration.sandbox.stories.seminar_people import LEARNERS
from teams_integration.tests.sandbox.asking import Asker, asking, meeting_path

URL = seminar.PLAN.join_url


def test_meeting_is_found_by_its_link(graph: Asker) -> None:
    (found,) = graph.by_join_url(INGRID, URL)
    assert (found["subject"], found["joinWebUrl"], found["chatInfo"]["threadId"]) == (
        seminar.SUBJECT,
        URL,
        seminar.THREAD,
    )


def test_meeting_is_found_by_its_digits(graph: Asker) -> None:
    asked = "joinMeetingIdSettings/joinMeetingId eq '381234567890'"
    (found,) = graph.json(f"/users/{INGRID.id}/onlineMeetings", filter=asked)["value"]
    assert found["joinWebUrl"] == URL


@pytest.mark.parametrize("spelling", [unquote(URL), quote(URL, safe=":/?="), URL.replace("%3a", "%3A"), URL + "x"])
def test_link_in_another_spelling_finds_nothing(graph: Asker, spelling: str) -> None:
    assert graph.by_join_url(INGRID, spelling) == []


def test_link_encoded_only_once_on_the_wire_finds_nothing(graph: Asker) -> None:
    """`%3a` must travel as `%253a`."""
    found = graph.json(f"/users/{INGRID.id}/onlineMeetings?$filter=JoinWebUrl%20eq%20'{URL}'")
    assert found["value"] == []


def test_another_organizer_is_refused_with_3003(graph: Asker) -> None:
    asked = f"JoinWebUrl eq '{URL}'"
    refused = graph.refusal(f"/users/{RUBEN.id}/onlineMeetings", filter=asked)
    assert refused == (403, "Forbidden", "3003: User does not have access to lookup meeting.")


def test_instant_meeting_is_not_listed(graph: Asker) -> None:
    organizer = graph.meeting(meet_now.THREAD).organizer
    asked = f"JoinWebUrl eq '{meet_now.PLAN.join_url}'"
    assert graph.refusal(f"/users/{organizer.id}/onlineMeetings", filter=asked)[:2] == (404, "NotFound")


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({}, "BadRequest"),
        ({"filter": "subject eq 'x'"}, "BadRequest"),
        ({"filter": "JoinWebUrl eq x"}, "BadRequest"),
        ({"filter": "JoinWebUrl eq 'it's'"}, "BadRequest"),
        ({"filter": "startswith(JoinWebUrl,'x')"}, "BadRequest"),
        ({"filter": f"JoinWebUrl eq '{URL}'", "top": "1"}, "BadRequest"),
    ],
)
def test_listing_other_than_documented_is_refused(graph: Asker, params: dict[str, str], code: str) -> None:
    assert graph.refusal(f"/users/{INGRID.id}/onlineMeetings", **params)[:2] == (400, code)


def test_principal_name_is_no_object_id(graph: Asker) -> None:
    asked = f"JoinWebUrl eq '{URL}'"
    assert graph.refusal(f"/users/{INGRID.email}/onlineMeetings", filter=asked)[0] == 400


def test_invited_person_may_read_the_meeting_but_not_its_attendance(graph: Asker) -> None:
    path = meeting_path(graph.meeting(seminar.THREAD)).replace(INGRID.id, LEARNERS[0].id)
    assert graph.json(path)["subject"] == seminar.SUBJECT
    assert graph.refusal(f"{path}/attendanceReports")[0] == 403


def test_calendar_id_is_no_meeting_id(graph: Asker) -> None:
    refused = graph.refusal(f"/users/{INGRID.id}/onlineMeetings/AAMkAGI1AAAt9AHjAAA=")
    assert refused == (400, "InvalidArgument", "Invalid meeting id.")


@pytest.mark.parametrize("what", ["", "/attendanceReports", "/recordings", "/transcripts"])
def test_without_a_policy_everything_of_the_organizer_is_refused(graph: Asker, what: str) -> None:
    path = meeting_path(graph.meeting(ethics_tutorial.THREAD))
    app = graph.tenant.client_id
    assert graph.refusal(path + what) == (
        403,
        "Forbidden",
        f"No application access policy found for this app: {app} on the user: {HARRIET.id}.",
    )


def test_policy_can_be_granted_while_serving(own_graph: Asker) -> None:
    path = meeting_path(own_graph.meeting(ethics_tutorial.THREAD))
    assert own_graph.get(path).status_code == 403
    assert own_graph.switch("grant-policy") == 204
    assert own_graph.get(path).status_code == 200


def test_scenario_can_be_changed_while_serving(own_graph: Asker) -> None:
    path = meeting_path(own_graph.meeting(ethics_tutorial.THREAD))
    assert own_graph.switch("scenario", name="policy-granted") == 204
    assert own_graph.get(path).status_code == 200


@pytest.mark.parametrize(("switch", "body"), [("nope", {}), ("roles", {"rolls": []}), ("token-life", {"seconds": "x"})])
def test_switch_that_is_none_is_refused(own_graph: Asker, switch: str, body: dict[str, object]) -> None:
    assert own_graph.switch(switch, **body) == 400


def test_reports_come_newest_first_and_without_records(graph: Asker) -> None:
    reports = graph.rows(f"{meeting_path(graph.meeting(seminar.THREAD))}/attendanceReports")
    starts = [report["meetingStartDateTime"] for report in reports]
    assert starts == sorted(starts, reverse=True)
    assert [report["attendanceRecords"] for report in reports] == [[]] * 5


def test_expanded_records_page_with_a_link_of_their_own(graph: Asker) -> None:
    meeting = graph.meeting(seminar.THREAD)
    report = next(report for report in meeting.reports if report.people > 50)
    address = f"{meeting_path(meeting)}/attendanceReports/{report.id}"
    first = graph.json(address, expand="attendanceRecords")
    assert "@odata.nextLink" not in first
    second = graph.json(first["attendanceRecords@odata.nextLink"])
    assert first["attendanceRecords"] + second["value"] == list(report.records)
    assert graph.rows(f"{address}/attendanceRecords") == list(report.records)


def test_missing_permission_is_refused_by_what_the_token_holds() -> None:
    with asking("missing-permissions") as graph:
        meeting = meeting_path(graph.meeting(seminar.THREAD))
        assert graph.get(meeting).status_code == 200
        for address in (f"{meeting}/attendanceReports", f"{meeting}/recordings", "/communications/callRecords"):
            assert graph.refusal(address)[:2] == (403, "Authorization_RequestDenied")
        assert graph.refusal(f"/users/{INGRID.id}/drive")[:2] == (403, "accessDenied")
        chat = graph.refusal(f"/chats/{quote(seminar.THREAD)}/messages")
    assert chat[:2] == (403, "Forbidden")
    assert chat[2].startswith("Missing role permissions on the request. API requires one of 'Chat.Read.All, ")


def test_own_request_id_comes_back(graph: Asker) -> None:
    answer = graph.get(f"/users/{INGRID.id}", {"client-request-id": "my-own-id"})
    assert answer.headers["client-request-id"] == "my-own-id"
    assert answer.headers["request-id"]
