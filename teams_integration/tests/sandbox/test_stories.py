"""Each story keeps the promise for which it is told."""

from collections import defaultdict
from datetime import datetime, timedelta

import requests

from teams_integration.sandbox import odata
from teams_integration.sandbox.stories import ethics_tutorial, large, meet_now, odd_ones, seminar
from teams_integration.sandbox.stories.cast import ADMIN_ONE, HARRIET, INGRID, NADIA, RUBEN, TOMAS, WEI
from teams_integration.sandbox.stories.seminar_people import FIRST
from teams_integration.tests.sandbox.asking import Asker, asking, meeting_path, segment
from teams_integration.tests.sandbox.covered import union_seconds

CALLS = "/communications/callRecords"


def test_46_is_refused_but_for_its_chat(graph: Asker) -> None:
    path = meeting_path(graph.meeting(ethics_tutorial.THREAD))
    assert graph.get(f"{path}/attendanceReports").status_code == 403
    assert graph.refusal(f"/users/{HARRIET.id}/drive/root:/Recordings:/children")[1] == "accessDenied"
    assert len(graph.rows(f"/chats/{segment(ethics_tutorial.THREAD)}/messages")) == 13


def test_46_has_attendance_once_the_policy_is_granted() -> None:
    with asking("policy-granted") as graph:
        path = meeting_path(graph.meeting(ethics_tutorial.THREAD))
        (report,) = graph.rows(f"{path}/attendanceReports")
        refused = graph.refusal(f"/users/{HARRIET.id}/drive/root:/Recordings:/children")
    assert (report["totalParticipantCount"], refused[1]) == (9, "accessDenied")


def test_74_gives_exactly_two_people_and_their_minutes(graph: Asker) -> None:
    """Calls of the day with the meeting's link, in whatever case, that touch its time."""
    asked = "startDateTime ge 2025-11-26T14:30:00Z and startDateTime lt 2025-11-26T17:15:00Z"
    spans: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    for call in graph.rows(CALLS, filter=asked):
        if (call["joinWebUrl"] or "").lower() != meet_now.PLAN.join_url.lower():
            continue
        for session in graph.rows(f"{CALLS}/{call['id']}/sessions"):
            name = session["caller"]["associatedIdentity"]["displayName"]
            spans[name].append((odata.moment(session["startDateTime"]), odata.moment(session["endDateTime"])))
    minutes = {name: round(union_seconds(each) / 60, 2) for name, each in spans.items()}
    assert minutes == {"Admin One": 4.64, "Nadia Rahman": 6.81}
    assert [len(spans[name]) for name in ("Admin One", "Nadia Rahman")] == [1, 3]


def test_74_would_be_wrong_by_any_shortcut(graph: Asker) -> None:
    """By the day, by the organiser or by the link alone, others would be credited."""
    day = graph.rows(CALLS, filter="startDateTime ge 2025-11-26T00:00:00Z and startDateTime lt 2025-11-27T00:00:00Z")
    links = [(call["joinWebUrl"] or "").lower() == meet_now.PLAN.join_url.lower() for call in day]
    organizers = [call["organizer_v2"]["id"] == ADMIN_ONE.id for call in day]
    assert (len(day), sum(links), sum(organizers)) == (10, 3, 7)


def test_conference_of_next_week_is_known_and_has_nothing(graph: Asker) -> None:
    plan = odd_ones.plans()[0]
    (found,) = graph.by_join_url(TOMAS, plan.join_url)
    path = f"/users/{TOMAS.id}/onlineMeetings/{segment(found['id'])}"
    assert [graph.rows(f"{path}/{kind}") for kind in ("attendanceReports", "recordings", "transcripts")] == [[]] * 3


def test_conference_of_next_week_is_ahead_of_the_clock() -> None:
    starts_at = odata.moment(odd_ones.plans()[0].starts_at)
    assert timedelta(days=6) < starts_at - odata.moment(datetime.now().astimezone().isoformat()) <= timedelta(days=8)


def test_channel_meeting_has_call_records_only(graph: Asker) -> None:
    meeting = graph.meeting(odd_ones.CHANNEL)
    assert meeting.thread_id.endswith("@thread.tacv2")
    assert graph.rows(f"{meeting_path(meeting)}/attendanceReports") == []
    assert graph.refusal(f"/chats/{segment(meeting.thread_id)}/messages")[0] == 404
    links = [call["joinWebUrl"] for call in graph.rows(CALLS) if "tacv2" in (call["joinWebUrl"] or "")]
    assert (len(links), links.count(meeting.join_url)) == (2, 1)


def test_channel_s_files_are_the_team_s_and_its_messages_need_another_permission(graph: Asker) -> None:
    channel = f"/teams/{graph.tenant.id}/channels/{segment(odd_ones.CHANNEL)}"
    assert graph.json(f"{channel}/filesFolder")["createdDateTime"] == "0001-01-01T00:00:00Z"
    assert graph.refusal(f"{channel}/messages/{odd_ones.CHANNEL_POST}/replies")[:2] == (403, "Forbidden")


def test_guest_lecture_names_the_wrong_organizer(graph: Asker) -> None:
    plan = next(plan for plan in odd_ones.plans() if plan.organizer)
    asked = f"JoinWebUrl eq '{plan.join_url}'"
    assert plan.organizer == RUBEN.email
    assert graph.refusal(f"/users/{RUBEN.id}/onlineMeetings", filter=asked)[2].startswith("3003: ")
    assert len(graph.by_join_url(TOMAS, plan.join_url)) == 1


def test_statistics_clinic_s_organizer_has_no_onedrive(graph: Asker) -> None:
    assert graph.refusal(f"/users/{WEI.id}/drive")[:2] == (404, "itemNotFound")
    assert len(graph.rows(f"{meeting_path(graph.meeting(odd_ones.NO_DRIVE))}/attendanceReports")) == 1


def test_large_meeting_is_as_large_as_asked_for() -> None:
    with asking("large", participants=1_234, messages=777) as graph:
        meeting = graph.meeting(large.THREAD)
        path = f"{meeting_path(meeting)}/attendanceReports/{meeting.reports[0].id}/attendanceRecords"
        records, chat = graph.rows(path), graph.rows(f"/chats/{segment(large.THREAD)}/messages", top="50")
        call = next(call for call in graph.tenant.calls if call.entry["joinWebUrl"] == large.PLAN.join_url)
        sessions = graph.json(f"{CALLS}/{call.entry['id']}/sessions")
    assert len({record["identity"]["id"] for record in records}) == 1_234
    assert len({message["id"] for message in chat}) == 777
    assert (len(sessions["value"]), len(call.sessions)) == (60, 2_468)


def test_large_chat_is_filtered_without_being_read_whole() -> None:
    with asking("large", participants=1, messages=10_000_000) as graph:
        rows = graph.rows(
            f"/chats/{segment(large.THREAD)}/messages",
            top="50",
            orderby="createdDateTime desc",
            filter="createdDateTime lt 2025-11-12T10:00:00.02Z",
        )
    assert 50 < len(rows) < 60


def test_two_starts_tell_the_same(graph: Asker) -> None:
    address = f"{meeting_path(graph.meeting(seminar.THREAD))}/recordings"
    with asking() as again:
        told = [each.get(address).text.replace(each.served.base_url, "") for each in (graph, again)]
    assert told[0] == told[1]


def test_injected_loop_and_foreign_links_show_up_where_graph_has_its_links(graph: Asker) -> None:
    meeting = graph.meeting(seminar.THREAD)
    report = next(each for each in meeting.reports if each.starts_at == FIRST[0])
    address = f"{meeting_path(meeting)}/attendanceReports/{report.id}"
    try:
        graph.served.faults.add("foreign:/attendanceReports/:1")
        expanded = graph.json(address, expand="attendanceRecords")
        graph.served.faults.add("loop:/attendanceRecords:1")
        plain = graph.json(f"{address}/attendanceRecords")
    finally:
        graph.served.faults.clear()
    assert expanded["attendanceRecords@odata.nextLink"].startswith("https://localhost:")
    assert plain["@odata.nextLink"] == f"{graph.served.base_url}/v1.0{address}/attendanceRecords"


def test_injected_status_has_graph_s_envelope(graph: Asker) -> None:
    try:
        graph.served.faults.add("503:/users/:1:retry-after=0.5")
        answer: requests.Response = graph.get(f"/users/{INGRID.id}")
    finally:
        graph.served.faults.clear()
    assert (answer.headers["Retry-After"], answer.json()["error"]["code"]) == ("0.5", "ServiceUnavailable")


def test_nadia_is_also_in_calls_that_are_not_this_meeting(graph: Asker) -> None:
    asked = f"participants_v2/any(p:p/id eq '{NADIA.id}')"
    links = [call["joinWebUrl"] for call in graph.rows(CALLS, filter=asked)]
    assert (links.count(None), len(links)) == (1, 4)
