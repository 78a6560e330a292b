"""The seminar has every trait for which it is told."""

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from teams_integration.sandbox import odata
from teams_integration.sandbox.stories import seminar
from teams_integration.sandbox.stories.cast import INGRID
from teams_integration.sandbox.stories.seminar_people import ENDS_AT, FIRST, GUESTS, SECOND, STARTS_AT
from teams_integration.sandbox.world import Json
from teams_integration.tests.sandbox.asking import Asker, asking, meeting_path, segment
from teams_integration.tests.sandbox.covered import union_seconds

CALLS = "/communications/callRecords"
ALL_KINDS = {"Prefer": "include-unknown-enum-members"}


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
    doubled = {names[key]: key for key in summed if summed[key] - union_seconds(spans[key]) > 60}
    assert sorted(doubled) == ["Amara Adeyemi", "Bastian Costa"]
    assert union_seconds(spans[doubled["Bastian Costa"]]) == pytest.approx(60 * ((41.4 + 1) + (93 - 47.3)), abs=1)


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


def test_story_s_guests_are_no_accounts(graph: Asker) -> None:
    assert {graph.tenant.find_person(guest.id or "nobody") for guest in GUESTS.values()} == {None}


@pytest.mark.parametrize("sitting", [FIRST, SECOND])
def test_everybody_s_times_lie_within_the_sitting(graph: Asker, sitting: tuple[Any, Any]) -> None:
    report = next(each for each in graph.meeting(seminar.THREAD).reports if each.starts_at == sitting[0])
    joined = [odata.moment(each["joinDateTime"]) for row in report.records for each in row["attendanceIntervals"]]
    left = [odata.moment(each["leaveDateTime"]) for row in report.records for each in row["attendanceIntervals"]]
    assert min(joined) >= sitting[0]
    assert max(left) <= sitting[1]
