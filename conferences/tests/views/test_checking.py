"""The page of a connection's check, and what the conference's page takes from it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from cryptography.fernet import Fernet
from django.contrib.auth.models import User
from django.contrib.messages import get_messages
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from conferences.checking import as_stored
from conferences.models import Conference, Connection
from conferences.providers.base import Check, Link
from conferences.tests.campus_integration.apps import CampusConfig
from conferences.tests.views.conftest import end_step, run_of
from conferences.tests.views.test_browser import sign_in
from conferences.views.sync_card import card

ALLOWED = Check("attendance", "permitted", "Attendance may be read.", probe="Asked for the doors: answered.")
REFUSED = Check(
    "chat",
    "blocked",
    "A permission is missing: walls.",
    ("walls",),
    "Open the campus office.\n    Grant-CampusWall -All",
    needs=("walls", "doors"),
    granted=("doors",),
)


@pytest.fixture(autouse=True)
def campus(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def check(self: CampusConfig, credentials: Mapping[str, Any], link: Link) -> Iterator[Check]:
        yield from (ALLOWED, REFUSED)

    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "conferences.tests.campus_integration"]
    monkeypatch.setattr(CampusConfig, "check", check)


@pytest.fixture
def connection(db: None) -> Connection:
    credentials = {"script": "quick", "key": "canary-key"}
    pk = Connection.objects.create(provider="campus", name="Rooms", credentials=credentials).pk
    return Connection.objects.get(pk=pk)


@pytest.fixture
def ada(db: None) -> User:
    return User.objects.create(username="ada", is_staff=True, is_superuser=True)


@pytest.fixture
def client(ada: User) -> Client:
    client = Client()
    client.force_login(ada, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page_of(connection: Connection) -> str:
    return f"{connection.get_absolute_url()}check/"


def test_page_before_the_first_check_says_what_a_check_is(client: Client, connection: Connection) -> None:
    page = client.get(page_of(connection))
    assert (page.status_code, "This connection has not been checked yet." in page.text) == (200, True)


def test_button_checks_and_the_page_shows_it(client: Client, connection: Connection) -> None:
    response = client.post(page_of(connection))
    assert (response.status_code, response.headers["location"]) == (302, page_of(connection))
    connection.refresh_from_db()
    assert connection.check_cause == "asked for by ada"
    page = client.get(page_of(connection))
    assert page.context["troubled"] == 1
    for words in (
        "Not permitted: Chat.",
        "do what stands below, and check again. What is permitted can be synced meanwhile: <a",
        ": asked for by ada.",
        "<code>walls</code> <b>missing</b>",
        "Asked for the doors: answered.",
        "<code>Grant-CampusWall -All</code>",
    ):
        assert words in page.text


EXPIRED = [Check(name, "failed", "The key has expired.", advice="Make a new key.") for name in ("attendance", "chat")]


@pytest.mark.parametrize("address", ["", "check/"])
def test_one_cause_is_told_once(
    client: Client, connection: Connection, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    """Promise: the same sentence with the same steps is said once, with the operations that it is about."""
    monkeypatch.setattr(CampusConfig, "check", lambda *_: EXPIRED)
    client.post(page_of(connection))
    text = client.get(f"{connection.get_absolute_url()}{address}").text
    assert (text.count("The key has expired."), text.count("Make a new key.")) == (1, 1)
    assert "Attendance and Chat" in text


def test_each_operation_can_be_linked_to(
    client: Client, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CampusConfig, "check", lambda *_: EXPIRED)
    client.post(page_of(connection))
    text = client.get(page_of(connection)).text
    assert [text.count(f'id="check-{name}"') for name in ("attendance", "chat")] == [1, 1]


def test_what_differs_is_told_by_operation(
    client: Client, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    needing = [replace(line, needs=(need,)) for line, need in zip(EXPIRED, ("doors", "walls"), strict=True)]
    monkeypatch.setattr(CampusConfig, "check", lambda *_: needing)
    client.post(page_of(connection))
    text = client.get(page_of(connection)).text
    for label, need in (("Attendance", "doors"), ("Chat", "walls")):
        assert f'<span class="quiet">{label}:</span> <ul><li><code>{need}</code></li></ul>' in text
    assert text.count("Nothing was tried.") == 1


def found(monkeypatch: pytest.MonkeyPatch, *checks: Check) -> None:
    monkeypatch.setattr(CampusConfig, "check", lambda *_: checks)


def test_page_of_a_provider_that_was_away_refuses_nothing(
    client: Client, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    found(monkeypatch, replace(ALLOWED, state="unknown"), replace(REFUSED, state="unknown"))
    page = client.post(page_of(connection), follow=True)
    assert (page.context["conclusion"], page.context["troubled"]) == ("Nothing could be checked.", 0)
    assert "<b>Next:</b> check again in a while.</p>" in page.text


def test_page_where_everything_is_permitted_leads_on(
    client: Client, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    found(monkeypatch, ALLOWED)
    page = client.post(page_of(connection), follow=True)
    assert (page.context["conclusion"], page.context["troubled"]) == ("Everything is permitted.", 0)
    assert f'<b>Next:</b> <a href="{connection.get_absolute_url()}">' in page.text


def test_page_is_for_staff(connection: Connection) -> None:
    client = Client()
    client.force_login(User.objects.create(username="lea"), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(page_of(connection)).status_code == 404


def test_secrets_that_cannot_be_read_are_told_at_once(
    client: Client, connection: Connection, settings: Settings
) -> None:
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    assert (
        client.get(page_of(connection)).context["unreadable"].startswith("The stored credentials cannot be decrypted")
    )
    (message,) = get_messages(client.post(page_of(connection)).wsgi_request)
    assert str(message).startswith("The stored credentials cannot be decrypted")


def test_page_tells_the_one_who_has_to_connect(client: Client, connection: Connection) -> None:
    Connection.objects.update(credentials={"script": "gated", "key": "canary-key"})
    client.post(page_of(connection))
    page = client.get(page_of(connection))
    assert "Nothing can be synced until somebody connects this account" in page.text
    assert {line.check["code"] for line in page.context["standing"].lines} == {"reconnect_needed"}


def test_connection_of_a_removed_provider(client: Client, connection: Connection) -> None:
    Connection.objects.update(provider="gone")
    page = client.get(page_of(connection))
    assert page.context["unreadable"] == "There is no provider “gone”. Installed are: campus, teams, zoom."


def finding(conference: Conference, check: Check, ago: timedelta = timedelta(), **step: Any) -> str:
    """What a conference's card takes from a check, when its chat ended like that."""
    run = run_of(conference, "partial")
    end_step(run, "chat", step.pop("outcome", "blocked"), **step)
    run.items.get().steps.filter(operation="chat").update(finished_at=timezone.now())
    Connection.objects.update(checks=[as_stored(check)], checked_at=timezone.now() - ago)
    conference.connection.refresh_from_db()
    return {line.operation: line.finding for line in card(conference, run).steps}["chat"]


def test_card_says_what_the_check_adds(conference: Conference) -> None:
    assert finding(conference, REFUSED, message="The chat is closed.") == "A permission is missing: walls."


@pytest.mark.parametrize(
    ("check", "step"),
    [
        (REFUSED, {"message": "The chat needs walls.", "advice": ""}),
        (REFUSED, {"message": "The chat is closed.", "advice": "Grant walls."}),
        (REFUSED, {"outcome": "synced"}),
        (Check("chat", "unknown", "This could not be checked."), {"message": "The chat is closed."}),
        (ALLOWED, {"message": "The chat is closed."}),
    ],
)
def test_card_says_nothing_twice_and_nothing_that_is_not_known(
    conference: Conference, check: Check, step: dict[str, Any]
) -> None:
    assert finding(conference, check, **step) == ""


def test_card_takes_nothing_from_a_check_of_another_day(conference: Conference) -> None:
    assert finding(conference, REFUSED, ago=timedelta(hours=1), message="The chat is closed.") == ""


@pytest.mark.parametrize("width", [1200, 360])
def test_page_can_be_used_by_everybody(
    page: Page, live_server: LiveServer, ada: User, connection: Connection, client: Client, width: int
) -> None:
    client.post(page_of(connection))
    sign_in(page.context, live_server, ada)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{live_server.url}{page_of(connection)}")
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.get_by_role("button", name="Copy").is_visible()
