"""Recounting who was there for how long, from the stored sessions alone."""

from datetime import timedelta

import pytest

from conferences.models import AttendanceSession, Conference, Participant
from conferences.sync.store.totals import recount, settle
from conferences.tests.sync.store.listings import STARTS_AT, Listings, attendance, minute, totals

SOURCES = ("door_report", "camera_guess")


@pytest.fixture
def people(conference: Conference, sync: Listings) -> Conference:
    sync(*(attendance(f"P{number}", (0, number)) for number in range(5)))
    return conference


def everybody() -> set[int]:
    return set(Participant.objects.values_list("pk", flat=True))


def test_recounting_again_changes_nobody(people: Conference) -> None:
    assert (recount(people, SOURCES, everybody()), settle(people, SOURCES, everybody())) == (set(), set())


def test_wrong_totals_are_put_right(people: Conference) -> None:
    """Promise: totals are computed from intervals, so they can also fall."""
    Participant.objects.update(total_seconds=9_999)
    assert len(recount(people, SOURCES, everybody())) == 5
    assert totals() == {f"P{number}": number for number in range(5)}


def test_work_can_be_limited_to_some(people: Conference) -> None:
    Participant.objects.update(total_seconds=9_999)
    chosen = Participant.objects.get(name="P3")
    assert recount(people, SOURCES, {chosen.pk}) == {chosen.pk}


def test_change_of_the_best_source_concerns_everybody(people: Conference) -> None:
    chosen = Participant.objects.get(name="P3")
    AttendanceSession.objects.create(
        participant=chosen,
        source="better",
        sitting="s",
        session_key="k",
        joined_at=minute(0),
        left_at=minute(1),
        first_seen_at=STARTS_AT,
        last_seen_at=STARTS_AT,
    )
    recount(people, ("better", *SOURCES), {chosen.pk})
    assert totals(superseded=False) == {f"P{number}": number for number in range(5)}, "not while a listing runs"
    settle(people, ("better", *SOURCES), set())
    assert totals(superseded=False) == {"P3": 1}


def test_best_source_without_intervals_sets_others_aside(sync: Listings) -> None:
    sync(attendance("Eve", source="camera_guess", reported_seconds=60), attendance("Ann", reported_seconds=60), batch=1)
    people = Participant.objects.order_by("name").values_list("name", "superseded", "reported_seconds")
    assert list(people) == [("Ann", False, 60), ("Eve", True, None)]


def test_better_source_that_breaks_off_lets_nobody_vanish(sync: Listings) -> None:
    """Promise: what was stored by a good sync is unchanged after a bad one, and a later good one completes it."""
    sync(attendance("Ann", (0, 10), source="camera_guess"), attendance("Eve", (0, 10), source="camera_guess"))
    sync(attendance("Ann", (0, 12)), attendance("New", (0, 5)), clean=False)
    assert totals(superseded=False) == {"Ann": 10, "Eve": 10, "New": 5}
    sync(attendance("Ann", (0, 12)), attendance("New", (0, 5)))
    assert totals(superseded=False) == {"Ann": 12, "New": 5}


def test_other_conferences_are_left_alone(people: Conference) -> None:
    before = totals()
    other = Conference.objects.create(
        connection=people.connection, title="Other", external_id="x", starts_at=STARTS_AT, ends_at=minute(9)
    )
    assert settle(other, SOURCES, everybody()) == set()
    assert totals() == before


def test_gone_sessions_count_nothing(people: Conference) -> None:
    AttendanceSession.objects.filter(participant__name="P3").update(gone_at=minute(0))
    recount(people, SOURCES, everybody())
    assert totals()["P3"] == 0


def test_an_interval_of_centuries_does_not_overflow(people: Conference) -> None:
    AttendanceSession.objects.filter(participant__name="P3").update(
        joined_at=STARTS_AT - timedelta(days=365 * 300), left_at=STARTS_AT
    )
    recount(people, SOURCES, everybody())
    assert Participant.objects.get(name="P3").total_seconds == 2**31 - 1
