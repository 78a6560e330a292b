"""Which class a sitting or a moment belongs to."""

from datetime import UTC, datetime

import pytest

from conferences.providers.window import Window


def at(clock: str) -> datetime:
    return datetime.fromisoformat(f"2026-03-04T{clock}").replace(tzinfo=UTC)


FIRST, SECOND, OVERLAPPING = (at("10:00"), at("11:00")), (at("11:00"), at("12:00")), (at("10:30"), at("11:30"))


def holders(clock: str, until: str | None, *classes: tuple[datetime, datetime]) -> list[int]:
    """The numbers of the classes that claim it."""
    windows = [Window(*own, neighbours=tuple(each for each in classes if each != own)) for own in classes]
    end = at(until) if until else None
    return [number for number, window in enumerate(windows, start=1) if window.holds(at(clock), end)]


@pytest.mark.parametrize(
    ("clock", "expected"),
    [
        ("09:29:59", []),
        ("09:30", [1]),
        ("10:00", [1]),
        ("10:59:59.999999", [1]),
        ("11:00", [2]),
        ("11:00:00.000001", [2]),
        ("12:00", [2]),
        ("13:59:59", [2]),
        ("14:00", []),
    ],
)
def test_holds_gives_every_moment_to_one_of_two_classes_that_follow_each_other(clock: str, expected: list[int]) -> None:
    assert holders(clock, None, FIRST, SECOND) == expected
    assert holders(clock, clock, FIRST, SECOND) == expected


def test_holds_keeps_the_moment_at_its_end_where_no_class_follows() -> None:
    assert holders("11:00", None, FIRST) == [1]


@pytest.mark.parametrize("clock", ["10:30", "10:45", "10:59"])
def test_holds_lets_two_classes_share_a_moment_only_while_both_are_on(clock: str) -> None:
    assert holders(clock, None, FIRST, OVERLAPPING) == [1, 2]


@pytest.mark.parametrize(("clock", "expected"), [("10:29", [1]), ("11:00", [2]), ("11:30", [2])])
def test_holds_gives_other_moments_to_the_class_that_is_on_or_nearer(clock: str, expected: list[int]) -> None:
    assert holders(clock, None, FIRST, OVERLAPPING) == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [("10:00", "11:05", [1]), ("10:50", "12:00", [2]), ("10:30", "11:30", [1, 2]), ("09:40", "09:50", [1])],
)
def test_holds_gives_a_sitting_to_the_class_it_overlaps_longest(start: str, end: str, expected: list[int]) -> None:
    assert holders(start, end, FIRST, SECOND) == expected
