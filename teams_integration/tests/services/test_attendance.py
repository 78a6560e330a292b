"""Attendance from reports. Numbers in names are the complaints of users that each test answers."""

from typing import Any

import pytest

from conferences.providers.errors import (
    CredentialsRefused,
    Malformed,
    Missing,
    NotConfigured,
    NotPermitted,
    ProviderError,
    RateLimited,
    ServerTrouble,
)
from conferences.providers.records import AttendanceRecord, FlawRecord, Interval, NothingFound, Notice, ProviderTotal
from conferences.providers.window import Window
from teams_integration.tests.graph import (
    JOIN_URL,
    MEETING_ID,
    ORGANIZER,
    SHORT_URL,
    FakeGraph,
    at,
    details,
    fetched,
    listing,
    nothing,
    notices,
    payload,
    people,
    problems,
    seconds,
    target,
)

ANN = "id:aaaaaaaa-0001-4001-8001-aaaaaaaaaaaa"
BO = "id:bbbbbbbb-0002-4002-8002-bbbbbbbbbbbb"


def graph(report: str, reports: str = "attendanceReports_one", **answers: Any) -> FakeGraph:
    given = {
        "meetings_by_join_url": listing("onlineMeetings_recurring"),
        "attendance_reports": listing(reports),
        "attendance_records": listing(report) if report else [],
    }
    return FakeGraph(**{**given, **answers})


def two_sittings(_organizer: str, _meeting: str, report_id: str) -> list[dict[str, Any]]:
    return listing(f"attendanceReport_{report_id}_sitting")


def of(key: str, records: list[AttendanceRecord]) -> list[AttendanceRecord]:
    return [record for record in records if record.identity_key == key]


def test_attendance_11_reads_all_sittings_in_the_window_and_no_neighbours() -> None:
    fake = graph("", "attendanceReports_two_sittings_and_neighbours", attendance_records=two_sittings)

    records = fetched(fake, "attendance")

    assert [call[3] for call in fake.asked if call[0] == "attendance_records"] == ["second", "first"]
    assert [(person.identity_key, person.sitting) for person in people(records)] == [
        (f"id:{ORGANIZER}", "second"),
        (ANN, "second"),
        (f"id:{ORGANIZER}", "first"),
        (ANN, "first"),
        (BO, "first"),
    ]


def test_attendance_keeps_times_roles_and_the_providers_own_total() -> None:
    fake = graph("", "attendanceReports_two_sittings_and_neighbours", attendance_records=two_sittings)

    ann = of(ANN, people(fetched(fake, "attendance")))

    assert ann[1] == AttendanceRecord(
        identity_key=ANN,
        sitting="first",
        source="attendance_report",
        name="Ann Lee",
        email="ann@example.org",
        role="attendee",
        kind="member",
        lasting=True,
        reported_seconds=900,
        intervals=(Interval(at("10:00"), at("10:10")), Interval(at("10:20"), at("10:25"))),
    )


def test_attendance_knows_the_kind_of_a_person_whom_one_report_describes_less_well() -> None:
    fake = graph("", "attendanceReports_two_sittings_and_neighbours", attendance_records=two_sittings)

    assert [person.kind for person in of(ANN, people(fetched(fake, "attendance")))] == ["member", "member"]


def test_attendance_tells_what_it_learned_of_the_meeting() -> None:
    fake = graph("", "attendanceReports_two_sittings_and_neighbours", attendance_records=two_sittings)

    assert details(fetched(fake, "attendance")) == {
        "meeting_id": MEETING_ID,
        "organizer_id": ORGANIZER,
        "thread_id": "19:meeting_c2VtaW5hcg@thread.v2",
        "subject": "Weekly seminar",
        "meeting_type": "recurring",
        "expires_at": at("11:00:00.123456", "2026-08-01"),
        "reports": [
            {
                "id": "second",
                "start": "2026-03-04T10:40:00.500000+00:00",
                "end": "2026-03-04T11:05:00+00:00",
                "count": 2,
            },
            {
                "id": "first",
                "start": "2026-03-04T09:55:00.123456+00:00",
                "end": "2026-03-04T10:30:00+00:00",
                "count": 3,
            },
        ],
    }


def test_attendance_02_makes_one_record_of_two_devices() -> None:
    ann = of(ANN, people(fetched(graph("attendanceReport_two_devices"), "attendance")))

    assert len(ann) == 1
    assert ann[0].reported_seconds == 2400
    assert seconds(ann[0]) == 30 * 60


def test_attendance_03_keeps_overlapping_intervals_and_the_gap_between() -> None:
    bo = of(BO, people(fetched(graph("attendanceReport_two_devices"), "attendance")))[0]

    assert bo.intervals == (
        Interval(at("10:00"), at("10:05")),
        Interval(at("10:20"), at("10:25")),
        Interval(at("10:22"), at("10:30")),
    )
    assert seconds(bo) == 15 * 60


def test_attendance_01_two_people_with_one_name_stay_two() -> None:
    records = people(fetched(graph("attendanceReport_same_names"), "attendance"))

    assert len({record.identity_key for record in records}) == 4
    assert {seconds(record) for record in records} == {60, 120, 180, 240}


def test_attendance_04_guests_of_one_name_who_joined_at_once_stay_apart_at_every_sync() -> None:
    rows = listing("attendanceReport_same_names")
    once = people(fetched(graph("", attendance_records=rows), "attendance"))
    again = people(fetched(graph("", attendance_records=rows[::-1]), "attendance"))

    assert {record.identity_key: seconds(record) for record in once} == {
        record.identity_key: seconds(record) for record in again
    }
    assert [record.lasting for record in once if record.identity_key.startswith("guest:")] == [False, False]


def test_attendance_04_and_05_keeps_guests_dial_ins_external_people_and_bots_and_labels_them() -> None:
    records = people(fetched(graph("attendanceReport_guests"), "attendance"))

    assert [(record.identity_key.partition(":")[0], record.name, record.kind) for record in records] == [
        ("id", "Vera", "guest"),
        ("id", "", "dial_in"),
        ("id", "Cem Partner", "external"),
        ("id", "Recorder", "bot"),
        ("email", "", "unknown"),
        ("guest", "", "guest"),
        ("guest", "Guest", "guest"),
        ("guest", "+49 301 ****56", "guest"),
        ("guest", "Anna's Otter.ai", "bot"),
    ]
    assert [record.lasting for record in records] == [False, False, True, False, True, False, False, False, False]


def test_attendance_recognises_a_person_by_an_address_that_only_they_have() -> None:
    records = people(fetched(graph("attendanceReport_addresses"), "attendance"))

    ann = of(ANN, records)[0]
    assert ann.intervals == (Interval(at("10:00"), at("10:01")), Interval(at("10:05"), at("10:06")))
    assert [record.name for record in of("email:desk@example.org", records)] == ["Desk 3"]


def test_attendance_recognises_an_address_across_sittings() -> None:
    rows = listing("attendanceReport_addresses")

    def records(_organizer: str, _meeting: str, report_id: str) -> list[dict[str, Any]]:
        return rows[:1] if report_id == "first" else rows[1:2]

    fake = graph("", "attendanceReports_two_sittings_and_neighbours", attendance_records=records)

    assert [(person.identity_key, person.sitting) for person in people(fetched(fake, "attendance"))] == [
        (ANN, "second"),
        (ANN, "first"),
    ]


def test_attendance_leaves_an_interval_open_while_nobody_knows_its_end() -> None:
    ann = of(ANN, people(fetched(graph("attendanceReport_open_and_backwards"), "attendance")))[0]

    assert ann.intervals == (Interval(at("10:00"), None),)


def test_attendance_does_not_count_an_interval_that_runs_backwards_but_keeps_it() -> None:
    records = fetched(graph("attendanceReport_open_and_backwards"), "attendance")

    bo = of(BO, people(records))[0]
    assert bo.intervals == (Interval(at("10:20"), at("10:21")),)
    assert bo.extra == {}
    (flaw,) = [record for record in records if isinstance(record, FlawRecord)]
    assert (flaw.about, flaw.reasons, flaw.stored) == (bo.name, ("left before joining",), True)
    assert flaw.raw["attendanceIntervals"][0] == {
        "joinDateTime": "2026-03-04T10:10:00Z",
        "leaveDateTime": "2026-03-04T10:05:00Z",
        "durationInSeconds": 0,
    }
    assert notices(records) == ["count_differs"]


def test_attendance_cleans_names_without_losing_their_script() -> None:
    records = people(fetched(graph("attendanceReport_hostile_names"), "attendance"))

    assert [record.name for record in records] == ["Ann\u202eeeL", "שלום é 😀"]


def test_attendance_21_states_the_providers_count_and_warns_where_the_list_differs() -> None:
    records = fetched(graph("attendanceReport_guests"), "attendance")

    assert [record.count for record in records if isinstance(record, ProviderTotal)] == [3]
    assert [(record.level, record.text) for record in records if isinstance(record, Notice)] == [
        ("warning", "Microsoft counts 3 people in the sitting of 2026-03-04 09:55 UTC, but lists 9.")
    ]


def test_attendance_21_is_quiet_where_people_are_counted_and_devices_listed() -> None:
    reports = [{**listing("attendanceReports_one")[0], "totalParticipantCount": 2}]

    assert notices(fetched(graph("attendanceReport_two_devices", attendance_reports=reports), "attendance")) == []


def test_attendance_21_is_quiet_where_the_counts_agree() -> None:
    fake = graph("", "attendanceReports_two_sittings_and_neighbours", attendance_records=two_sittings)
    records = fetched(fake, "attendance")

    assert [record.count for record in records if isinstance(record, ProviderTotal)] == [2, 3]
    assert notices(records) == []


def test_attendance_a_malformed_entry_costs_only_itself() -> None:
    records = fetched(graph("attendanceReport_malformed_entries"), "attendance")

    assert [person.identity_key for person in people(records)] == [ANN]
    assert problems(records) == ["malformed_answer"] * 4


def test_attendance_13_keeps_the_good_pages_of_a_report_that_breaks_off() -> None:
    rows = [*listing("attendanceReport_first_sitting")[:2], Malformed("loop", code="paging_loop")]
    records = fetched(graph("", attendance_records=rows), "attendance")

    assert len(people(records)) == 2
    assert problems(records) == ["paging_loop"]


def test_attendance_a_refused_report_does_not_cost_the_other_one() -> None:
    def records_of(organizer: str, meeting: str, report_id: str) -> Any:
        return (
            NotPermitted("no", code="artifact_refused")
            if report_id == "second"
            else two_sittings(organizer, meeting, report_id)
        )

    fake = graph("", "attendanceReports_two_sittings_and_neighbours", attendance_records=records_of)
    records = fetched(fake, "attendance")

    assert {person.sitting for person in people(records)} == {"first"}
    assert problems(records) == ["artifact_refused"]


def test_attendance_a_passing_fault_ends_the_reading_and_keeps_what_there_is() -> None:
    def records_of(organizer: str, meeting: str, report_id: str) -> Any:
        return ServerTrouble("down") if report_id == "first" else two_sittings(organizer, meeting, report_id)

    fake = graph("", "attendanceReports_two_sittings_and_neighbours", attendance_records=records_of)
    records = fetched(fake, "attendance")

    assert {person.sitting for person in people(records)} == {"second"}
    assert problems(records) == ["provider_trouble"]


def test_attendance_asks_for_no_further_report_after_a_passing_fault() -> None:
    fake = graph("", "attendanceReports_two_sittings_and_neighbours", attendance_records=ServerTrouble("down"))

    assert problems(fetched(fake, "attendance")) == ["provider_trouble"]
    assert fake.times_asked("attendance_records") == 1


def test_attendance_a_malformed_report_costs_only_itself() -> None:
    reports = [{"id": "broken", "meetingStartDateTime": 5}, *listing("attendanceReports_one")]
    records = fetched(graph("attendanceReport_first_sitting", attendance_reports=reports), "attendance")

    assert len(people(records)) == 3
    assert problems(records) == ["malformed_answer"]


@pytest.mark.parametrize("apart", [[], Missing("unknown")])
def test_attendance_16_an_empty_report_that_counts_people_is_not_ready(apart: Any) -> None:
    fake = graph("", attendance_records=[], attendance_records_apart=apart)
    records = fetched(fake, "attendance")

    assert fake.times_asked("attendance_records_apart") == 1
    found = [record for record in records if isinstance(record, NothingFound)]
    assert [(each.code, each.retry_at) for each in found] == [("not_ready", at("12:30", "2026-03-05"))]


def test_attendance_16_an_empty_report_soon_after_the_end_is_not_ready() -> None:
    reports = [{**listing("attendanceReports_one")[0], "totalParticipantCount": 0}]
    fake = graph("", attendance_reports=reports, attendance_records=[])

    assert nothing(fetched(fake, "attendance", now=at("12:00"))) == ["not_ready"]


def test_attendance_16_an_empty_report_of_yesterday_says_that_nobody_came() -> None:
    reports = [{**listing("attendanceReports_one")[0], "totalParticipantCount": 0}]
    fake = graph("", attendance_reports=reports, attendance_records=[])

    assert nothing(fetched(fake, "attendance")) == ["none_found"]


def test_attendance_before_the_start_asks_nobody() -> None:
    fake = FakeGraph()

    assert nothing(fetched(fake, "attendance", now=at("09:00"))) == ["not_started"]
    assert fake.asked == []


def test_attendance_while_the_meeting_runs_is_not_ready() -> None:
    fake = graph("", attendance_reports=[])

    assert nothing(fetched(fake, "attendance", now=at("10:30"))) == ["not_ready"]


def test_attendance_a_report_listed_twice_counts_once() -> None:
    reports = [*listing("attendanceReports_one"), *listing("attendanceReports_one")]
    records = fetched(graph("attendanceReport_first_sitting", attendance_reports=reports), "attendance")

    assert [person.reported_seconds for person in of(ANN, people(records))] == [900]
    assert [record.count for record in records if isinstance(record, ProviderTotal)] == [3]


def test_attendance_counts_a_sitting_for_the_class_it_overlaps_longest() -> None:
    neighbour = Window(at("10:00"), at("11:00"), neighbours=((at("09:00"), at("10:00")),))
    reports = [
        {
            **listing("attendanceReports_one")[0],
            "id": "before",
            "meetingStartDateTime": "2026-03-04T08:58:00Z",
            "meetingEndDateTime": "2026-03-04T09:59:00Z",
        },
        listing("attendanceReports_one")[0],
    ]
    fake = graph("attendanceReport_first_sitting", attendance_reports=reports)

    records = fetched(fake, "attendance", target(window=neighbour))

    assert {person.sitting for person in people(records)} == {"first"}


@pytest.mark.parametrize(
    "error",
    [
        NotPermitted("no policy", code="missing_access_policy"),
        NotPermitted("3003", code="wrong_organizer"),
        RateLimited("wait"),
        ServerTrouble("down"),
        CredentialsRefused("expired"),
    ],
)
def test_attendance_18_a_refusal_is_never_answered_by_call_records(error: ProviderError) -> None:
    fake = graph("", meetings_by_join_url=error)

    with pytest.raises(type(error)) as raised:
        fetched(fake, "attendance")

    assert raised.value is error
    assert fake.times_asked("call_records") == 0


def test_attendance_a_refused_list_of_reports_is_never_answered_by_call_records() -> None:
    fake = graph("", attendance_reports=NotPermitted("no", code="missing_permission"))

    with pytest.raises(NotPermitted):
        fetched(fake, "attendance")

    assert fake.times_asked("call_records") == 0


def test_attendance_needs_the_organiser_of_a_short_link() -> None:
    with pytest.raises(NotConfigured) as raised:
        fetched(FakeGraph(), "attendance", target(SHORT_URL))

    assert raised.value.code == "no_organizer"


def test_attendance_without_any_address_says_what_to_fill_in() -> None:
    with pytest.raises(NotConfigured) as raised:
        fetched(FakeGraph(), "attendance", target(""))

    assert raised.value.code == "no_organizer"


def test_attendance_of_a_meeting_whose_reports_are_gone_reads_the_call_records() -> None:
    fake = graph("", attendance_reports=Missing("gone"), call_records=[])

    assert nothing(fetched(fake, "attendance")) == ["none_found"]
    assert fake.times_asked("call_records") == 1


def test_attendance_a_row_listed_twice_counts_once() -> None:
    rows = listing("attendanceReport_first_sitting")
    records = fetched(graph("", attendance_records=[*rows, *rows]), "attendance")

    assert [(person.identity_key, person.reported_seconds) for person in people(records)] == [
        (person.identity_key, person.reported_seconds)
        for person in people(fetched(graph("", attendance_records=rows), "attendance"))
    ]


def test_attendance_two_rows_of_one_person_that_differ_in_anything_are_two_devices() -> None:
    row = {**listing("attendanceReport_first_sitting")[1], "id": "one"}
    rows = [row, {**row, "id": "two"}]
    [person] = people(fetched(graph("", attendance_records=rows), "attendance"))

    assert person.reported_seconds == 2 * row["totalAttendanceInSeconds"]


def test_attendance_01_two_guests_whose_rows_are_equal_stay_two() -> None:
    guest = next(row for row in listing("attendanceReport_same_names") if not (row.get("identity") or {}).get("id"))
    records = people(fetched(graph("", attendance_records=[guest, guest]), "attendance"))

    assert len({record.identity_key for record in records}) == 2


def test_attendance_reads_the_own_list_of_a_report_that_counts_people_but_brings_none() -> None:
    rows = listing("attendanceReport_first_sitting")
    records = fetched(graph("", attendance_records=[], attendance_records_apart=rows), "attendance")

    assert (len(people(records)), problems(records), nothing(records)) == (3, [], [])


def test_attendance_a_refused_own_list_of_a_report_is_a_problem_and_no_empty_report() -> None:
    refused = NotPermitted("no", code="artifact_refused")
    records = fetched(graph("", attendance_records=[], attendance_records_apart=refused), "attendance")

    assert (problems(records), nothing(records)) == (["artifact_refused"], [])


@pytest.mark.parametrize("error", [Malformed("loop", code="paging_loop"), ServerTrouble("down", code="paging_loop")])
def test_attendance_13_reads_the_reports_that_were_listed_before_the_list_broke_off(error: ProviderError) -> None:
    fake = graph("attendanceReport_first_sitting", attendance_reports=[*listing("attendanceReports_one"), error])
    records = fetched(fake, "attendance")

    assert (len(people(records)), problems(records)) == (3, ["paging_loop"])


def test_attendance_18_a_list_that_broke_off_before_our_report_is_never_answered_by_call_records() -> None:
    other = {**listing("attendanceReports_one")[0], "meetingStartDateTime": "2026-02-04T10:00:00Z"}
    other["meetingEndDateTime"] = "2026-02-04T11:00:00Z"
    fake = graph("", attendance_reports=[other, Malformed("loop", code="paging_loop")])
    records = fetched(fake, "attendance")

    assert (problems(records), nothing(records), fake.times_asked("call_records")) == (["paging_loop"], [], 0)
    assert "reports" not in details(records)


def test_attendance_credentials_that_expire_in_the_middle_of_a_list_end_the_step() -> None:
    fake = graph("", attendance_reports=[*listing("attendanceReports_one"), CredentialsRefused("expired")])

    with pytest.raises(CredentialsRefused):
        fetched(fake, "attendance")


def test_payload_of_the_meeting_has_the_join_link_of_the_conference() -> None:
    assert payload("onlineMeetings_recurring")["value"][0]["joinWebUrl"] == JOIN_URL
