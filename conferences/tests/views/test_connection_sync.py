"""Starting, watching, stopping and going on with the sync of a whole account."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from conferences.models import Connection, SyncItem, SyncRun
from conferences.sync.result import result
from conferences.tests.views.account import campus_connection, lesson, put, whole_run
from conferences.tests.views.conftest import BROWSER, HTMX, JSON


@pytest.fixture
def connection(db: None, settings: Settings) -> Connection:
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "conferences.tests.campus_integration"]
    return campus_connection()


@pytest.fixture
def staff(client_of: Callable[[str], Client]) -> Client:
    return client_of("staff")


@pytest.mark.parametrize("asked", [{"mode": "sideways"}, {"mode": "range"}, {"mode": "range", "first": "never"}])
def test_refused_click_points_at_no_other_run(staff: Client, connection: Connection, asked: dict[str, str]) -> None:
    """Whoever followed it would take an older sync's success for the answer."""
    whole_run(connection, "succeeded")
    answer = staff.post(address("sync", connection), asked, headers=JSON)
    assert (answer.status_code, list(answer.json())) == (400, ["message"])


def address(name: str, connection: Connection, *more: int) -> str:
    return reverse(f"connections:{name}", args=[connection.pk, *more])


@pytest.mark.parametrize("mode", ["full", "delta"])
def test_start_answers_a_program_with_the_run(mode: str, staff: Client, connection: Connection) -> None:
    response = staff.post(address("sync", connection), {"mode": mode}, headers=JSON)
    run = SyncRun.objects.get()
    assert response.status_code == 202
    assert response.json() == {"run": run.pk, "status_url": f"/connections/{connection.pk}/sync/{run.pk}/"}
    assert (run.mode, run.conference, run.requested_by.username, run.requested_via) == (mode, None, "ada", "page")


def test_range_is_in_whole_days_of_the_site(staff: Client, connection: Connection, settings: Settings) -> None:
    settings.TIME_ZONE = "Europe/Zurich"
    days = {"mode": "range", "first": "2026-03-02", "last": "2026-03-03"}
    staff.post(address("sync", connection), days, headers=JSON)
    run = SyncRun.objects.get()
    assert (run.span_starts_at, run.span_ends_at) == (
        datetime(2026, 3, 1, 23, tzinfo=UTC),
        datetime(2026, 3, 3, 23, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Choose a full sync, the changes, or a range of days."),
        ({"mode": "conference"}, "Choose a full sync, the changes, or a range of days."),
        ({"mode": "range"}, "Say from which day on. The last day may be left open."),
        ({"mode": "range", "first": "2026-03-02", "last": "2026-03-01"}, "The last day is before the first one."),
        ({"mode": "range", "first": "0001-01-01", "last": "0001-01-02"}, "The year 1 cannot be right."),
        ({"mode": "range", "first": "2026-03-02", "last": "9999-12-31"}, "The year 9999 cannot be right."),
        ({"mode": "range", "first": "soon"}, "That is not a day. Write it like 2025-11-26."),
    ],
)
def test_request_that_cannot_be_right_is_one_sentence(
    typed: dict[str, str], said: str, staff: Client, connection: Connection
) -> None:
    response = staff.post(address("sync", connection), typed, headers=JSON)
    assert (response.status_code, response.json()) == (400, {"message": said})
    assert not SyncRun.objects.exists()


def test_second_start_is_a_conflict_that_names_the_active_run(staff: Client, connection: Connection) -> None:
    active = whole_run(connection, "queued")
    put(active, lesson(connection, 1), "queued")
    response = staff.post(address("sync", connection), {"mode": "full"}, headers=JSON)
    assert (response.status_code, response.json()["run"]) == (409, active.pk)
    assert response.json()["message"] == "A sync of this connection is already under way."


def test_start_answers_htmx_with_the_card_and_a_form_with_the_page(staff: Client, connection: Connection) -> None:
    card = staff.post(address("sync", connection), {"mode": "full"}, headers=HTMX)
    assert (card.status_code, card.templates[0].name) == (202, "connections/_sync.html")
    assert "data-poll" in card.text
    page = staff.post(address("sync", connection), {"mode": "full"}, headers=BROWSER)
    assert (page.status_code, page["Location"]) == (302, address("detail", connection))


def test_status_in_three_ways(staff: Client, connection: Connection) -> None:
    run = whole_run(connection, "succeeded", message="Done.", progress=100)
    url = address("status", connection, run.pk)
    assert staff.get(url, headers=JSON).json() == result(run)
    assert staff.get(url, headers=HTMX).templates[0].name == "connections/_sync.html"
    assert staff.get(url, headers=BROWSER).templates[0].name == "connections/run.html"


def test_run_of_another_connection_or_of_a_conference_is_not_found(staff: Client, connection: Connection) -> None:
    other = Connection.objects.create(provider="campus", name="Other")
    one = SyncRun.objects.create(connection=connection, conference=lesson(connection, 1), state="failed")
    for run in (whole_run(other), one):
        assert staff.get(address("status", connection, run.pk)).status_code == 404
        assert staff.post(address("cancel", connection, run.pk)).status_code == 404
        assert staff.post(address("resume", connection, run.pk)).status_code == 404


def test_connection_that_lists_nothing_has_a_page_but_no_sync_of_the_whole(
    staff: Client, connection: Connection
) -> None:
    for provider in ("teams", "gone"):
        other = Connection.objects.create(provider=provider, name=provider, credentials={})
        page = staff.get(address("detail", other))
        assert (page.status_code, page.context["card"], 'id="sync"' in page.text) == (200, None, False)
        assert "What it may do" in page.text
        assert staff.post(address("sync", other), {"mode": "full"}, headers=JSON).status_code == 400
    assert not SyncRun.objects.exists()


def test_cancel_stops_what_waits(staff: Client, connection: Connection) -> None:
    run = whole_run(connection, "queued")
    put(run, lesson(connection, 1), "queued")
    assert staff.post(address("cancel", connection, run.pk), headers=JSON).status_code == 202
    run.refresh_from_db()
    assert run.state == "cancelled"


@pytest.mark.parametrize("state", ["paused", "failed", "cancelled", "partial"])
def test_resume_goes_on_with_what_is_left(state: str, staff: Client, connection: Connection) -> None:
    run = whole_run(connection, state)
    put(run, lesson(connection, 1), "done", ("synced", "synced"))
    put(run, lesson(connection, 2), "failed", ("failed", "failed"))
    response = staff.post(address("resume", connection, run.pk), headers=JSON)
    run.refresh_from_db()
    assert (response.status_code, response.json()["run"], run.state) == (202, run.pk, "queued")
    assert sorted(run.items.values_list("state", flat=True)) == ["done", "done", SyncItem.State.QUEUED]


def test_resume_with_nothing_left_is_refused(staff: Client, connection: Connection) -> None:
    response = staff.post(address("resume", connection, whole_run(connection, "succeeded").pk), headers=JSON)
    assert response.status_code == 400
    assert response.json()["message"] == "There is nothing left to do in this run. Start a new one instead."


def test_resume_beside_an_active_run_is_a_conflict_that_names_it(staff: Client, connection: Connection) -> None:
    older = whole_run(connection, "cancelled")
    put(older, lesson(connection, 1), "cancelled")
    active = whole_run(connection)
    response = staff.post(address("resume", connection, older.pk), headers=JSON)
    assert (response.status_code, response.json()["run"]) == (409, active.pk)
