"""Attendance from call records: where Graph knows no meeting, or no report."""

from datetime import UTC
from typing import Any

import pytest

from conferences.providers.errors import Malformed, Missing, NotConfigured, NotPermitted, NotSupported, RateLimited
from conferences.providers.records import AttendanceRecord, FlawRecord, Interval
from teams_integration.tests.graph import (
    CHANNEL_URL,
    ORGANIZER,
    SHORT_URL,
    FakeGraph,
    at,
    details,
    fetched,
    listing,
    nothing,
    notices,
    people,
    problems,
    seconds,
    target,
)

ANN = "id:aaaaaaaa-0001-4001-8001-aaaaaaaaaaaa"
BO = "id:bbbbbbbb-0002-4002-8002-bbbbbbbbbbbb"


def graph(calls: str = "callRecords_day", **answers: Any) -> FakeGraph:
    given = {
        "meetings_by_join_url": Missing("unknown", code="meeting_not_found"),
        "call_records": listing(calls),
        "call_sessions": lambda call_id: listing("sessions_group_call") if call_id in {"ours-1", "instant"} else [],
        "call_participants": listing("participants_v2_group_call"),
    }
    return FakeGraph(**{**given, **answers})


def read(fake: FakeGraph) -> list[str]:
    return [call[1] for call in fake.asked if call[0] == "call_sessions"]


@pytest.mark.parametrize("answer", [Missing("unknown", code="meeting_not_found"), []])
def test_call_records_stand_in_for_a_meeting_that_graph_does_not_know(answer: Any) -> None:
    records = fetched(graph(meetings_by_join_url=answer), "attendance")

    assert {person.source for person in people(records)} == {"call_records"}


def test_call_records_stand_in_for_missing_reports() -> None:
    fake = graph(meetings_by_join_url=listing("onlineMeetings_recurring"), attendance_reports=[])

    assert len(people(fetched(fake, "attendance"))) == 6


def test_call_records_12_credit_only_calls_of_this_meeting_this_organiser_and_this_time() -> None:
    fake = graph()
    records = fetched(fake, "attendance")

    assert read(fake) == ["ours-1", "ours-2"]
    assert [call["id"] for call in details(records)["calls"]] == ["ours-1", "ours-2"]


def test_call_records_of_an_instant_meeting_are_known_by_the_link_whatever_their_type() -> None:
    fake = graph("callRecords_instant")
    fetched(fake, "attendance")

    assert read(fake) == ["instant"]


def test_call_records_without_an_organiser_are_known_by_the_link() -> None:
    fake = graph("callRecords_without_organiser")
    fetched(fake, "attendance")

    assert read(fake) == ["ours-1"]


def test_call_records_are_asked_for_around_the_window_and_never_in_the_future() -> None:
    fake = graph(call_records=[])
    fetched(fake, "attendance")
    fetched(fake, "attendance", now=at("11:15"))

    asked = [call[1:] for call in fake.asked if call[0] == "call_records"]
    assert asked == [(at("05:30"), at("13:00")), (at("05:30"), at("11:15"))]
    assert all(moment.tzinfo is UTC for pair in asked for moment in pair)


def test_call_records_02_and_03_unite_the_sessions_of_a_person_and_clamp_them_to_the_call() -> None:
    ann = next(person for person in people(fetched(graph(), "attendance")) if person.identity_key == ANN)

    assert ann == AttendanceRecord(
        identity_key=ANN,
        sitting="ours-1",
        source="call_records",
        name="Ann Lee",
        email="ann@example.org",
        kind="member",
        lasting=True,
        intervals=(
            Interval(at("09:58:00.123456"), at("10:10"), "s1"),
            Interval(at("10:05"), at("10:20"), "s2"),
            Interval(at("10:25"), at("10:30"), "s3"),
        ),
    )
    assert seconds(ann) == 27 * 60


def test_call_records_count_nobody_before_the_call_began() -> None:
    early = {**listing("sessions_group_call")[0], "startDateTime": "2026-03-04T09:00:00Z"}
    [ann] = people(fetched(graph("callRecords_instant", call_sessions=[early]), "attendance"))

    assert ann.intervals == (Interval(at("10:00"), at("10:10"), "s1"),)


def test_call_records_04_keep_guests_dial_ins_and_external_people_apart() -> None:
    records = people(fetched(graph(), "attendance"))

    assert [(person.identity_key, person.name, person.kind, person.email) for person in records] == [
        (ANN, "Ann Lee", "member", "ann@example.org"),
        (BO, "Bo Chen", "external", ""),
        ("guest:s5", "", "guest", ""),
        ("guest:s6", "", "guest", ""),
        ("id:teamsvisitor:ff01", "Vera", "guest", ""),
        ("id:+5564981205182", "", "dial_in", ""),
    ]


def test_call_records_skip_test_calls_empty_sessions_and_people_who_were_only_invited() -> None:
    names = {person.name for person in people(fetched(graph(), "attendance"))}

    assert names == {"Ann Lee", "Bo Chen", "Vera", ""}


def test_call_records_13_a_second_call_is_a_second_sitting() -> None:
    fake = graph(call_sessions=lambda call_id: listing("sessions_group_call")[:1])
    fake.answers["call_records"] = [
        {**call, "startDateTime": "2026-03-04T09:58:00Z", "endDateTime": "2026-03-04T11:00:00Z"}
        for call in listing("callRecords_day")[:2]
    ]

    assert [(person.identity_key, person.sitting) for person in people(fetched(fake, "attendance"))] == [
        (ANN, "ours-1"),
        (ANN, "ours-2"),
    ]


def test_call_records_read_the_older_shape_of_identities_and_both_ends() -> None:
    fake = graph("callRecords_instant", call_sessions=listing("sessions_old_shape"), call_participants=[])

    assert [(person.identity_key, person.kind) for person in people(fetched(fake, "attendance"))] == [
        (ANN, "member"),
        ("id:+5564981205182", "dial_in"),
    ]


def test_call_records_a_malformed_session_costs_only_itself() -> None:
    fake = graph("callRecords_instant", call_sessions=listing("sessions_backwards_and_malformed"), call_participants=[])
    fake.answers["call_records"] = [{**listing("callRecords_instant")[0], "endDateTime": None}]
    records = fetched(fake, "attendance")

    assert [(person.identity_key, person.intervals) for person in people(records)] == [
        (ANN, (Interval(at("10:20"), at("10:21"), "s4"),)),
        (BO, (Interval(at("10:22"), None, "s5"),)),
    ]
    flaws = [record for record in records if isinstance(record, FlawRecord)]
    assert [(flaw.key, flaw.reasons[0].partition(":")[0], flaw.stored) for flaw in flaws] == [
        ("s1", "ends before it starts", False),
        ("s2", "not readable", False),
        ("s3", "not readable", False),
    ]
    assert flaws[0].raw["startDateTime"] == "2026-03-04T10:10:00Z"
    assert problems(records) == ["malformed_answer", "malformed_answer"]


def test_call_records_a_session_that_runs_backwards_adds_nobody_by_itself() -> None:
    backwards = {**listing("sessions_group_call")[0], "startDateTime": "2026-03-04T10:10:00Z"}
    backwards["endDateTime"] = "2026-03-04T10:05:00Z"
    records = fetched(graph("callRecords_instant", call_sessions=[backwards], call_participants=[]), "attendance")

    assert (people(records), nothing(records), problems(records)) == ([], ["none_found"], [])
    assert [record for record in records if isinstance(record, FlawRecord)] == [
        FlawRecord(backwards["id"], ("ends before it starts",), backwards, "Ann Lee", stored=False)
    ]


def test_call_records_a_malformed_call_costs_only_itself() -> None:
    fake = graph(call_records=[{"id": 5}, *listing("callRecords_day")])
    records = fetched(fake, "attendance")

    assert len(people(records)) == 6
    assert problems(records) == ["malformed_answer"]


@pytest.mark.parametrize("error", [Malformed("loop", code="paging_loop"), RateLimited("wait", code="paging_loop")])
def test_call_records_reads_the_calls_that_were_listed_before_the_list_broke_off(error: Exception) -> None:
    fake = graph(call_records=[*listing("callRecords_day"), error])
    records = fetched(fake, "attendance")

    assert (len(people(records)), problems(records)) == (6, ["paging_loop"])


def test_call_records_a_list_that_broke_off_before_our_call_says_nothing_of_it() -> None:
    fake = graph(call_records=[*listing("callRecords_day")[2:3], Malformed("loop", code="paging_loop")])
    records = fetched(fake, "attendance")

    assert (people(records), problems(records), nothing(records)) == ([], ["paging_loop"], [])


def test_call_records_a_call_that_breaks_off_keeps_what_was_read() -> None:
    sessions = [listing("sessions_group_call")[0], Malformed("loop", code="paging_loop")]
    records = fetched(graph("callRecords_instant", call_sessions=sessions), "attendance")

    assert [person.identity_key for person in people(records)] == [ANN]
    assert problems(records) == ["paging_loop"]


def test_call_records_a_passing_fault_asks_for_no_further_call() -> None:
    fake = graph(call_sessions=RateLimited("wait"))
    records = fetched(fake, "attendance")

    assert problems(records) == ["rate_limited"]
    assert read(fake) == ["ours-1"]


def test_call_records_refused_participants_cost_only_names() -> None:
    records = fetched(graph(call_participants=NotPermitted("no")), "attendance")

    assert len(people(records)) == 6
    assert problems(records) == ["not_permitted"]


def test_call_records_refused_is_blocked() -> None:
    with pytest.raises(NotPermitted):
        fetched(graph(call_records=NotPermitted("no")), "attendance")


def test_call_records_a_call_listed_twice_is_read_once() -> None:
    fake = graph(call_records=[*listing("callRecords_day"), *listing("callRecords_day")])
    fetched(fake, "attendance")

    assert read(fake) == ["ours-1", "ours-2"]


def test_call_records_without_a_link_are_the_organisers_of_that_time_and_of_low_confidence() -> None:
    fake = graph(call_sessions=listing("sessions_group_call")[:1])
    records = fetched(fake, "attendance", target("", organizer=ORGANIZER))

    assert read(fake) == ["ours-1", "ours-2", "other-meeting", "no-link-group"]
    assert {person.extra["confidence"] for person in people(records)} == {"low"}
    assert notices(records) == ["low_confidence"]


def test_call_records_without_a_link_fall_back_to_calls_that_are_no_group_calls() -> None:
    fake = graph(call_records=listing("callRecords_day")[5:6], call_sessions=listing("sessions_old_shape"))
    fetched(fake, "attendance", target("", organizer=ORGANIZER))

    assert read(fake) == ["one-to-one"]


def test_call_records_of_unknown_digits_are_of_low_confidence() -> None:
    fake = graph(meetings_by_digits=[], call_sessions=listing("sessions_group_call")[:1])
    fake.answers["meetings_by_join_url"] = []
    records = fetched(fake, "attendance", target(SHORT_URL, organizer=ORGANIZER))

    assert "low_confidence" in notices(records)


def test_call_records_of_digits_are_sure_when_a_call_has_the_same_short_link() -> None:
    calls = [
        *listing("callRecords_instant"),
        {**listing("callRecords_instant")[0], "id": "short", "joinWebUrl": SHORT_URL},
    ]
    fake = graph(meetings_by_digits=[], meetings_by_join_url=[], call_records=calls, call_sessions=[])
    fetched(fake, "attendance", target(SHORT_URL, organizer=ORGANIZER))

    assert read(fake) == ["short"]


@pytest.mark.parametrize(("now", "code"), [(at("11:30"), "not_ready"), (at("14:01"), "none_found")])
def test_call_records_16_no_call_yet_is_not_no_call_ever(now: Any, code: str) -> None:
    assert nothing(fetched(graph(call_records=[]), "attendance", now=now)) == [code]


def test_call_records_of_a_channel_meeting_need_no_reports() -> None:
    calls = [{**listing("callRecords_instant")[0], "joinWebUrl": CHANNEL_URL}]
    fake = FakeGraph(call_records=calls, call_sessions=listing("sessions_group_call"), call_participants=[])

    assert len(people(fetched(fake, "attendance", target(CHANNEL_URL)))) == 6


def test_call_records_19_a_channel_meeting_without_calls_is_not_supported() -> None:
    with pytest.raises(NotSupported) as raised:
        fetched(FakeGraph(call_records=[]), "attendance", target(CHANNEL_URL))

    assert raised.value.code == "channel_meeting"


def test_call_records_of_another_post_in_the_same_channel_are_not_credited() -> None:
    other = CHANNEL_URL.replace("1772618000000", "1772618000001")
    fake = FakeGraph(call_records=[{**listing("callRecords_instant")[0], "joinWebUrl": other}])

    with pytest.raises(NotSupported):
        fetched(fake, "attendance", target(CHANNEL_URL))


def test_call_records_need_a_link_or_an_organiser() -> None:
    with pytest.raises(NotConfigured):
        fetched(graph(), "attendance", target(""))
