from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conferences.attendance import OpenSpan
from conferences.models import Course
from conferences.presence import Presence, Schedule, judge

STARTS_AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
ONE_HOUR = Schedule(STARTS_AT, STARTS_AT + timedelta(hours=1))
AS_OF = STARTS_AT + timedelta(hours=2)


def spans(*minutes: tuple[float, float | None]) -> list[OpenSpan]:
    at = [None if each is None else STARTS_AT + timedelta(minutes=each) for pair in minutes for each in pair]
    return list(zip(at[::2], at[1::2], strict=True))  # type: ignore[arg-type]


def presence(*minutes: tuple[float, float | None], course: Course | None = None) -> str:
    return judge(spans(*minutes), ONE_HOUR, course or Course(), AS_OF).value


def test_whole_class_is_present() -> None:
    assert presence((0, 60)) == "present"


def test_nobody_seen_is_absent() -> None:
    assert presence() == "absent"


def test_no_time_at_all_is_absent() -> None:
    assert presence((20, 20)) == "absent"


@pytest.mark.parametrize(("joined", "expected"), [(10, "present"), (10.02, "late"), (0, "present"), (-5, "present")])
def test_late_is_more_than_the_threshold(joined: float, expected: str) -> None:
    assert presence((joined, 60)) == expected


@pytest.mark.parametrize(("left", "expected"), [(50, "present"), (49.98, "left_early"), (75, "present")])
def test_left_early_is_more_than_the_threshold(left: float, expected: str) -> None:
    assert presence((0, left)) == expected


def test_late_comes_before_left_early() -> None:
    assert presence((11, 49), course=Course(present_percent=50)) == "late"


@pytest.mark.parametrize(("minutes", "expected"), [(44.98, "partial"), (45, "left_early")])
def test_partial_comes_before_late_and_left_early(minutes: float, expected: str) -> None:
    """The promise of a threshold: 75 % of the class, exactly, is enough."""
    assert presence((0, minutes)) == expected


def test_threshold_such_as_85_percent() -> None:
    assert presence((0, 51), course=Course(present_percent=85)) == "present"
    assert presence((0, 50.9), course=Course(present_percent=85)) == "partial"


def test_gap_in_the_middle_is_missed_time() -> None:
    assert presence((0, 20), (50, 60)) == "partial"


def test_overlapping_devices_do_not_fill_a_gap() -> None:
    assert presence((0, 30), (0, 30), (30, 31)) == "partial"


def test_time_outside_the_schedule_makes_up_for_nothing() -> None:
    assert presence((0, 30), (60, 120)) == "partial"


def test_only_outside_the_schedule_is_seen_and_not_absent() -> None:
    assert presence((65, 110)) == "partial"


def test_early_visit_does_not_excuse_a_late_start() -> None:
    """Who looked in before class and came back late was late."""
    assert presence((-20, -15), (12, 60)) == "late"


def test_still_running_counts_until_it_was_asked() -> None:
    assert presence((0, None)) == "present"


def test_threshold_of_nothing_still_needs_the_person() -> None:
    assert presence(course=Course(present_percent=0)) == "absent"
    assert presence((0, 1), course=Course(present_percent=0)) == "left_early"


@pytest.mark.parametrize(
    ("seconds", "expected"), [(None, "absent"), (0, "absent"), (2699, "partial"), (2700, "present")]
)
def test_reported_total_without_times(seconds: int | None, expected: str) -> None:
    assert judge([], ONE_HOUR, Course(), AS_OF, seconds).value == expected


def test_reported_total_is_ignored_beside_times() -> None:
    assert judge(spans((0, 5)), ONE_HOUR, Course(), AS_OF, 3600) == Presence.PARTIAL


@pytest.mark.parametrize("day", [(2025, 3, 30), (2025, 10, 26)])
def test_late_is_not_judged_by_the_wall_clock(day: tuple[int, int, int]) -> None:
    """A class from 01:30 to 03:30 in the night when clocks change lasts one hour, or three."""
    zone = ZoneInfo("Europe/Zurich")
    schedule = Schedule(datetime(*day, 1, 30, tzinfo=zone), datetime(*day, 3, 30, tzinfo=zone))
    starts_at, ends_at = schedule.starts_at.astimezone(UTC), schedule.ends_at.astimezone(UTC)
    ten = timedelta(minutes=10)
    assert judge([(starts_at + ten, ends_at - ten)], schedule, Course(present_percent=50), ends_at).value == "present"
    late = starts_at + ten + timedelta(seconds=1)
    assert judge([(late, ends_at)], schedule, Course(present_percent=50), ends_at).value == "late"


@given(st.integers(0, 60), st.integers(0, 60), st.integers(-12, 14))
def test_presence_is_the_same_in_every_zone(start: int, end: int, hours: int) -> None:
    """A threshold computed in the server's zone would differ."""
    there = [
        (a.astimezone(ZoneInfo(f"Etc/GMT{-hours:+d}")), b and b.astimezone(ZoneInfo("America/St_Johns")))
        for a, b in spans((start, end))
    ]
    assert judge(there, ONE_HOUR, Course(), AS_OF) == judge(spans((start, end)), ONE_HOUR, Course(), AS_OF)
