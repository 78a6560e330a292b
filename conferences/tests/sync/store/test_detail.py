"""A provider's own columns: absent names leave them alone, and explicit ones do not, be they ever so empty."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone

from conferences.models import Conference, Connection
from conferences.providers.registry import provider
from conferences.sync.store.detail import learn_times, learn_zone, store_detail
from conferences.tests.school import School


@pytest.fixture
def conference(db: None) -> Conference:
    zoom = Connection.objects.create(provider="zoom", name="Zoom")
    return School(connection=zoom).conference()


def stored(conference: Conference, *tellings: dict[str, Any], explicit: bool = True) -> Any:
    config = provider("zoom")
    for values in tellings:
        store_detail(config, conference, values, explicit=explicit)
    assert config.detail_model is not None
    return apps.get_model(config.detail_model)._default_manager.get(conference=conference)


FULL = {"topic": "Algebra", "agenda": "Rings", "participants_count": 41, "is_simulive": True}


def test_absent_names_leave_everything_alone(conference: Conference) -> None:
    row = stored(conference, FULL, {"topic": "Algebra II"})
    assert (row.topic, row.agenda, row.participants_count, row.is_simulive) == ("Algebra II", "Rings", 41, True)


@pytest.mark.parametrize(
    ("name", "value"), [("agenda", ""), ("participants_count", 0), ("participants_count", None), ("is_simulive", False)]
)
def test_explicit_null_zero_false_and_blank_replace(conference: Conference, name: str, value: Any) -> None:
    assert getattr(stored(conference, FULL, {name: value}), name) == value


def test_what_may_only_be_missing_replaces_nothing_but_zero_is_data(conference: Conference) -> None:
    row = stored(conference, FULL, {"agenda": "", "participants_count": 0}, explicit=False)
    assert (row.agenda, row.participants_count) == ("Rings", 0)


@pytest.mark.parametrize("column", ["extra", "report"])
def test_what_else_was_told_is_kept_by_its_keys(conference: Conference, column: str) -> None:
    row = stored(conference, {column: {"department": "Maths", "group": ["a"]}}, {column: {"group": []}})
    assert getattr(row, column) == {"department": "Maths", "group": []}


@pytest.mark.parametrize(
    ("stored_zone", "told", "kept"),
    [
        ("", "Europe/Berlin", "Europe/Berlin"),
        ("Europe/Paris", "Europe/Berlin", "Europe/Paris"),
        ("", "Middle-earth/Shire", ""),
        ("", "../../etc/passwd", ""),
        ("", "", ""),
    ],
)
def test_zone_is_learned_where_there_is_none(conference: Conference, stored_zone: str, told: str, kept: str) -> None:
    Conference.objects.update(time_zone=stored_zone)
    conference.refresh_from_db()
    learn_zone(conference, told)
    assert (conference.time_zone, Conference.objects.get().time_zone) == (kept, kept)


def test_zone_that_a_person_chose_meanwhile_stays(conference: Conference) -> None:
    Conference.objects.update(time_zone="")
    conference.refresh_from_db()
    Conference.objects.update(time_zone="Europe/Paris")
    learn_zone(conference, "Europe/Berlin")
    assert conference.time_zone == "Europe/Paris"


DAY, HOUR = timedelta(days=1), timedelta(hours=1)
HELD_AT = timezone.now().replace(microsecond=0) - 3 * DAY


@pytest.fixture
def guessed(conference: Conference) -> Conference:
    """Listed as held at some time or other, for half an hour."""
    conference.starts_at, conference.ends_at = HELD_AT - 20 * DAY, HELD_AT - 20 * DAY + HOUR / 2
    conference.listed_as = Conference.Listed.HELD
    conference.save()
    return conference


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "times"),
    [
        (HELD_AT, HELD_AT + HOUR, (HELD_AT, HELD_AT + HOUR)),
        (HELD_AT, None, (HELD_AT, HELD_AT + HOUR / 2)),
        (None, HELD_AT - 20 * DAY + HOUR, (HELD_AT - 20 * DAY, HELD_AT - 20 * DAY + HOUR)),
        (HELD_AT, HELD_AT, (HELD_AT, HELD_AT + timedelta(seconds=1))),
        (HELD_AT, HELD_AT - HOUR, (HELD_AT, HELD_AT + HOUR / 2)),
        (HELD_AT, HELD_AT + 32 * DAY, (HELD_AT, HELD_AT + HOUR / 2)),
    ],
)
def test_times_are_learned_of_what_was_listed_as_held(
    guessed: Conference, starts_at: datetime | None, ends_at: datetime | None, times: tuple[datetime, datetime]
) -> None:
    """Of a length that cannot be the conference keeps its own."""
    for _ in range(2):
        learn_times(guessed, starts_at, ends_at)
        row = Conference.objects.get()
        assert (guessed.starts_at, guessed.ends_at) == (row.starts_at, row.ends_at) == times


@pytest.mark.parametrize("told", [None, HELD_AT + 30 * DAY, datetime(1999, 12, 31, tzinfo=UTC)])
def test_time_that_cannot_be_is_not_learned(guessed: Conference, told: datetime | None) -> None:
    learn_times(guessed, told, None)
    assert Conference.objects.get().starts_at == HELD_AT - 20 * DAY


@pytest.mark.parametrize("listed", [Conference.Listed.NEVER, Conference.Listed.PLANNED])
def test_times_that_a_person_gave_or_a_plan_has_stay(guessed: Conference, listed: str) -> None:
    Conference.objects.update(listed_as=listed)
    learn_times(guessed, HELD_AT, HELD_AT + HOUR)
    assert (guessed.starts_at, Conference.objects.get().starts_at) == (HELD_AT - 20 * DAY,) * 2
