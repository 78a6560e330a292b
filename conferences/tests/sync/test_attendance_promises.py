"""From what a provider answers to who is credited: the promises about people, through the whole engine."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User

from conferences.decisions import confirm, correct_presence
from conferences.export import export
from conferences.models import Conference, Course, Enrolment, SyncRun
from conferences.providers.base import Link, Target
from conferences.providers.errors import NotPermitted, ServerTrouble
from conferences.providers.records import Record
from conferences.register import register
from conferences.tests.campus_integration.scripts import person
from conferences.tests.school import presences

Play = Callable[..., SyncRun]
ALL = (0, 90)


@pytest.fixture
def ann(conference: Conference) -> User:
    conference.course = Course.objects.create(code="ALG-1", title="Algebra")
    conference.save()
    return enrol(conference, "Ann")


def enrol(conference: Conference, name: str) -> User:
    user = User.objects.create(username=name, first_name=name, email=f"{name.lower()}@example.org")
    Enrolment.objects.create(course=conference.course, user=user)
    return user


def listing(*people: tuple[str, tuple[float, float]], **values: Any) -> Callable[[Target, Link], list[Record]]:
    return lambda target, link: [person(target, name, minutes=minutes, **values) for name, minutes in people]


def refused(target: Target, link: Link) -> list[Record]:
    raise NotPermitted("We may not look.")


def breaking(target: Target, link: Link) -> Any:
    yield person(target, "Ann", minutes=ALL)
    raise ServerTrouble("Campus is down.")


def test_exact_address_is_credited_and_the_others_are_absent(play: Play, conference: Conference, ann: User) -> None:
    enrol(conference, "Ben")
    play(attendance=listing(("Ann", ALL)))
    assert presences(register(conference).rows) == {"Ann": "present", "Ben": "absent"}


def test_refusal_is_not_an_empty_class(play: Play, conference: Conference, ann: User) -> None:
    play(attendance=refused)
    assert presences(register(conference).rows) == {"Ann": None}


def test_listing_that_broke_proves_nobody_absent(play: Play, conference: Conference, ann: User) -> None:
    enrol(conference, "Ben")
    play(attendance=breaking)
    assert presences(register(conference).rows) == {"Ann": "present", "Ben": None}


def test_decision_of_a_person_survives_every_later_sync(play: Play, conference: Conference, ann: User) -> None:
    ben = enrol(conference, "Ben")
    play(attendance=listing(("Ann", ALL)))
    confirm(conference.participants.get(), ben, by=ann)
    play(attendance=listing(("Ann", ALL)))
    assert presences(register(conference).rows) == {"Ann": "absent", "Ben": "present"}


def test_correction_wins_over_every_later_sync(play: Play, conference: Conference, ann: User) -> None:
    correct_presence(conference, ann, "present", "Sat in the room", by=ann)
    play(attendance=listing(("Ann", (0, 5))))
    assert presences(register(conference).rows) == {"Ann": "present"}


def test_duration_that_is_corrected_down_is_counted_down(play: Play, conference: Conference, ann: User) -> None:
    """Recomputed from intervals, never the larger of old and new."""
    play(attendance=listing(("Ann", ALL)))
    play(attendance=listing(("Ann", (0, 40))))
    (row,) = register(conference).rows
    assert (row.total_seconds, row.presence) == (2400, "partial")
    assert [one["total_seconds"] for one in export(conference)["participants"]] == [2400]


def test_shorter_answer_takes_nobodys_time(play: Play, conference: Conference, ann: User) -> None:
    """Somebody whom a later listing leaves out is marked, not emptied."""
    play(attendance=listing(("Ann", ALL), ("Zoe", ALL)))
    before = export(conference)["participants"]
    play(attendance=listing(("Zoe", ALL)))
    ann_now, zoe_now = export(conference)["participants"]
    assert zoe_now == before[1]
    assert {**ann_now, "gone_at": None} == before[0]
    assert ann_now["gone_at"] is not None


def test_better_source_replaces_the_totals_of_the_other(play: Play, conference: Conference, ann: User) -> None:
    play(attendance=listing(("Ann", (0, 50)), source="camera_guess"))
    play(attendance=listing(("Ann", ALL)))
    (exported,) = export(conference)["participants"]
    assert (exported["source"], exported["total_seconds"]) == ("door_report", 5400)
    assert [session["source"] for session in exported["sessions"]] == ["door_report"]
    (row,) = register(conference).rows
    assert [session.source for session in row.superseded] == ["camera_guess"]


def test_two_sittings_with_a_gap_between_them(play: Play, conference: Conference, ann: User) -> None:
    def both(target: Target, link: Link) -> list[Record]:
        sittings = {"s1": (0, 40), "s2": (50, 90)}
        return [person(target, "Ann", sitting=sitting, minutes=minutes) for sitting, minutes in sittings.items()]

    play(attendance=both)
    people = register(conference)
    assert [row.total_seconds for row in people.rows] == [80 * 60]
    assert [sitting.key for sitting in people.sittings] == ["s1", "s2"]


def test_totals_of_the_register_are_those_that_the_store_wrote(play: Play, conference: Conference, ann: User) -> None:
    def devices(target: Target, link: Link) -> list[Record]:
        return [person(target, "Ann", sitting=f"s{start}", minutes=(start, start + 30)) for start in (0, 20, 55)]

    play(attendance=devices)
    assert [row.total_seconds for row in register(conference).rows] == [conference.participants.get().total_seconds]
    assert conference.participants.get().total_seconds == 80 * 60
