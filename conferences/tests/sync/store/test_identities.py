"""Who is who when later rows join two people or part one: nobody is lost, nobody stands twice, decisions stay."""

from collections.abc import Iterable, Sequence
from typing import Any

import pytest
from django.contrib.auth.models import User
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from conferences import decisions
from conferences.export import export
from conferences.models import AttendanceSession, Conference, Course, Enrolment, KnownIdentity, Participant
from conferences.providers.records import Record
from conferences.tests.sync.store.listings import Listings, attendance, counts, every_row, interval, totals

Row = tuple[int, int]  # which one, and how many minutes it lasts


def person(key: str, *joins: str, name: str = "Kim", **more: Any) -> Record:
    """Joins are letters: a is from minute 0 to 10, b from 20 to 30, and so on."""
    at = {join: 20 * (ord(join) - ord("a")) for join in joins}
    spans = tuple(interval(start, start + 10, join) for join, start in at.items())
    return attendance(name, identity_key=key, intervals=spans, **more)


def exported(conference: Conference) -> list[tuple[str, int, bool]]:
    """Name, minutes, and whether gone."""
    return [
        (one["name"], one["total_seconds"] // 60, one["gone_at"] is not None)
        for one in export(conference)["participants"]
    ]


@pytest.fixture
def by(db: None) -> User:
    return User.objects.create(username="teacher")


@pytest.fixture
def kim(conference: Conference, db: None) -> User:
    user = User.objects.create(username="kim")
    conference.course = Course.objects.create(code="C", title="C")
    conference.series_id = "series"
    conference.save()
    Enrolment.objects.create(course=conference.course, user=user, role="learner")
    return user


def decide(key: str, user: User, by: User) -> int:
    row = Participant.objects.get(identity_key=key)
    decisions.confirm(row, user, by)
    return row.pk


def test_earlier_join_that_comes_late_makes_nobody_stand_twice(sync: Listings, conference: Conference) -> None:
    sync(person("guest:b", "b"))
    assert sync(person("guest:a", "a", "b")) == counts(updated=1)
    assert exported(conference) == [("Kim", 20, False)]
    assert Participant.objects.get().identity_key == "guest:a"
    before = every_row()
    assert sync(person("guest:a", "a", "b")) == counts(unchanged=1)
    assert every_row() == before


def test_decision_stays_with_somebody_whose_key_changes_and_is_remembered(sync: Listings, kim: User, by: User) -> None:
    """Promise: a human's decision survives every later sync."""
    sync(person("guest:a", "a"))
    pk = decide("guest:a", kim, by)
    sync(person("email:kim", "a", email="kim@example.org", lasting=True))
    row = Participant.objects.get()
    assert (row.pk, row.identity_key, row.match, row.user, row.matched_by) == (pk, "email:kim", "manual", kim, by)
    assert list(KnownIdentity.objects.values_list("identity_key", "user", "decided_by")) == [
        ("email:kim", kim.pk, by.pk)
    ]


def test_decision_of_another_day_of_the_series_goes_on_under_the_new_key(
    sync: Listings, conference: Conference, kim: User, by: User
) -> None:
    sync(person("email:kim", "a", lasting=True))
    KnownIdentity.objects.create(
        connection=conference.connection, series_id="series", identity_key="email:kim", user=kim, decided_by=by
    )
    sync(person("user:K", "a", lasting=True))
    decisions.apply_matching(conference)
    assert Participant.objects.values_list("identity_key", "match", "user").get() == ("user:K", "remembered", kim.pk)


def test_what_told_of_the_weak_identity_does_not_outlive_it(sync: Listings) -> None:
    sync(person("guest:a", "a", extra={"identity_weak": True}))
    sync(person("email:kim", "a", extra={"rooms": 1}))
    assert Participant.objects.get().extra == {"rooms": 1}


@pytest.mark.parametrize("key", ["user:1", "user:2", "user:new"])
def test_two_who_turn_out_to_be_one_are_one(sync: Listings, conference: Conference, key: str) -> None:
    sync(person("user:1", "a", name="One", reported_seconds=600), person("user:2", "b", name="Two"))
    listing = person(key, "a", "b", name="Both", reported_seconds=1200)
    assert sync(listing) == counts(updated=1)
    assert exported(conference) == [("Both", 20, False)]
    assert Participant.objects.filter(superseded=True).values_list("total_seconds", "gone_at").get() == (0, None)
    assert Participant.objects.get(superseded=False).reported_seconds == 1200
    before = every_row()
    assert sync(listing) == counts(unchanged=1)
    assert every_row() == before


@pytest.mark.parametrize("decided", ["user:1", "user:2"])
@pytest.mark.parametrize("key", ["user:1", "user:2", "user:new"])
def test_decision_about_either_of_two_who_are_one_is_about_that_one(
    sync: Listings, kim: User, by: User, key: str, decided: str
) -> None:
    sync(person("user:1", "a"), person("user:2", "b"))
    pk = decide(decided, kim, by)
    sync(person(key, "a", "b"))
    survivor = Participant.objects.get(superseded=False)
    assert (survivor.identity_key, survivor.match, survivor.user, survivor.matched_by) == (key, "manual", kim, by)
    assert survivor.pk == pk or key != "user:new"


def test_of_two_under_a_new_key_the_older_row_survives(sync: Listings) -> None:
    sync(person("user:1", "a"), person("user:2", "b"))
    first = Participant.objects.get(identity_key="user:1")
    sync(person("user:new", "b", "a"))
    assert Participant.objects.get(superseded=False).pk == first.pk


def test_one_who_turns_out_to_be_two_stays_with_most_sessions(sync: Listings, kim: User, by: User) -> None:
    sync(person("guest:a", "a", "b", "c", email="kim@example.org"))
    pk = decide("guest:a", kim, by)
    sync(person("guest:x", "a"), person("guest:y", "b", "c", name="Lee"))
    assert list(Participant.objects.order_by("name").values_list("identity_key", "email", "match")) == [
        ("guest:x", "", "none"),
        ("guest:y", "", "manual"),
    ]
    assert Participant.objects.get(identity_key="guest:y").pk == pk
    assert totals() == {"Kim": 10, "Lee": 20}


def test_decision_leaves_a_weak_identity_that_keeps_the_least(sync: Listings, kim: User, by: User) -> None:
    sync(person("guest:a", "a", "b", "c"))
    decide("guest:a", kim, by)
    sync(person("guest:a", "a"), person("guest:b", "b", "c"))
    assert dict(Participant.objects.values_list("identity_key", "match")) == {"guest:a": "none", "guest:b": "manual"}


def test_sure_person_does_not_become_the_guest_who_has_most_of_their_sessions(
    sync: Listings, kim: User, by: User
) -> None:
    """Promise: never credit the wrong person."""
    sync(person("email:kim", "a", "b", "c", lasting=True))
    decide("email:kim", kim, by)
    sync(person("email:kim", "a", lasting=True), person("guest:b", "b", "c"))
    assert dict(Participant.objects.values_list("identity_key", "match")) == {"email:kim": "manual", "guest:b": "none"}


def test_total_of_the_provider_goes_with_the_sessions(sync: Listings) -> None:
    sync(person("guest:a", "a", "b", reported_seconds=1200))
    sync(person("guest:a", "a"), person("guest:b", "b", name="Lee", reported_seconds=600))
    assert dict(Participant.objects.values_list("name", "reported_seconds")) == {"Kim": None, "Lee": 600}


def test_total_of_each_sitting_follows_the_listing(sync: Listings) -> None:
    first = person("user:1", "a", reported_seconds=600)
    sync(first, person("user:1", "b", sitting="s2", reported_seconds=60))
    sync(first, person("user:1", "b", sitting="s2", reported_seconds=600))
    assert Participant.objects.get().reported_seconds == 1200


def test_session_that_a_merged_person_no_longer_has_is_gone(sync: Listings, conference: Conference) -> None:
    """The listing restates that person's sitting, under another name."""
    sync(person("user:1", "a"), person("user:2", "b", "c"))
    sync(person("user:1", "a", "b"))
    assert exported(conference) == [("Kim", 20, False)]
    assert AttendanceSession.objects.get(session_key="c").gone_at is not None


@pytest.mark.parametrize("key", ["guest:b", "guest:a"])
def test_broken_listing_parts_and_joins_nobody(sync: Listings, conference: Conference, key: str) -> None:
    """Promise: a listing that did not end cleanly proves nothing."""
    sync(person("guest:a", "a", "b"), person("guest:z", "c", name="Zoe"))
    sync(person(key, "b", "c", "d", name="Who"), clean=False)
    assert {(total, gone) for _, total, gone in exported(conference)} == {(30, False), (10, False)}
    assert AttendanceSession.objects.count() == 4
    sync(person("guest:a", "a", "b", "d"), person("guest:z", "c", name="Zoe"))
    assert exported(conference) == [("Kim", 30, False), ("Zoe", 10, False)]


def test_entry_that_somebody_left_counts_again_when_it_is_listed_again(sync: Listings, conference: Conference) -> None:
    apart = [person("user:1", "a", name="One"), person("user:2", "b", name="Two")]
    sync(*apart)
    sync(person("user:1", "a", "b", name="One"))
    sync(*apart)
    assert exported(conference) == [("One", 10, False), ("Two", 10, False)]
    assert Participant.objects.count() == 2


def test_nothing_is_looked_up_twice_where_nothing_moves(sync: Listings, django_assert_max_num_queries: Any) -> None:
    listing = [person(f"user:{number}", name=f"P{number}", reported_seconds=number) for number in range(150)]
    sync(*listing)
    store = sync.begin("attendance")
    with django_assert_max_num_queries(8):
        store.store(listing)


# Any rows, parted into people in any way, at any time.


def listing(rows: Iterable[int], owners: Sequence[int], lasting: Sequence[bool]) -> list[Record]:
    """Rows that have one owner are one person, who has the key of the owner."""
    people: dict[int, list[int]] = {}
    for row in rows:
        people.setdefault(owners[row], []).append(row)
    return [
        attendance(
            f"P{owner}",
            identity_key=f"key:{owner}",
            sitting=f"s{sitting}",
            lasting=lasting[owner],
            email=f"p{owner}@example.org",
            reported_seconds=60 * len(here),
            intervals=tuple(interval(row * 7, row * 7 + 10, f"row-{row}") for row in here),
        )
        for owner, held in people.items()
        for sitting in (0, 1)
        if (here := [row for row in held if row % 2 == sitting])
    ]


ROWS = 6
stages = st.tuples(
    st.lists(st.integers(0, ROWS - 1), unique=True),
    st.lists(st.integers(0, 3), min_size=ROWS, max_size=ROWS),
    st.booleans(),
    st.integers(1, 4),
)
everything = st.tuples(st.permutations(range(ROWS)), st.lists(st.integers(0, 3), min_size=ROWS, max_size=ROWS))


@settings(
    max_examples=40,
    derandomize=True,
    deadline=None,
    phases=[Phase.generate],  # shrinking takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(stages, max_size=2), everything, st.lists(st.booleans(), min_size=4, max_size=4), st.integers(1, 4))
def test_after_a_whole_listing_all_is_as_in_a_fresh_database(
    conference: Conference,
    history: list[tuple[list[int], list[int], bool, int]],
    last: tuple[list[int], list[int]],
    lasting: list[bool],
    batch: int,
) -> None:
    conference.participants.all().delete()
    conference.attendance_listings.all().delete()
    sync = Listings(conference)
    for rows, owners, clean, size in history:
        sync(*listing(rows, owners, lasting), clean=clean, batch=size)
        keys = AttendanceSession.objects.values_list("session_key", flat=True)
        assert len(keys) == len(set(keys)), "a session is one person's"
    whole = listing(*last, lasting)
    sync(*whole, batch=batch)
    found, before = export(conference)["participants"], every_row()
    told = sync(*reversed(whole))
    assert (told["created"], told["updated"], every_row() == before) == (0, 0, True)
    conference.participants.all().delete()
    sync(*whole)
    assert found == export(conference)["participants"]
