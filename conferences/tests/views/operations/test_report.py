"""The page of a report, and the files to keep of it."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from conferences.models import Connection
from conferences.tests.operations.conftest import campus, held, ran
from conferences.tests.views.operations.test_monitor import signed_in

REPORT = "/operations/report/"


@pytest.fixture
def operator(client_of: Callable[[str], Client]) -> Client:
    return client_of("staff")


def test_page_shows_the_last_week(rooms: Connection, operator: Client) -> None:
    ran(held(rooms, 5, title="Topology"), 2, attendance="synced")
    ran(held(rooms, 300, title="Long ago"), 299, attendance="synced")
    page = operator.get(REPORT).content.decode()
    assert "Topology" in page
    assert "Long ago" not in page
    assert "<svg" in page
    assert "style=" not in page


def test_page_of_one_connection(rooms: Connection, operator: Client) -> None:
    other = campus("Other rooms")
    ran(held(rooms, 5, title="Topology"), 2, attendance="synced")
    ran(held(other, 5, title="Geometry"), 2, attendance="synced")
    page = operator.get(REPORT, {"since": "24h", "connection": other.pk}).content.decode()
    assert "Geometry" in page
    assert "Topology" not in page


def test_page_without_any_sync(rooms: Connection, operator: Client) -> None:
    assert rooms
    assert "Nobody asked for a sync in this time." in operator.get(REPORT).content.decode()


@pytest.mark.parametrize(
    "query",
    [{"since": "soon"}, {"first": "tomorrow"}, {"connection": "999"}, {"first": "2026-02-02", "last": "2026-01-01"}],
)
def test_what_cannot_be_is_said_and_nothing_counted(query: dict[str, str], rooms: Connection, operator: Client) -> None:
    assert rooms
    answer = operator.get(REPORT, query)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()


@pytest.mark.parametrize(("form", "kind"), [("csv", "text/csv; charset=utf-8"), ("html", "text/html; charset=utf-8")])
def test_files_to_keep(form: str, kind: str, rooms: Connection, operator: Client) -> None:
    ran(held(rooms, 5, title="Topology"), 2, attendance="synced")
    answer = operator.get(REPORT, {"since": "24h", "format": form})
    assert answer["Content-Type"] == kind
    assert answer["Content-Disposition"].endswith(f'.{form}"')
    assert "Topology" in answer.content.decode()


def test_figures_for_programs(rooms: Connection, operator: Client) -> None:
    ran(held(rooms, 5), 2, attendance="synced")
    assert operator.get(REPORT, {"format": "json"}).json()["runs"]["states"] == {"succeeded": 1}


def test_teachers_do_not_find_it(rooms: Connection) -> None:
    assert rooms
    assert signed_in(User.objects.create(username="kim")).get(REPORT).status_code == 404
