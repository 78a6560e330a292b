"""People out of rows: the rules, tried on everything that chance can make."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conferences.providers.records import AttendanceRecord, Interval
from teams_integration.parsers.attendance import Report, Row, records, report, row
from teams_integration.parsers.people import Identity
from teams_integration.tests.graph import at, listing

NOBODY: frozenset[str] = frozenset()
SOMEONE, ANOTHER = "aaaaaaaa-0001-4001-8001-aaaaaaaaaaaa", "bbbbbbbb-0002-4002-8002-bbbbbbbbbbbb"


def made(
    person: str = "",
    name: str = "Sam",
    email: str = "",
    *,
    sitting: str = "first",
    minute: int = 0,
    seconds: int | None = 60,
) -> Row:
    joined_at = at("10:00") + timedelta(minutes=minute)
    interval = Interval(joined_at, joined_at + timedelta(seconds=seconds or 60))
    return Row(sitting, Identity(person, name), email, "attendee", seconds, (interval,))


ROWS = st.lists(
    st.builds(
        made,
        st.sampled_from(["", "", SOMEONE, ANOTHER, "teamsvisitor:0a"]),
        st.sampled_from(["", "Sam", "Sam Smith", "שם"]),
        st.sampled_from(["", "", "sam@example.org", "desk@example.org"]),
        sitting=st.sampled_from(["first", "second"]),
        minute=st.integers(0, 2),
        seconds=st.sampled_from([None, 0, 60, 120]),
    ),
    max_size=12,
)


def told(rows: list[Row]) -> dict[tuple[str, str], AttendanceRecord]:
    return {(record.sitting, record.identity_key): record for record in records(rows, NOBODY)}


@given(ROWS)
def test_records_lose_no_interval_and_invent_none(rows: list[Row]) -> None:
    listed = sorted(
        (row.report_id, interval.joined_at, str(interval.left_at)) for row in rows for interval in row.intervals
    )
    kept = [(record.sitting, interval) for record in records(rows, NOBODY) for interval in record.intervals]

    assert sorted((sitting, interval.joined_at, str(interval.left_at)) for sitting, interval in kept) == listed


@given(ROWS)
def test_records_are_one_per_person_and_sitting(rows: list[Row]) -> None:
    assert len(list(records(rows, NOBODY))) == len(told(rows))


@given(ROWS, st.randoms(use_true_random=False))
def test_records_are_the_same_in_whatever_order_the_rows_come(rows: list[Row], chance: Any) -> None:
    """Keys of guests must not change from sync to sync, or every sync would add people."""
    shuffled = list(rows)
    chance.shuffle(shuffled)
    once, again = told(rows), told(shuffled)

    assert {key: sorted(record.intervals, key=str) for key, record in once.items()} == {
        key: sorted(record.intervals, key=str) for key, record in again.items()
    }


@given(ROWS)
def test_records_never_join_people_whom_graph_cannot_identify(rows: list[Row]) -> None:
    """must-beat 1 and 4."""
    strangers = [each for each in rows if not each.person.id and not each.email]

    assert sum(record.identity_key.startswith("guest:") for record in records(rows, NOBODY)) == len(strangers)


@given(ROWS)
def test_records_never_remember_somebody_who_cannot_be_identified(rows: list[Row]) -> None:
    lasting = {record.identity_key.partition(":")[0] for record in records(rows, NOBODY) if record.lasting}

    assert lasting <= {"id", "email"}
    assert not any(record.lasting for record in records(rows, NOBODY) if "teamsvisitor" in record.identity_key)


def test_guests_keep_their_key_when_others_turn_up() -> None:
    alone = told([made(name="Sam")])
    crowd = told([made(name="Kim"), made(SOMEONE), made(name="Sam"), made(name="Sam", minute=2)])

    assert set(alone) <= set(crowd)


def test_guests_of_two_sittings_are_two() -> None:
    assert len({key for _, key in told([made(sitting="first"), made(sitting="second")])}) == 2


def test_total_is_the_sum_of_what_graph_says_and_none_where_it_says_nothing() -> None:
    two = told([made(SOMEONE, seconds=60), made(SOMEONE, seconds=120)])["first", f"id:{SOMEONE}"]
    none = told([made(SOMEONE, seconds=None)])["first", f"id:{SOMEONE}"]

    assert (two.reported_seconds, none.reported_seconds) == (180, None)


def test_name_and_address_come_from_whichever_row_has_them() -> None:
    both = [made(SOMEONE, name=""), made(SOMEONE, name="Sam", email="sam@example.org")]
    found = told(both)["first", f"id:{SOMEONE}"]

    assert (found.name, found.email) == ("Sam", "sam@example.org")


def test_report_reads_its_span_and_count() -> None:
    assert report(listing("attendanceReports_one")[0]) == Report("first", at("09:55"), at("10:30"), 3)


def test_report_without_end_and_count_is_still_one() -> None:
    raw = {"id": "r", "meetingStartDateTime": "2026-03-04T09:55:00Z", "meetingEndDateTime": "0001-01-01T00:00:00Z"}

    assert report(raw) == Report("r", at("09:55"), None, None)


@pytest.mark.parametrize(
    ("role", "expected"), [("Organizer", "organizer"), ("Attendee", "attendee"), ("None", ""), (None, "")]
)
def test_row_reads_the_role(role: str | None, expected: str) -> None:
    assert row({"role": role}, "first").role == expected


def test_row_keeps_an_interval_without_length() -> None:
    interval = {"joinDateTime": "2026-03-04T10:00:00Z", "leaveDateTime": "2026-03-04T10:00:00Z"}

    assert row({"attendanceIntervals": [interval]}, "first").intervals == (Interval(at("10:00"), at("10:00")),)


def test_rows_of_the_payload_are_in_order() -> None:
    intervals = [
        interval for raw in listing("attendanceReport_two_devices")[2:] for interval in row(raw, "first").intervals
    ]

    assert all(one.joined_at <= other.joined_at for one, other in pairwise(intervals))
