"""Which stored row is which interval of a listing."""

from itertools import permutations

import pytest

from conferences.models import AttendanceSession
from conferences.tests.sync.store.listings import Listings, attendance, counts, interval, minute, totals


def live() -> list[tuple[float, float | None]]:
    """Minutes of class of the live sessions."""
    start = minute(0)
    rows = AttendanceSession.objects.filter(gone_at__isnull=True).values_list("joined_at", "left_at")
    spans = [
        ((joined - start).total_seconds() / 60, None if left is None else (left - start).total_seconds() / 60)
        for joined, left in rows
    ]
    return sorted(spans, key=lambda span: (span[0], span[1] or 0))


def test_three_joins_are_one_person_with_three_sessions(sync: Listings) -> None:
    assert sync(attendance("Ann", (0, 10), (20, 30), (40, 50))) == counts(created=1)
    assert (live(), totals()) == ([(0, 10), (20, 30), (40, 50)], {"Ann": 30})


def test_gap_between_two_joins_stays_a_gap_and_overlap_counts_once(sync: Listings) -> None:
    sync(attendance("Ann", (0, 20), (10, 30), (50, 60)))
    assert totals() == {"Ann": 40}


def test_open_interval_is_closed_by_a_later_sync(sync: Listings) -> None:
    sync(attendance("Ann", (0, None)))
    assert (live(), totals()) == ([(0, None)], {"Ann": 0})
    assert sync(attendance("Ann", (0, 45))) == counts(updated=1)
    assert (live(), totals()) == ([(0, 45)], {"Ann": 45})


def test_closed_interval_is_not_opened_again_by_a_missing_end(sync: Listings) -> None:
    sync(attendance("Ann", (0, 45)))
    assert sync(attendance("Ann", (0, None))) == counts(unchanged=1)
    assert totals() == {"Ann": 45}


def test_restated_sitting_replaces_itself_and_corrects_downwards(sync: Listings) -> None:
    sync(attendance("Ann", (0, 60), (70, 80)))
    assert sync(attendance("Ann", (0, 30))) == counts(updated=1)
    assert (live(), totals()) == ([(0, 30)], {"Ann": 30})
    assert AttendanceSession.objects.count() == 2


def test_restated_sitting_leaves_other_sittings_alone(sync: Listings) -> None:
    sync(attendance("Ann", (0, 30), sitting="s1"), attendance("Ann", (40, 60), sitting="s2"))
    sync(attendance("Ann", (40, 50), sitting="s2"))
    assert totals() == {"Ann": 40}


def test_moved_moment_of_joining_replaces_the_old_one(sync: Listings) -> None:
    sync(attendance("Ann", (0, 60)))
    sync(attendance("Ann", (5, 60)))
    assert (live(), totals()) == ([(5, 60)], {"Ann": 55})


def test_session_of_a_provider_key_moves_in_place(sync: Listings) -> None:
    sync(attendance("Ann", (0, 60, "leg-1")))
    sync(attendance("Ann", (5, 60, "leg-1")))
    assert (live(), AttendanceSession.objects.count()) == ([(5, 60)], 1)


def test_replaced_session_that_is_listed_again_comes_back(sync: Listings) -> None:
    for listing in ([(0, 10), (20, 30)], [(0, 10)], [(0, 10), (20, 30)]):
        sync(attendance("Ann", *listing))
    assert (live(), totals(), AttendanceSession.objects.count()) == ([(0, 10), (20, 30)], {"Ann": 20}, 2)


def test_sitting_without_intervals_replaces_nothing(sync: Listings) -> None:
    sync(attendance("Ann", (0, 60)))
    assert sync(attendance("Ann")) == counts(unchanged=1)
    assert totals() == {"Ann": 60}


@pytest.mark.parametrize("batch", [1, 200])
@pytest.mark.parametrize("order", list(permutations([(0, 5), (0, 60), (0, 30)])))
def test_devices_that_joined_in_one_moment_are_all_kept(
    sync: Listings, order: list[tuple[float, float]], batch: int
) -> None:
    """One record a device, in any order and on any page; a second sync changes nothing, in whatever order."""
    sync(*(attendance("Ann", span) for span in order), batch=batch)
    assert (live(), totals()) == ([(0, 5), (0, 30), (0, 60)], {"Ann": 60})
    assert sync(*(attendance("Ann", span) for span in reversed(order)), batch=batch) == counts(unchanged=1)


def test_devices_that_joined_in_one_moment_in_one_record(sync: Listings) -> None:
    sync(attendance("Ann", (0, 60), (0, 5)))
    assert live() == [(0, 5), (0, 60)]


@pytest.mark.parametrize("batch", [1, 200])
def test_session_listed_on_two_pages_is_one_session(sync: Listings, batch: int) -> None:
    sync(attendance("Ann", (0, 60)), attendance("Ann", (0, 60)), batch=batch)
    assert live() == [(0, 60)]


def test_one_of_two_devices_is_corrected(sync: Listings) -> None:
    sync(attendance("Ann", (0, 20), (0, 30)))
    sync(attendance("Ann", (0, 20), (0, 25)))
    assert (live(), totals()) == ([(0, 20), (0, 25)], {"Ann": 25})


def test_unclean_listing_replaces_nothing(sync: Listings) -> None:
    sync(attendance("Ann", (0, 10), (20, 30)))
    sync(attendance("Ann", (0, 10)), clean=False)
    assert totals() == {"Ann": 20}


def test_key_that_is_too_long_stays_one_key(sync: Listings) -> None:
    long = "k" * 10_000
    sync(attendance("Ann", (0, 10, f"{long}1"), (20, 30, f"{long}2"), sitting=long))
    assert sync(attendance("Ann", (0, 10, f"{long}1"), (20, 30, f"{long}2"), sitting=long)) == counts(unchanged=1)
    assert live() == [(0, 10), (20, 30)]


def test_closing_asks_the_same_number_of_questions_however_many_came(
    sync: Listings, django_assert_max_num_queries: object
) -> None:
    store = sync.begin("attendance")
    store.store([attendance(f"P{number}", (0, 60)) for number in range(150)])
    with django_assert_max_num_queries(15):  # type: ignore[operator]
        store.close(clean=True)


def test_join_that_runs_against_the_stored_leave_changes_neither(sync: Listings) -> None:
    """A session of a known key that is told again without its end, and begins after it."""
    sync(attendance("Ann", intervals=(interval(0, 30, "k1"),)))
    sync(attendance("Ann", intervals=(interval(40, None, "k1"),)))
    assert list(AttendanceSession.objects.values_list("joined_at", "left_at")) == [(minute(0), minute(30))]
