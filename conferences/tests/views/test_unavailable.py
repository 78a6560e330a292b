"""Promise: what the database cannot do is told in a sentence, to each in the form they asked for."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.sessions.backends.db import SessionStore
from django.db import InterfaceError, OperationalError, connection
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from conferences.models import Conference
from conferences.sync import runs
from conferences.sync.database import DISK_FULL, SENTENCE, DatabaseFull, DatabaseUnavailable
from conferences.tests.views.conftest import BROWSER, HTMX, JSON, run_of
from lms_project.local.ports import free_port


def refused(code: str | None) -> OperationalError:
    error = OperationalError("as PostgreSQL says it: canary")
    error.__cause__ = type("Refused", (Exception,), {"pgcode": code})()
    return error


TROUBLES = [
    (refused("53100"), DISK_FULL),
    (DatabaseFull(), DISK_FULL),
    (refused(None), SENTENCE),
    (DatabaseUnavailable(), SENTENCE),
    (InterfaceError("connection already closed"), SENTENCE),
]


@pytest.fixture
def quiet(teacher: Client) -> Client:
    teacher.raise_request_exception = False
    return teacher


def breaking(error: Exception) -> Any:
    def broken(*_: Any, **__: Any) -> None:
        raise error

    return broken


def click(client: Client, conference: Conference, headers: dict[str, str]) -> Any:
    return client.post(reverse("conferences:sync", args=[conference.pk]), headers=headers)


@pytest.mark.parametrize(("error", "sentence"), TROUBLES)
def test_click_is_answered_in_words(
    quiet: Client, conference: Conference, monkeypatch: pytest.MonkeyPatch, error: Exception, sentence: str
) -> None:
    monkeypatch.setattr(runs, "request", breaking(error))
    answer = click(quiet, conference, JSON)
    assert (answer.status_code, answer.json()) == (503, {"message": sentence})
    page = click(quiet, conference, BROWSER)
    assert (page.status_code, sentence in page.text, "canary" in page.text) == (503, True, False)
    assert "our fault" not in page.text


def test_poll_that_fails_is_tried_again_by_the_page(
    quiet: Client, conference: Conference, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Any answer from 500 on means so; a fragment without the card would replace it."""
    monkeypatch.setattr(runs, "request", breaking(DatabaseFull()))
    answer = click(quiet, conference, HTMX)
    assert (answer.status_code, 'id="sync"' in answer.text) == (503, False)


@pytest.mark.parametrize(("error", "sentence"), TROUBLES)
def test_session_that_cannot_be_read_or_kept_is_explained(
    quiet: Client, conference: Conference, monkeypatch: pytest.MonkeyPatch, error: Exception, sentence: str
) -> None:
    """Outside of any view."""
    monkeypatch.setattr(SessionStore, "load", breaking(error))
    monkeypatch.setattr(SessionStore, "save", breaking(error))
    answer = quiet.get(conference.get_absolute_url(), headers=BROWSER)
    assert (answer.status_code, sentence in answer.text) == (503, True)


@pytest.fixture
def gone() -> Iterator[Callable[[], None]]:
    """From when it is called nothing listens where the database was: connections really fail."""
    port = connection.settings_dict["PORT"]

    def stop() -> None:
        connection.settings_dict["PORT"] = free_port()
        connection.close()

    yield stop
    connection.settings_dict["PORT"] = port
    connection.close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("debug", [False, True])
def test_database_that_is_gone_is_named_on_every_page(
    client_of: Callable[[str], Client],
    conference: Conference,
    gone: Callable[[], None],
    settings: Settings,
    debug: bool,
) -> None:
    settings.DEBUG = debug
    operator = client_of("operator")
    operator.raise_request_exception = False
    run, whole = run_of(conference), conference.connection.get_absolute_url()
    polls = [f"{conference.get_absolute_url()}sync/{run.pk}/", f"{whole}sync/{run.pk}/"]
    pages = ["/operations/", "/operations/alerts/", "/operations/report/", "/connections/", whole, "/conferences/"]
    gone()
    for address in (*pages, *polls):
        page = operator.get(address, headers=BROWSER)
        assert (page.status_code, SENTENCE in page.text, "our fault" in page.text) == (503, True, False), address
    for address in (*polls, "/operations/"):
        answer = operator.get(address, headers=JSON)
        assert (answer.status_code, answer.json()) == (503, {"message": SENTENCE}), address
    assert operator.post(f"{whole}sync/", headers=JSON).json() == {"message": SENTENCE}
    assert operator.get("/operations/", headers=HTMX).status_code == 503


@pytest.mark.django_db(transaction=True)
def test_database_that_is_gone_is_told_to_whoever_has_read_their_session(
    client_of: Callable[[str], Client], gone: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It went in the middle of the request."""
    operator = client_of("operator")
    operator.raise_request_exception = False
    signed_in = LoginRequiredMiddleware.process_view

    def then_gone(self: LoginRequiredMiddleware, *view: Any) -> Any:
        answer = signed_in(self, *view)
        gone()
        return answer

    monkeypatch.setattr(LoginRequiredMiddleware, "process_view", then_gone)
    page = operator.get("/operations/", headers=BROWSER)
    assert (page.status_code, SENTENCE in page.text) == (503, True)


@pytest.mark.parametrize("address", ["/healthz", "/readyz", "/metrics"])
def test_probes_ask_nobody_who_they_are(
    quiet: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    """Also where a browser with a session asks, and the session cannot be read."""
    settings.METRICS_TOKEN = ""
    before = quiet.get(address)
    monkeypatch.setattr(SessionStore, "load", breaking(refused(None)))
    answer = quiet.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (before.status_code, before["Content-Type"])
    assert SENTENCE not in answer.text


def test_fault_of_ours_stays_one(quiet: Client, conference: Conference, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "request", breaking(RuntimeError("canary")))
    answer = click(quiet, conference, BROWSER)
    assert (answer.status_code, "our fault" in answer.text, "canary" in answer.text) == (500, True, False)
