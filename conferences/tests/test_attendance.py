import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conferences.attendance import OpenSpan, clipped, closed, length, union, union_seconds

ZURICH = ZoneInfo("Europe/Zurich")
CLASS_AT = datetime(2025, 11, 26, 10, tzinfo=UTC)


def minute(value: float) -> datetime:
    return CLASS_AT + timedelta(minutes=value)


def span(start: float, end: float | None) -> OpenSpan:
    return minute(start), None if end is None else minute(end)


def test_union_of_nothing() -> None:
    assert union([]) == []
    assert union_seconds([]) == 0


def test_overlapping_joins_after_a_reconnect_are_not_counted_twice() -> None:
    assert union_seconds([span(0, 30), span(20, 50)]) == 50 * 60


def test_gap_inside_an_envelope_is_a_gap() -> None:
    """A long interval, one inside it and one after a gap: subtracting from a growing envelope gets this wrong."""
    assert union([span(0, 10), span(2, 4), span(30, 40), span(5, 12)]) == [span(0, 12), span(30, 40)]
    assert union_seconds([span(0, 10), span(2, 4), span(30, 40), span(5, 12)]) == 22 * 60


def test_two_devices_at_once_count_once() -> None:
    assert union_seconds([span(0, 60), span(0, 60)]) == 3600


def test_leaving_and_joining_at_the_same_moment_is_one_stretch() -> None:
    assert union([span(0, 10), span(10, 20)]) == [span(0, 20)]


def test_interval_still_running_adds_nothing() -> None:
    assert union_seconds([span(0, 10), span(20, None)]) == 600


@pytest.mark.parametrize("end", [5, 3])
def test_empty_and_reversed_intervals_add_nothing(end: int) -> None:
    assert union([span(5, end)]) == []


def test_fractions_are_rounded_once_at_the_end() -> None:
    """Three times 0.4 s are 1.2 s, not three times nothing."""
    spans = [(minute(n), minute(n) + timedelta(milliseconds=400)) for n in range(3)]
    assert length(spans) == timedelta(milliseconds=1200)
    assert union_seconds(spans) == 1


def test_duration_can_be_corrected_down() -> None:
    """Recomputed from intervals, never the larger of old and new."""
    assert union_seconds([span(0, 50)]) == 3000
    assert union_seconds([span(0, 40)]) == 2400


def test_night_of_the_spring_change_has_one_hour_less() -> None:
    """01:30 to 03:30 on the wall is one hour when clocks jump from 2 to 3."""
    spans = [(datetime(2025, 3, 30, 1, 30, tzinfo=ZURICH), datetime(2025, 3, 30, 3, 30, tzinfo=ZURICH))]
    assert union_seconds(spans) == 3600


def test_night_of_the_autumn_change_has_one_hour_more() -> None:
    spans = [(datetime(2025, 10, 26, 1, 30, tzinfo=ZURICH), datetime(2025, 10, 26, 3, 30, tzinfo=ZURICH))]
    assert union_seconds(spans) == 3 * 3600


def test_hour_that_comes_twice_is_in_order() -> None:
    """02:50 before the change and 02:10 after it: backwards on the wall, twenty minutes in fact."""
    before, after = (
        datetime(2025, 10, 26, 2, 50, tzinfo=ZURICH),
        datetime(2025, 10, 26, 2, 10, fold=1, tzinfo=ZURICH),
    )
    assert union_seconds([(before, after)]) == 20 * 60


def test_zones_may_be_mixed() -> None:
    in_zurich = (minute(0).astimezone(ZURICH), minute(30).astimezone(ZURICH))
    in_tokyo = (minute(20).astimezone(ZoneInfo("Asia/Tokyo")), minute(40).astimezone(ZoneInfo("Asia/Tokyo")))
    assert union([in_zurich, in_tokyo]) == [span(0, 40)]


def test_closed_ends_what_is_still_running() -> None:
    assert closed([span(0, 10), span(20, None), span(45, None), span(50, None)], as_of=minute(45)) == [
        span(0, 10),
        span(20, 45),
    ]


def test_clipped_keeps_what_lies_within() -> None:
    assert clipped([span(-5, 3), span(50, 70), span(80, 90)], minute(0), minute(60)) == [span(0, 3), span(50, 60)]


def test_clipped_to_the_hour_that_comes_twice() -> None:
    """From 02:50 before the change to 02:10 after it."""
    starts_at = datetime(2025, 10, 26, 2, 50, tzinfo=ZURICH)
    ends_at = datetime(2025, 10, 26, 2, 10, fold=1, tzinfo=ZURICH)
    whole = (starts_at.astimezone(UTC), ends_at.astimezone(UTC))
    assert clipped([(whole[0] - timedelta(hours=1), whole[1] + timedelta(hours=1))], starts_at, ends_at) == [whole]


moments = st.integers(min_value=0, max_value=300).map(lambda second: CLASS_AT + timedelta(seconds=second))
spans_of_whole_seconds = st.lists(st.tuples(moments, st.one_of(st.none(), moments)), max_size=12)
any_moment = st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2030, 1, 1), timezones=st.just(ZURICH))  # noqa: DTZ001
any_spans = st.lists(st.tuples(any_moment, any_moment), max_size=8)


@given(spans_of_whole_seconds)
def test_union_equals_a_count_second_by_second(spans: list[OpenSpan]) -> None:
    inside = {
        second
        for start, end in spans
        if end is not None
        for second in range(int((start - CLASS_AT).total_seconds()), int((end - CLASS_AT).total_seconds()))
    }
    assert union_seconds(spans) == len(inside)


@given(any_spans)
def test_union_is_never_longer_than_the_sum(spans: list[OpenSpan]) -> None:
    assert length(spans) <= sum((length([one]) for one in spans), timedelta())


@given(any_spans)
def test_union_of_a_union_is_the_same(spans: list[OpenSpan]) -> None:
    assert union(union(spans)) == union(spans)


@given(any_spans, st.randoms())
def test_union_does_not_depend_on_order(spans: list[OpenSpan], dice: random.Random) -> None:
    shuffled = list(spans)
    dice.shuffle(shuffled)
    assert union(shuffled) == union(spans)


@given(any_spans)
def test_union_leaves_gaps_between_its_parts(spans: list[OpenSpan]) -> None:
    assert all(earlier[1] < later[0] for earlier, later in pairwise(union(spans)))
