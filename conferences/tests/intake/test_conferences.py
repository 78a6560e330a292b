from datetime import UTC, datetime
from typing import Any

import pytest
from pytest_django import Settings

from conferences.intake import add_conference
from conferences.intake.conferences import Typed, checked_conference
from conferences.models import Conference, Connection, Course
from conferences.providers.base import InvalidInput, MeetingReference

START, END = "2026-03-02T09:00Z", "2026-03-02T10:30Z"
ROOM = "https://campus.example.org/room-1"

REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"title": "\x00 "}, "title", "The title is missing."),
    ({"title": "x" * 256}, "title", "The title has 256 characters; at most 255 fit."),
    (
        {"starts": END, "ends": START},
        "ends_at",
        "The conference ends before it starts. Check both times and their zones.",
    ),
    ({"ends": START}, "ends_at", "The conference ends at the moment it starts. Give it a later end."),
    (
        {"starts": "noon"},
        "starts_at",
        "“noon” is not a date and time. Write it like 2025-11-26T14:00:00Z or 2025-11-26T15:00+01:00.",
    ),
    ({"join_url": "https://elsewhere.example.org/1"}, "join_url", "That is not a campus address."),
    (
        {"join_url": "https://campus.example.org/ro om"},
        "join_url",
        "The join address contains a space. It may have been copied incompletely or twice.",
    ),
    (
        {"join_url": ROOM + "x" * 2048},
        "join_url",
        f"The join address has {len(ROOM) + 2048} characters; at most 2048 fit.",
    ),
    (
        {"organizer": "Ann Lee"},
        "organizer",
        "The organiser contains a space. It may have been copied incompletely or twice.",
    ),
    ({"course": "ALG-9"}, "course", "There is no course “ALG-9”. Add it first."),
    ({"time_zone": "Mars/Olympus"}, "time_zone", "There is no time zone “Mars/Olympus”. Write it like Europe/Berlin."),
    ({"connection": 4711}, "connection", "There is no connection 4711."),
]


def add(owner: Connection, **changes: Any) -> Conference:
    typed = {"connection": owner, "title": "Algebra 1", "starts": START, "ends": END, "join_url": ROOM, **changes}
    return add_conference(typed.pop("connection"), typed.pop("title"), typed.pop("starts"), typed.pop("ends"), **typed)


def test_conference_id_of_digits_is_stored_without_the_spaces_it_was_typed_with(connection: Connection) -> None:
    assert add(connection, external_id="123 456 789 012").external_id == "123456789012"
    with pytest.raises(InvalidInput, match="already exists"):
        add(connection, external_id="123 456789 012")


def test_conference_that_was_found_to_have_another_id_is_not_added_again(connection: Connection) -> None:
    row = add(connection)
    row.former_ids, row.external_id = [row.external_id], "its-run"
    row.save()
    with pytest.raises(InvalidInput, match="already exists"):
        add(connection)


@pytest.mark.parametrize("starts", ["2026-03-02T09:00Z", "2026-03-02T10:00:30+01:00", "2026-03-02T09:00:59Z"])
def test_occurrence_that_a_search_found_is_not_added_again_by_its_series(connection: Connection, starts: str) -> None:
    """Promise: what the account's sync knows by an id of its own is not a second conference."""
    row = add(connection)
    row.external_id, row.starts_at = "its-run", row.starts_at.replace(second=30)
    row.save()
    with pytest.raises(InvalidInput) as caught:
        add(connection, starts=starts)
    assert str(caught.value) == (
        f"This conference already exists: “Algebra 1” on 2026-03-02 at 09:00 UTC (ID {row.pk})."
    )


@pytest.mark.parametrize(
    "other",
    [
        {"starts": "2026-03-02T09:01Z"},
        {"starts": "2026-03-02T08:59Z"},
        {"join_url": "https://campus.example.org/room-2"},
        {"external_id": "another-run"},
    ],
)
def test_other_occurrence_or_one_named_by_its_own_id_is_another_conference(
    connection: Connection, other: dict[str, Any]
) -> None:
    row = add(connection)
    row.external_id = "its-run"
    row.save()
    assert add(connection, **other).pk != row.pk


def test_conference_is_stored_with_what_its_address_says(connection: Connection) -> None:
    course = Course.objects.create(code="ALG-1", title="Algebra")
    pk = add(connection, course="ALG-1", time_zone="Europe/Berlin", organizer="ann@example.org").pk
    stored = Conference.objects.values().get(pk=pk)
    del stored["created_at"]
    assert stored == {
        "listed_as": "",
        "described_by_person": True,
        "former_ids": [],
        "gone_at": None,
        "id": pk,
        "connection_id": connection.pk,
        "course_id": course.pk,
        "external_id": "room-1@2026-03-02T09:00Z",
        "series_id": "room-1",
        "title": "Algebra 1",
        "starts_at": datetime(2026, 3, 2, 9, tzinfo=UTC),
        "ends_at": datetime(2026, 3, 2, 10, 30, tzinfo=UTC),
        "time_zone": "Europe/Berlin",
        "join_url": ROOM,
        "organizer": "ann@example.org",
    }


@pytest.mark.parametrize(("changes", "field", "sentence"), REFUSED)
def test_conference_that_cannot_be_right(
    connection: Connection, changes: dict[str, Any], field: str, sentence: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        add(connection, **changes)
    assert (str(refused.value), refused.value.field) == (sentence, field)
    assert Conference.objects.count() == 0


def test_conference_typed_twice_names_the_first(connection: Connection) -> None:
    first = add(connection)
    with pytest.raises(InvalidInput) as refused:
        add(connection, title="Algebra again")
    assert str(refused.value) == (
        f"This conference already exists: “Algebra 1” on 2026-03-02 at 09:00 UTC (ID {first.pk})."
    )
    assert Conference.objects.count() == 1


def test_conference_that_nothing_identifies(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(connection.config), "refer", lambda self, **typed: MeetingReference(""))
    with pytest.raises(InvalidInput) as refused:
        add(connection, join_url="")
    assert str(refused.value) == "Nothing says which meeting of Campus this is. Give its join address or its ID."


def test_conference_of_a_provider_that_was_removed(connection: Connection) -> None:
    connection.provider = "gone"
    with pytest.raises(InvalidInput) as refused:
        add(connection)
    assert str(refused.value) == "There is no provider “gone”. Installed are: campus, teams, zoom."


def test_next_occurrence_of_a_series_is_another_conference(connection: Connection) -> None:
    first = add(connection)
    second = add(connection, starts="2026-03-09T09:00Z", ends="2026-03-09T10:30Z")
    assert (first.series_id, first.external_id == second.external_id) == (second.series_id, False)


def test_times_without_a_zone_are_read_in_the_conferences_own(connection: Connection, settings: Settings) -> None:
    settings.TIME_ZONE = "Asia/Tokyo"
    local = {"starts": "2026-03-02T09:00", "ends": "2026-03-02T10:30"}
    assert add(connection, **local).starts_at == datetime(2026, 3, 2, 0, tzinfo=UTC)
    assert add(connection, **local, time_zone="Europe/Berlin").starts_at == datetime(2026, 3, 2, 8, tzinfo=UTC)


def typed(**changes: str) -> Typed:
    words = {"title": "Algebra 1", "starts_at": START, "ends_at": END, "join_url": ROOM, **changes}
    return Typed(**{"external_id": "room-1@2026-03-02T09:00Z", **words})


def test_rescheduled_conference_keeps_its_identity(connection: Connection) -> None:
    stored = add(connection)
    checked = checked_conference(connection, typed(starts_at="2026-03-02T08:00Z", title="Algebra, earlier"), stored)
    assert (checked.external_id, checked.series_id) == ("room-1@2026-03-02T09:00Z", "room-1")


def test_conference_with_another_address_gets_another_identity(connection: Connection) -> None:
    stored = add(connection)
    checked = checked_conference(connection, typed(join_url="https://campus.example.org/room-2"), stored)
    assert (checked.external_id, checked.series_id) == ("room-2@2026-03-02T09:00Z", "room-2")


def test_conference_that_is_changed_into_another_is_refused(connection: Connection) -> None:
    stored = add(connection)
    other = add(connection, join_url="https://campus.example.org/room-2", title="Botany")
    with pytest.raises(InvalidInput) as refused:
        checked_conference(connection, typed(join_url="https://campus.example.org/room-2"), stored)
    assert str(refused.value) == (
        f"This conference already exists: “Botany” on 2026-03-02 at 09:00 UTC (ID {other.pk})."
    )
