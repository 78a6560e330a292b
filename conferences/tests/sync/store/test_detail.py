"""A provider's own columns: absent names leave them alone, and explicit ones do not, be they ever so empty."""

from typing import Any

import pytest
from django.apps import apps

from conferences.models import Conference, Connection
from conferences.providers.registry import provider
from conferences.sync.store.detail import learn_zone, store_detail
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
