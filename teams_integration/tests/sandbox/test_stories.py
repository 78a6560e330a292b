"""Each story keeps the promise for which it is told."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest
import requests

from teams_integration.sandbox import odata
from teams_integration.sandbox.stories import ethics_tutorial, large, meet_now, odd_ones, seminar
from teams_integration.sandbox.stories.cast import ADMIN_ONE, HARRIET, INGRID, NADIA, RUBEN, TOMAS, WEI
from teams_integration.sandbox.stories.seminar_people import ENDS_AT, FIRST, GUESTS, SECOND, STARTS_AT
from teams_integration.sandbox.world import Json
from teams_integration.tests.sandbox.asking import Asker, asking, meeting_path, segment

CALLS = "/communications/callRecords"
ALL_KINDS = {"Prefer": "include-unknown-enum-members"}


def _union_seconds(spans: Iterable[tuple[datetime, datetime]]) -> float:
    """An independent sum of the time covered, by sweeping over the ends."""
    ends = sorted([(start, 1) for start, _ in spans] + [(end, -1) for _, end in spans])
    total, inside, since = timedelta(), 0, ends[0][0]
    for moment, step in ends:
        since = moment if inside == 0 else since
        inside += step
        total += moment - since if inside == 0 else timedelta()
    return total.total_seconds()


def _overlap(report: Json) -> bool:
    starts, ends = (odata.moment(report[f"meeting{name}DateTime"]) for name in ("Start", "End"))
    return starts < ENDS_AT + timedelta(hours=2) and ends > STARTS_AT - timedelta(minutes=30)


@pytest.fixture(scope="module")
def sittings(graph: Asker) -> list[Json]:
    """The seminar's reports of this week, oldest first, with all their records."""
    path = f"{meeting_path(graph.meeting(seminar.THREAD))}/attendanceReports"
    mine = [report for report in graph.rows(path) if _overlap(report)]
    return [
        {**report, "attendanceRecords": graph.rows(f"{path}/{report['id']}/attendanceRecords")}
        for report in reversed(mine)
    ]


def _records(sittings: list[Json], matching: Callable[[Json], Any]) -> list[Json]:
    return [record for sitting in sittings for record in sitting["attendanceRecords"] if matching(record)]


def test_seminar_has_two_sittings_with_a_gap(sittings: list[Json]) -> None:
    spans = [(sitting["meetingStartDateTime"], sitting["meetingEndDateTime"]) for sitting in sittings]
    assert spans == [
        ("2025-11-20T13:56:12.500Z", "2025-11-20T14:41:30.250Z"),
        ("2025-11-20T14:47:05.120Z", "2025-11-20T15:33:20.980Z"),
    ]


def test_seminar_was_attended_by_sixty_people(sittings: list[Json]) -> None:
    """Those with an id, and two guests without one who were there at the same time."""
    ids = {record["identity"]["id"] for record in _records(sittings, lambda _: True)}
    anonymous = _records(sittings, lambda record: record["identity"]["id"] is None)
    assert (len(ids - {None}), [record["identity"]["displayName"] for record in anonymous]) == (
        58,
        ["Chris Morgan (Guest)"] * 2,
    )


def test_seminar_counts_people_and_not_devices(sittings: list[Json]) -> None:
    rows = [len(sitting["attendanceRecords"]) for sitting in sittings]
    assert ([sitting["totalParticipantCount"] for sitting in sittings], rows) == ([58, 56], [59, 56])


def test_seminar_has_two_devices_that_overlap_and_a_gap(sittings: list[Json]) -> None:
    """Added up, two devices at once count twice; united, they do not."""
    summed: Counter[str] = Counter()
    names = {}
    spans: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    for record in _records(sittings, lambda record: record["identity"]["id"]):
        key = record["identity"]["id"]
        names[key] = record["identity"]["displayName"]
        summed[key] += record["totalAttendanceInSeconds"]
        spans[key] += [
            (odata.moment(each["joinDateTime"]), odata.moment(each["leaveDateTime"]))
            for each in record["attendanceIntervals"]
        ]
    doubled = {names[key]: key for key in summed if summed[key] - _union_seconds(spans[key]) > 60}
    assert sorted(doubled) == ["Amara Adeyemi", "Bastian Costa"]
    assert _union_seconds(spans[doubled["Bastian Costa"]]) == pytest.approx(60 * ((41.4 + 1) + (93 - 47.3)), abs=1)


def test_seminar_has_every_kind_of_guest(sittings: list[Json]) -> None:
    nameless = _records(sittings, lambda record: not record["emailAddress"])
    names = {record["identity"]["displayName"] for record in nameless}
    assert names == {
        "Chris Morgan (Guest)",
        "Priya Nair",
        "Pat\u0000 Quinn ",
        "+44 20 7946 0123",
        "Scribe Notetaker",
        "Maria Garcia",
    }
    foreign = {record["emailAddress"] for record in _records(sittings, lambda record: record["identity"]["tenantId"])}
    assert foreign == {"beth.okafor@partner.example", "lena.vogel@partner.example"}


def test_seminar_has_two_enrolled_people_of_one_name(sittings: list[Json]) -> None:
    marias = _records(sittings, lambda record: record["identity"]["displayName"] == "Maria Garcia")
    assert len({record["identity"]["id"] for record in marias}) == 2
    assert {record["emailAddress"] for record in marias} == {"maria.garcia@example.org", ""}


def test_seminar_has_names_in_other_scripts_and_decomposed(sittings: list[Json]) -> None:
    names = {record["identity"]["displayName"] for record in _records(sittings, lambda _: True)}
    assert {"יעל כהן\u200f", "محمد الهاشمي", "Zoe\u0308 Durand", "Nguye\u0302\u0303n Thi\u0323 A\u0301nh"} <= names


def test_seminar_s_roster_has_one_person_who_never_came(sittings: list[Json]) -> None:
    came = {record["emailAddress"] for record in _records(sittings, lambda _: True)}
    missing = {row["name"] for row in seminar.COURSE["roster"] if row["email"] not in came}
    # Two of them came as guests, and one Maria without her address.
    assert missing == {"Oskar Lindqvist", "Priya Nair", "Elizabeth Okafor", "Maria Garcia"}


def test_neighbouring_weeks_and_the_morning_s_test_are_on_the_same_link(graph: Asker) -> None:
    reports = graph.rows(f"{meeting_path(graph.meeting(seminar.THREAD))}/attendanceReports")
    assert sorted(report["meetingStartDateTime"][:13] for report in reports if not _overlap(report)) == [
        "2025-11-13T14",
        "2025-11-20T09",
        "2025-11-27T14",
    ]
    calls = [call for call in graph.rows(CALLS) if call["joinWebUrl"] == seminar.PLAN.join_url]
    assert len(calls) == 5


def test_seminar_s_recordings_are_the_same_ones_to_graph_drive_and_chat(graph: Asker) -> None:
    path = meeting_path(graph.meeting(seminar.THREAD))
    known = [row for row in graph.rows(f"{path}/recordings") if row["createdDateTime"].startswith("2025-11-20")]
    files = {item["webUrl"]: item for item in graph.rows(f"/users/{INGRID.id}/drive/root:/Recordings:/children")}
    told = [event for event in _events(graph) if event.get("callRecordingStatus") == "success"]
    assert [event["callId"] for event in reversed(told)] == [row["callId"] for row in known]
    for row, event in zip(known, reversed(told), strict=True):
        file = files[event["callRecordingUrl"].removesuffix("?web=1")]
        length = odata.moment(row["endDateTime"]) - odata.moment(row["createdDateTime"])
        assert file["name"] == event["callRecordingDisplayName"]
        assert file["video"]["duration"] == round(length.total_seconds() * 1000)
        assert abs(odata.moment(file["createdDateTime"]) - odata.moment(row["createdDateTime"])) < timedelta(seconds=1)


def _chat(graph: Asker) -> list[Json]:
    rows = graph.rows(f"/chats/{segment(seminar.THREAD)}/messages", ALL_KINDS, top="50", orderby="createdDateTime desc")
    return [row for row in rows if row["createdDateTime"].startswith("2025-11-20")]


def _events(graph: Asker) -> list[Json]:
    return [row["eventDetail"] for row in _chat(graph) if row["eventDetail"]]


def test_seminar_s_chat_has_three_hundred_messages_of_every_kind(graph: Asker) -> None:
    chat = _chat(graph)
    kinds = Counter(row["messageType"] for row in chat)
    events = Counter(event["@odata.type"].removeprefix("#microsoft.graph.") for event in _events(graph))
    assert kinds == {"message": 291, "systemEventMessage": 9}
    assert events == {
        "callStartedEventMessageDetail": 2,
        "callEndedEventMessageDetail": 2,
        "callRecordingEventMessageDetail": 3,
        "callTranscriptEventMessageDetail": 2,
    }
    assert [sum(bool(row[name]) for row in chat) for name in ("lastEditedDateTime", "deletedDateTime", "mentions")] == [
        1,
        1,
        1,
    ]
    assert sum("<script" in row["body"]["content"] or "onerror" in row["body"]["content"] for row in chat) == 3
    assert sum(len(row["attachments"]) for row in chat) == 4


def test_seminar_s_attachments_are_one_found_one_refused_one_gone(graph: Asker) -> None:
    """As whoever follows `contentUrl` finds out."""
    urls = [each["contentUrl"] for row in _chat(graph) for each in row["attachments"] if each["contentUrl"]]
    found = {url: graph.tenant.shared[url] for url in urls}
    assert sorted(kind if isinstance(kind, str) else kind["name"] for kind in found.values()) == [
        "Week 6 – slides #2 (50%).pdf",
        "accessDenied",
        "itemNotFound",
    ]


def test_shrunk_scenario_has_dropped_what_it_says() -> None:
    with asking("shrunk") as graph:
        path = meeting_path(graph.meeting(seminar.THREAD))
        assert len(graph.rows(f"{path}/recordings")) == 2
        assert len(_chat(graph)) == 250
        assert sorted(len(report.records) for report in graph.meeting(seminar.THREAD).reports) == [2, 2, 2, 10, 56]


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
    minutes = {name: round(_union_seconds(each) / 60, 2) for name, each in spans.items()}
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


def test_story_s_guests_are_no_accounts(graph: Asker) -> None:
    assert {graph.tenant.find_person(guest.id or "nobody") for guest in GUESTS.values()} == {None}


@pytest.mark.parametrize("sitting", [FIRST, SECOND])
def test_everybody_s_times_lie_within_the_sitting(graph: Asker, sitting: tuple[Any, Any]) -> None:
    report = next(each for each in graph.meeting(seminar.THREAD).reports if each.starts_at == sitting[0])
    joined = [odata.moment(each["joinDateTime"]) for row in report.records for each in row["attendanceIntervals"]]
    left = [odata.moment(each["leaveDateTime"]) for row in report.records for each in row["attendanceIntervals"]]
    assert min(joined) >= sitting[0]
    assert max(left) <= sitting[1]


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
