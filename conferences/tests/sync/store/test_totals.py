"""Recounting who was there for how long, from the stored sessions alone."""

from datetime import timedelta

import pytest

from conferences.models import AttendanceSession, Conference, Participant
from conferences.providers.records import FlawRecord
from conferences.sync.store.totals import counted_source, recount, settle
from conferences.tests.sync.store.listings import STARTS_AT, Listings, attendance, minute, totals

SOURCES = ("door_report", "camera_guess")
DOOR, CAMERA = SOURCES


@pytest.fixture
def people(conference: Conference, sync: Listings) -> Conference:
    sync(*(attendance(f"P{number}", (0, number)) for number in range(5)))
    return conference


def everybody() -> set[int]:
    return set(Participant.objects.values_list("pk", flat=True))


def test_recounting_again_changes_nobody(people: Conference) -> None:
    assert (recount(people, DOOR, everybody()), settle(people, DOOR, everybody())) == (set(), set())


def test_wrong_totals_are_put_right(people: Conference) -> None:
    """Promise: totals are computed from intervals, so they can also fall."""
    Participant.objects.update(total_seconds=9_999)
    assert len(recount(people, DOOR, everybody())) == 5
    assert totals() == {f"P{number}": number for number in range(5)}


def test_work_can_be_limited_to_some(people: Conference) -> None:
    Participant.objects.update(total_seconds=9_999)
    chosen = Participant.objects.get(name="P3")
    assert recount(people, DOOR, {chosen.pk}) == {chosen.pk}


def test_better_source_counts_for_everybody_once_its_listing_has_ended(sync: Listings) -> None:
    sync(attendance("Ann", (0, 10), source=CAMERA), attendance("Eve", (0, 10), source=CAMERA))
    listing = sync.begin("attendance")
    listing.store([attendance("Ann", (0, 12)), attendance("New", (0, 5))])
    assert totals(superseded=False) == {"Ann": 10, "Eve": 10}, "not while it runs"
    listing.close(clean=True)
    assert totals(superseded=False) == {"Ann": 12, "New": 5}


def test_best_source_without_intervals_sets_others_aside(sync: Listings) -> None:
    sync(attendance("Eve", source="camera_guess", reported_seconds=60), attendance("Ann", reported_seconds=60), batch=1)
    people = Participant.objects.order_by("name").values_list("name", "superseded", "reported_seconds")
    assert list(people) == [("Ann", False, 60), ("Eve", True, None)]


def test_better_source_that_breaks_off_lets_nobody_vanish(sync: Listings) -> None:
    """Promise: what was stored by a good sync is unchanged after a bad one, and a later good one completes it."""
    sync(attendance("Ann", (0, 10), source="camera_guess"), attendance("Eve", (0, 10), source="camera_guess"))
    sync(attendance("Ann", (0, 12)), attendance("New", (0, 5)), clean=False)
    assert totals(superseded=False) == {"Ann": 10, "Eve": 10}
    sync(attendance("Ann", (0, 12)), attendance("New", (0, 5)))
    assert totals(superseded=False) == {"Ann": 12, "New": 5}


@pytest.mark.parametrize(("clean", "counted"), [(True, "id:1"), (False, "key:A")])
def test_person_whom_two_sources_name_differently_counts_once(sync: Listings, clean: bool, counted: str) -> None:
    """Promise: never counted twice, also while the better source is incomplete, or both are."""
    sync(attendance("Ann", (0, 30), source=CAMERA, identity_key="id:1"), clean=clean)
    sync(attendance("Ann", (0, 30), identity_key="key:A"), clean=False)
    assert Participant.objects.get(superseded=False).identity_key == counted


def test_clean_end_is_remembered_by_source(sync: Listings, conference: Conference) -> None:
    sync(attendance("Ann", (0, 9), source=CAMERA))
    sync(attendance("Ann", (0, 9)), clean=False)
    assert list(conference.attendance_listings.values_list("source", flat=True)) == [CAMERA]
    first = conference.attendance_listings.get().ended_cleanly_at
    sync(attendance("Ann", (0, 9), source=CAMERA))
    assert conference.attendance_listings.get().ended_cleanly_at > first


def test_source_that_once_ended_cleanly_goes_on_counting(sync: Listings) -> None:
    """Not what came of its last listing counts, but that it was whole once: what it told then is still there."""
    sync(attendance("Ann", (0, 10), source=CAMERA), attendance("Eve", (0, 10), source=CAMERA))
    sync(attendance("Ann", (0, 12)))
    sync(attendance("Ann", (0, 13)), clean=False)
    assert totals(superseded=False) == {"Ann": 13}


def test_entry_without_sense_does_not_keep_a_better_source_from_counting(sync: Listings) -> None:
    sync(attendance("Ann", (0, 10), source=CAMERA))
    sync(attendance("Ann", (0, 12)), FlawRecord("row-7", ("no name",), {}, stored=False))
    assert totals(superseded=False) == {"Ann": 12}


@pytest.mark.parametrize(("door", "counted"), [(1, CAMERA), (2, DOOR), (3, DOOR)])
def test_until_one_ended_cleanly_the_source_that_knows_most_people_counts(
    sync: Listings, conference: Conference, door: int, counted: str
) -> None:
    sync(*(attendance(f"C{number}", (0, 5), source=CAMERA) for number in range(2)), clean=False)
    sync(*(attendance(f"D{number}", (0, 5)) for number in range(door)), clean=False)
    assert counted_source(conference, SOURCES) == counted
    assert set(Participant.objects.filter(superseded=False).values_list("source", flat=True)) == {counted}


def test_nobody_at_all_has_no_source(conference: Conference) -> None:
    assert counted_source(conference, SOURCES) == ""


def test_other_conferences_are_left_alone(people: Conference) -> None:
    before = totals()
    other = Conference.objects.create(
        connection=people.connection, title="Other", external_id="x", starts_at=STARTS_AT, ends_at=minute(9)
    )
    assert settle(other, DOOR, everybody()) == set()
    assert totals() == before


def test_gone_sessions_count_nothing(people: Conference) -> None:
    AttendanceSession.objects.filter(participant__name="P3").update(gone_at=minute(0))
    recount(people, DOOR, everybody())
    assert totals()["P3"] == 0


def test_an_interval_of_centuries_does_not_overflow(people: Conference) -> None:
    AttendanceSession.objects.filter(participant__name="P3").update(
        joined_at=STARTS_AT - timedelta(days=365 * 300), left_at=STARTS_AT
    )
    recount(people, DOOR, everybody())
    assert Participant.objects.get(name="P3").total_seconds == 2**31 - 1
