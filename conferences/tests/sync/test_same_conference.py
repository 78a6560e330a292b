"""Promise: one class is one conference, under whatever ids and in whatever order it is listed; and nobody who was
synced is ever moved to another one."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from django.utils import timezone

from conferences.models import AttendanceSession, Conference, Connection, Participant, SyncRun
from conferences.providers.base import Link, Span
from conferences.providers.errors import ServerTrouble
from conferences.providers.records import ConferenceRecord, Record, Unlisted
from conferences.sync import account, worker
from conferences.tests.campus_integration.scripts import TIMETABLES

MINUTE = timedelta(minutes=1)
TODAY_AT = timezone.now().replace(hour=9, minute=0, second=0, microsecond=0)
LAST_WEEK_AT = TODAY_AT - timedelta(days=7)
NEXT_WEEK_AT = TODAY_AT + timedelta(days=7)

Sync = Callable[..., SyncRun]


@pytest.fixture
def connection(db: None, campus: None) -> Connection:
    return Connection.objects.create(provider="campus", name="Campus", credentials={"script": "quick", "key": "canary"})


@pytest.fixture
def sync(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> Sync:
    """A sync of an account that lists just these."""

    def run(*listed: Record | Exception, **options: Any) -> SyncRun:
        def timetable(span: Span, link: Link) -> Iterator[Record]:
            for each in listed:
                if isinstance(each, Exception):
                    raise each
                yield each

        monkeypatch.setitem(TIMETABLES, "quick", timetable)
        requested = account.request(connection, via="command", ring=False, **options)
        worker.work(requested.pk)
        requested.refresh_from_db()
        return requested

    return run


def held(key: str, first: float = 0, last: float = 60, at: datetime = LAST_WEEK_AT, **values: Any) -> ConferenceRecord:
    """A run from one minute to another."""
    told = {"series_id": "8100000", "organizer": "ann@example.org", **values}
    return ConferenceRecord(key, "Algebra", at + first * MINUTE, at + last * MINUTE, **told)


def planned(key: str, at: datetime = NEXT_WEEK_AT, first: float = 0, last: float = 60) -> ConferenceRecord:
    return replace(held(key, first, last, at), planned=True)


def stored(connection: Connection, key: str, first: float = 0, last: float = 60, **values: Any) -> Conference:
    told = {"title": "Algebra", "series_id": "8100000", **values}
    at = told.pop("at", LAST_WEEK_AT)
    return Conference.objects.create(
        connection=connection, external_id=key, starts_at=at + first * MINUTE, ends_at=at + last * MINUTE, **told
    )


def by_number(connection: Connection, first: float = 0, last: float = 60) -> Conference:
    return stored(connection, f"8100000@{LAST_WEEK_AT + first * MINUTE:%Y-%m-%dT%H:%M:%SZ}", first, last)


def seen(conference: Conference, sitting: str, first: float, last: float) -> Participant:
    """Somebody who was synced into it."""
    at = timezone.now()
    person = Participant.objects.create(
        conference=conference, identity_key=f"id:{sitting}", source="door_report", first_seen_at=at, last_seen_at=at
    )
    AttendanceSession.objects.create(
        participant=person,
        source="door_report",
        sitting=sitting,
        session_key=sitting,
        joined_at=LAST_WEEK_AT + first * MINUTE,
        left_at=LAST_WEEK_AT + last * MINUTE,
        first_seen_at=at,
        last_seen_at=at,
    )
    return person


def ids() -> dict[int, str]:
    return dict(Conference.objects.values_list("pk", "external_id"))


# A plan that took place.


def test_plan_that_ran_under_another_id_is_the_same_conference(connection: Connection, sync: Sync) -> None:
    row = stored(connection, "plan", listed_as="planned")
    sync(held("run", 2, 58))
    row.refresh_from_db()
    assert (ids(), row.former_ids, row.listed_as) == ({row.pk: "run"}, ["plan"], "held")
    assert (row.starts_at, row.ends_at) == (LAST_WEEK_AT + 2 * MINUTE, LAST_WEEK_AT + 58 * MINUTE)


def test_plan_that_ran_under_its_own_id_is_the_same_conference(connection: Connection, sync: Sync) -> None:
    row = stored(connection, "plan", listed_as="planned")
    sync(held("plan", 2, 58))
    row.refresh_from_db()
    assert (ids(), row.former_ids, row.listed_as) == ({row.pk: "plan"}, [], "held")


def test_second_listing_of_the_same_changes_nothing(connection: Connection, sync: Sync) -> None:
    stored(connection, "plan", listed_as="planned")
    listing = (held("run", 2, 58), planned("next"))
    sync(*listing)
    before = list(Conference.objects.order_by("pk").values())
    sync(*listing)
    assert list(Conference.objects.order_by("pk").values()) == before


def test_plan_that_is_still_listed_after_its_run_is_no_second_conference(connection: Connection, sync: Sync) -> None:
    """The account lists a class until its planned end, though it was over before."""
    at = timezone.now() - 50 * MINUTE
    for listing in permutations([held("run", 1, 45, at), planned("plan", at)]):
        Conference.objects.all().delete()
        sync(*listing)
        sync(*listing)
        assert list(ids().values()) == ["run"]


def test_plans_id_passes_on_to_the_next_class_of_the_series(connection: Connection, sync: Sync) -> None:
    row = stored(connection, "plan", listed_as="planned")
    seen(row, "run", 2, 58)
    sync(held("run", 2, 58), planned("plan"))
    assert min(ids().items()) == (row.pk, "run")
    assert Conference.objects.get(external_id="plan").starts_at == NEXT_WEEK_AT


def test_plan_never_moves_people_who_were_synced(connection: Connection, sync: Sync) -> None:
    """The run is not listed yet, while its id is already that of the next class."""
    row = stored(connection, "plan", listed_as="planned")
    seen(row, "run", 2, 58)
    sync(planned("plan"))
    row.refresh_from_db()
    assert (ids(), row.starts_at) == ({row.pk: "plan"}, LAST_WEEK_AT)


def test_plan_never_moves_a_run(connection: Connection, sync: Sync) -> None:
    sync(held("run"))
    sync(planned("run"))
    assert [row.starts_at for row in Conference.objects.all()] == [LAST_WEEK_AT]


def test_plan_that_gets_another_id_is_the_same_conference(connection: Connection, sync: Sync) -> None:
    """As after a test run."""
    sync(planned("first"))
    sync(planned("second"))
    assert list(Conference.objects.values_list("external_id", "former_ids")) == [("second", ["first"])]


def test_rescheduled_plan_is_the_same_conference(connection: Connection, sync: Sync) -> None:
    sync(planned("plan"))
    sync(planned("plan", NEXT_WEEK_AT + timedelta(days=3)))
    assert [row.starts_at for row in Conference.objects.all()] == [NEXT_WEEK_AT + timedelta(days=3)]


def test_test_run_before_the_class_does_not_take_its_place(connection: Connection, sync: Sync) -> None:
    at = timezone.now() + 20 * MINUTE
    sync(planned("plan", at))
    sync(held("test", -40, -25, at), planned("plan", at))
    assert sorted(ids().values()) == ["plan", "test"]


# What people added by hand.


def test_conference_added_by_number_is_the_run_of_its_time(connection: Connection, sync: Sync) -> None:
    row = by_number(connection)
    sync(held("run", -3, 55))
    row.refresh_from_db()
    assert (ids(), row.listed_as) == ({row.pk: "run"}, "held")


def test_conference_added_by_its_own_id_is_that_run(connection: Connection, sync: Sync) -> None:
    row = stored(connection, "run", series_id="")
    sync(held("run"), held("other", 70, 90))
    assert ids()[row.pk] == "run"
    assert sorted(ids().values()) == ["other", "run"]


@pytest.mark.parametrize("order", [("run", "other"), ("other", "run")])
def test_conference_added_by_its_own_id_is_no_other_run(
    connection: Connection, sync: Sync, order: tuple[str, str]
) -> None:
    row = stored(connection, "run")
    runs = {"run": held("run", 0, 25), "other": held("other", 31, 60)}
    sync(*(runs[key] for key in order))
    assert (ids()[row.pk], len(ids())) == ("run", 2)


def test_conference_added_by_the_id_of_a_plan_is_the_run_that_came_of_it(connection: Connection, sync: Sync) -> None:
    row = stored(connection, "plan")
    sync(held("run", 2, 58))
    assert ids() == {row.pk: "run"}


def test_listing_that_broke_off_says_nothing_about_an_id_that_a_person_gave(connection: Connection, sync: Sync) -> None:
    row = stored(connection, "mine")
    sync(held("run", 2, 58), ServerTrouble("down"))
    assert (ids()[row.pk], sorted(ids().values())) == ("mine", ["mine", "run"])


def test_class_to_come_that_was_added_by_number_is_the_listed_plan(connection: Connection, sync: Sync) -> None:
    row = stored(connection, "8100000@then", at=NEXT_WEEK_AT)
    sync(planned("plan"))
    assert (ids(), Conference.objects.get().former_ids) == ({row.pk: "plan"}, ["8100000@then"])


# Several runs at once.


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_restart_stays_two_conferences_in_any_order(connection: Connection, sync: Sync, order: tuple[int, ...]) -> None:
    """Facts of life: the host drops out, and the class goes on minutes later under another id."""
    row = by_number(connection)
    listing = (held("first", 0, 35), held("again", 41, 60), planned("next"))
    sync(*(listing[index] for index in order))
    assert ids()[row.pk] == "first"
    assert sorted(ids().values()) == ["again", "first", "next"]


def test_restart_that_is_listed_a_day_later_takes_nothing_from_the_first(connection: Connection, sync: Sync) -> None:
    row = by_number(connection)
    sync(held("first", 0, 5))
    sync(held("again", 11, 60), held("first", 0, 5))
    assert (ids()[row.pk], sorted(ids().values())) == ("first", ["again", "first"])


def test_run_of_nobody_is_not_taken_by_its_restart(connection: Connection, sync: Sync) -> None:
    stored(connection, "first", 0, 5, listed_as="held")
    sync(held("again", 11, 60))
    assert sorted(ids().values()) == ["again", "first"]


@pytest.mark.parametrize("order", list(permutations(range(2))))
def test_two_classes_of_one_day_do_not_steal_from_each_other(
    connection: Connection, sync: Sync, order: tuple[int, ...]
) -> None:
    morning, noon = by_number(connection, 0, 60), by_number(connection, 75, 135)
    runs = (held("morning", 2, 70), held("noon", 74, 130))
    sync(*(runs[index] for index in order))
    assert ids() == {morning.pk: "morning", noon.pk: "noon"}


@pytest.mark.parametrize("order", list(permutations(range(2))))
def test_class_that_nobody_added_is_not_taken_for_the_one_before(
    connection: Connection, sync: Sync, order: tuple[int, ...]
) -> None:
    """Its run lies within the other one's widened window."""
    morning = by_number(connection)
    runs = (held("morning", 2, 58), held("noon", 74, 130))
    sync(*(runs[index] for index in order))
    assert (ids()[morning.pk], len(ids())) == ("morning", 2)


def test_people_tell_which_run_a_conference_is(connection: Connection, sync: Sync) -> None:
    """Whatever the clock says."""
    row = by_number(connection)
    person = seen(row, "second", 41, 60)
    sync(held("first", 0, 40), held("second", 41, 60))
    assert ids()[row.pk] == "second"
    assert Participant.objects.get(pk=person.pk).conference == row


def test_run_without_those_who_were_synced_is_another_conference(connection: Connection, sync: Sync) -> None:
    row = by_number(connection)
    seen(row, "report 1", 0, 25)
    sync(held("again", 31, 60))
    assert (ids()[row.pk].startswith("8100000@"), len(ids())) == (True, 2)


# What is reckoned, and what is gone.


def test_guessed_end_never_replaces_what_is_stored(connection: Connection, sync: Sync) -> None:
    sync(held("run", 2, 58))
    sync(held("run", 2, 62, guessed=("ends_at",)))
    assert Conference.objects.get().ends_at == LAST_WEEK_AT + 58 * MINUTE


def test_guessed_end_gives_way_when_it_cannot_be(connection: Connection, sync: Sync) -> None:
    row = stored(connection, "plan", 0, 60, listed_as="planned")
    sync(held("plan", 70, 130, guessed=("ends_at",)))
    row.refresh_from_db()
    assert (row.starts_at, row.ends_at) == (LAST_WEEK_AT + 70 * MINUTE, LAST_WEEK_AT + 130 * MINUTE)


def test_plan_that_is_no_longer_listed_is_marked_and_kept(connection: Connection, sync: Sync) -> None:
    sync(planned("plan"))
    run = sync(held("run"))
    assert Conference.objects.get(external_id="plan").gone_at == run.started_at
    sync(planned("plan"))
    assert Conference.objects.get(external_id="plan").gone_at is None


@pytest.mark.parametrize(
    "listing",
    [
        (ServerTrouble("down"),),
        (Unlisted("Ann@example.org"),),
        (Unlisted(),),
    ],
)
def test_listing_that_is_not_whole_proves_no_plan_gone(connection: Connection, sync: Sync, listing: Any) -> None:
    sync(planned("plan"))
    sync(*listing)
    assert Conference.objects.get().gone_at is None


def test_host_who_was_left_out_hides_no_other_hosts_plans(connection: Connection, sync: Sync) -> None:
    sync(planned("plan"))
    sync(Unlisted("ben@example.org"))
    assert Conference.objects.get().gone_at is not None


def test_listing_of_a_range_proves_nothing_outside_of_it(connection: Connection, sync: Sync) -> None:
    sync(planned("plan"), planned("later", NEXT_WEEK_AT + timedelta(days=9)))
    sync(mode="range", span=Span(TODAY_AT, NEXT_WEEK_AT + timedelta(days=1)))
    assert list(Conference.objects.exclude(gone_at=None).values_list("external_id", flat=True)) == ["plan"]


def test_run_and_what_people_added_are_never_marked_gone(connection: Connection, sync: Sync) -> None:
    by_number(connection)
    stored(connection, "mine", at=NEXT_WEEK_AT)
    stored(connection, "run", at=LAST_WEEK_AT, listed_as="held")
    sync()
    assert not Conference.objects.exclude(gone_at=None).exists()


# What a person wrote.


def test_description_by_a_person_outlives_the_search(connection: Connection, sync: Sync) -> None:
    """Only what they left empty is filled in; the times become those of the run."""
    row = by_number(connection)
    Conference.objects.update(title="Algebra with Ann", organizer="", time_zone="Europe/Paris")
    for _ in range(2):
        sync(held("run", 2, 58, time_zone="Europe/Berlin"))
    row.refresh_from_db()
    assert (row.external_id, row.title, row.time_zone, row.organizer) == (
        "run",
        "Algebra with Ann",
        "Europe/Paris",
        "ann@example.org",
    )
    assert (row.starts_at, row.ends_at) == (LAST_WEEK_AT + 2 * MINUTE, LAST_WEEK_AT + 58 * MINUTE)


def test_description_by_the_provider_follows_the_provider(connection: Connection, sync: Sync) -> None:
    sync(held("run"))
    sync(replace(held("run"), title="Algebra II", organizer="ben@example.org"))
    row = Conference.objects.get()
    assert (row.described_by_person, row.title, row.organizer) == (False, "Algebra II", "ben@example.org")


def test_zone_that_nobody_knows_is_not_stored(sync: Sync) -> None:
    """Every sentence with a time in it would break over it."""
    sync(held("run", time_zone="Middle-earth/Shire"))
    assert Conference.objects.get().time_zone == ""
