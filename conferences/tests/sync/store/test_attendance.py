"""People: one row each, described once, never lost; and what becomes of those whom a listing leaves out."""

import pytest

from conferences.models import AttendanceSession, Participant
from conferences.tests.sync.store.listings import Listings, attendance, counts, every_row, totals


def gone() -> dict[str, bool]:
    return {name: at is not None for name, at in Participant.objects.values_list("name", "gone_at")}


def test_two_people_of_one_name_stay_two(sync: Listings) -> None:
    sync(attendance("Kim", (0, 10), identity_key="id:1"), attendance("Kim", (0, 60), identity_key="id:2"))
    assert sorted(Participant.objects.values_list("name", "total_seconds")) == [("Kim", 600), ("Kim", 3600)]


def test_guests_without_any_name_stay_apart(sync: Listings) -> None:
    """Promise: guests with neither name nor address are not dropped, nor merged into one."""
    guests = [attendance("", (0, 10), identity_key=f"guest:{number}", kind="guest") for number in range(3)]
    assert sync(*guests) == counts(created=3)


def test_empty_listing_empties_nothing(sync: Listings) -> None:
    sync(attendance("Ann", (0, 60)), attendance("Ben", (0, 30)))
    before = every_row()
    assert sync() == counts()
    assert every_row() == before


def test_shorter_listing_marks_the_missing_and_keeps_their_time(sync: Listings) -> None:
    sync(attendance("Ann", (0, 60)), attendance("Ben", (0, 30)))
    sync(attendance("Ann", (0, 60)))
    assert (gone(), totals()) == ({"Ann": False, "Ben": True}, {"Ann": 60, "Ben": 30})


def test_unclean_listing_marks_nobody(sync: Listings) -> None:
    sync(attendance("Ann", (0, 60)), attendance("Ben", (0, 30)))
    sync(attendance("Ann", (0, 60)), clean=False)
    assert gone() == {"Ann": False, "Ben": False}


def test_person_listed_again_is_no_longer_gone(sync: Listings) -> None:
    people = [attendance("Ann", (0, 60)), attendance("Ben", (0, 30))]
    sync(*people)
    sync(people[0])
    assert sync(*people) == counts(updated=1, unchanged=1)
    assert gone() == {"Ann": False, "Ben": False}


def test_values_that_went_missing_empty_nothing(sync: Listings) -> None:
    sync(attendance("Ann", (0, 60), email="ann@example.org", role="presenter", kind="member", extra={"a": 1}))
    assert sync(attendance("", (0, 60), identity_key="name:Ann")) == counts(unchanged=1)
    person = Participant.objects.get()
    assert (person.name, person.email, person.role, person.kind, person.extra) == (
        "Ann",
        "ann@example.org",
        "presenter",
        "member",
        {"a": 1},
    )


def test_new_name_of_a_person_is_taken(sync: Listings) -> None:
    sync(attendance("Ann", (0, 60), identity_key="id:1"))
    assert sync(attendance("Ann Bell", (0, 60), identity_key="id:1")) == counts(updated=1)
    assert list(Participant.objects.values_list("name", flat=True)) == ["Ann Bell"]


@pytest.mark.parametrize("batch", [1, 200])
def test_role_that_differs_between_sittings_does_not_flap(sync: Listings, batch: int) -> None:
    records = [
        attendance("Ann", (0, 30), sitting="s1", role="presenter"),
        attendance("Ann", (40, 60), sitting="s2", role="attendee", email="ann@example.org"),
    ]
    assert sync(*records, batch=batch) == counts(created=1)
    assert sync(*records, batch=batch) == counts(unchanged=1)
    assert list(Participant.objects.values_list("role", "email")) == [("presenter", "ann@example.org")]


@pytest.mark.parametrize("batch", [1, 200])
def test_devices_that_tell_differently_of_one_person_do_not_flap(sync: Listings, batch: int) -> None:
    records = [
        attendance("Ann", (0, 30), reported_seconds=1800, extra={"device": "laptop"}),
        attendance("Ann (phone)", (5, 20), reported_seconds=900, extra={"device": "phone"}, identity_key="name:Ann"),
    ]
    sync(*records, batch=batch)
    assert sync(*records, batch=batch) == counts(unchanged=1)
    person = Participant.objects.get()
    assert (person.name, person.reported_seconds, person.extra) == ("Ann", 1800, {"device": "laptop"})


@pytest.mark.parametrize("kinds", [("unknown", "member"), ("member", "unknown")])
def test_known_kind_beats_an_unknown_one_in_any_order(sync: Listings, kinds: tuple[str, str]) -> None:
    records = [attendance("Ann", (n * 10, n * 10 + 5), sitting=f"s{n}", kind=kind) for n, kind in enumerate(kinds)]
    sync(*records)
    assert sync(*records) == counts(unchanged=1)
    assert Participant.objects.get().kind == "member"


def test_reported_totals_are_added_up_over_sittings_and_stated_once(sync: Listings) -> None:
    records = [
        attendance("Ann", (0, 30), sitting="s1", reported_seconds=1700),
        attendance("Ann", (40, 60), sitting="s2", reported_seconds=1100),
    ]
    sync(*records)
    assert sync(*records) == counts(unchanged=1)
    assert Participant.objects.get().reported_seconds == 2800


def test_reported_total_is_corrected_downwards(sync: Listings) -> None:
    sync(attendance("Ann", (0, 30), reported_seconds=1700))
    sync(attendance("Ann", (0, 30), reported_seconds=900))
    assert Participant.objects.get().reported_seconds == 900


@pytest.mark.parametrize("nonsense", [-5, 2**31, 10**30])
def test_reported_total_that_is_none_costs_nobody_their_time(sync: Listings, nonsense: int) -> None:
    sync(attendance("Ann", (0, 30), reported_seconds=nonsense))
    person = Participant.objects.get()
    assert (person.total_seconds, person.reported_seconds, person.reported) == (
        1800,
        None,
        {"door_report:s1": nonsense},
    )


def test_name_that_is_too_long_is_cut_and_kept_in_full_beside(sync: Listings) -> None:
    name = "Ünï " * 2_500
    sync(attendance(name, (0, 30)))
    assert sync(attendance(name, (0, 30))) == counts(unchanged=1)
    person = Participant.objects.get()
    assert (person.name, person.extra["name"]) == (name[:512], name.strip())


def test_longer_identities_stay_apart(sync: Listings) -> None:
    long = "i" * 9_000
    sync(attendance("Ann", (0, 10), identity_key=f"{long}a"), attendance("Ben", (0, 20), identity_key=f"{long}b"))
    assert totals() == {"Ann": 10, "Ben": 20}


def test_better_source_supersedes_and_nothing_counts_twice(sync: Listings) -> None:
    sync(attendance("Ann", (0, 90), source="camera_guess"), attendance("Cat", (0, 90), source="camera_guess"))
    assert sync(attendance("Ann", (10, 60), source="door_report")) == counts(updated=1)
    assert totals(superseded=False) == {"Ann": 50}
    assert totals(superseded=True) == {"Cat": 0}
    assert sorted(AttendanceSession.objects.values_list("source", "superseded")) == [
        ("camera_guess", True),
        ("camera_guess", True),
        ("door_report", False),
    ]


def test_better_source_leaves_people_of_the_other_one_unmarked(sync: Listings) -> None:
    """A listing of one source says nothing about what another one knows."""
    sync(attendance("Cat", (0, 90), source="camera_guess"))
    sync(attendance("Ann", (10, 60), source="door_report"))
    assert gone() == {"Cat": False, "Ann": False}


def test_worse_source_never_replaces_a_better_one(sync: Listings) -> None:
    sync(attendance("Ann", (10, 60), source="door_report"))
    sync(attendance("Ann", (0, 90), source="camera_guess"), attendance("Cat", (0, 9), source="camera_guess"))
    assert (totals(superseded=False), totals(superseded=True)) == ({"Ann": 50}, {"Cat": 0})
    assert Participant.objects.get(name="Ann").source == "door_report"


def test_step_names_the_best_source_that_it_listed(sync: Listings) -> None:
    sync(attendance("Ann", (0, 9), source="camera_guess"), attendance("Ben", (0, 9), source="door_report"))
    assert sync.store.source == "door_report"


def test_unknown_source_is_the_worst(sync: Listings) -> None:
    sync(attendance("Ann", (0, 9), source="hearsay"), attendance("Ann", (0, 5), source="camera_guess"))
    assert (sync.store.source, totals()) == ("camera_guess", {"Ann": 5})


def test_people_without_intervals_are_kept_with_what_was_reported(sync: Listings) -> None:
    sync(attendance("Ann", reported_seconds=600), attendance("Ben", (0, 5)))
    assert sync(attendance("Ann", reported_seconds=600), attendance("Ben", (0, 5))) == counts(unchanged=2)
    ann = Participant.objects.get(name="Ann")
    assert (ann.superseded, ann.total_seconds, ann.reported_seconds, ann.source) == (False, 0, 600, "door_report")


def test_first_and_last_moments_follow_the_sessions(sync: Listings) -> None:
    sync(attendance("Ann", (20, 30), (0, 10)), attendance("Ben", (0, 10), (20, None)))
    ann, ben = Participant.objects.order_by("name")
    assert ((ann.last_left_at - ann.first_joined_at).total_seconds(), ben.last_left_at) == (1800, None)


def test_second_sync_leaves_when_rows_were_seen_alone(sync: Listings) -> None:
    sync(attendance("Ann", (0, 60)))
    first = sync.seen_at
    sync(attendance("Ann", (0, 60)))
    assert list(Participant.objects.values_list("first_seen_at", "last_seen_at")) == [(first, first)]
