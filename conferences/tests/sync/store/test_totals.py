"""Recounting who was there for how long, from the stored sessions alone."""

from datetime import timedelta

import pytest

from conferences.models import AttendanceSession, Conference, Participant
from conferences.sync.store.totals import recount
from conferences.tests.sync.store.listings import STARTS_AT, Listings, attendance, minute, totals

SOURCES = ("door_report", "camera_guess")


@pytest.fixture
def people(conference: Conference, sync: Listings) -> Conference:
    sync(*(attendance(f"P{number}", (0, number)) for number in range(5)))
    return conference


def test_recounting_again_changes_nobody(people: Conference) -> None:
    assert recount(people, SOURCES) == set()


def test_wrong_totals_are_put_right(people: Conference) -> None:
    """Promise: totals are computed from intervals, so they can also fall."""
    Participant.objects.update(total_seconds=9_999)
    assert len(recount(people, SOURCES)) == 5
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
    assert totals(superseded=False) == {"P3": 1}


def test_best_source_without_intervals_sets_others_aside(sync: Listings) -> None:
    """Also when the listing breaks off, so that nothing is recounted at its end."""
    listing = [attendance("Eve", source="camera_guess", reported_seconds=60), attendance("Ann", reported_seconds=60)]
    sync(*listing, batch=1, clean=False)
    people = Participant.objects.order_by("name").values_list("name", "superseded", "reported_seconds")
    assert list(people) == [("Ann", False, 60), ("Eve", True, None)]


def test_other_conferences_are_left_alone(people: Conference) -> None:
    before = totals()
    other = Conference.objects.create(
        connection=people.connection, title="Other", external_id="x", starts_at=STARTS_AT, ends_at=minute(9)
    )
    assert recount(other, SOURCES) == set()
    assert totals() == before


def test_gone_sessions_count_nothing(people: Conference) -> None:
    AttendanceSession.objects.filter(participant__name="P3").update(gone_at=minute(0))
    recount(people, SOURCES)
    assert totals()["P3"] == 0


def test_an_interval_of_centuries_does_not_overflow(people: Conference) -> None:
    AttendanceSession.objects.filter(participant__name="P3").update(
        joined_at=STARTS_AT - timedelta(days=365 * 300), left_at=STARTS_AT
    )
    recount(people, SOURCES)
    assert Participant.objects.get(name="P3").total_seconds == 2**31 - 1
