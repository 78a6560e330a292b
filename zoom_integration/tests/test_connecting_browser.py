"""A person connects Zoom in a real Chromium: from the button to the stand-in's page, back, and through a sync."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from conferences.models import Authorization, Connection, SyncRun
from conferences.providers.sandbox import Options, Running, running
from conferences.tests.views.test_browser import WATCHED, sign_in, working
from zoom_integration.sandbox import application
from zoom_integration.sandbox.demo import demo
from zoom_integration.sandbox.stories.cast import AVA

STORED = next(each["credentials"] for each in demo()["connections"] if "sign_in" in each["credentials"])


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """The stand-in has a certificate of its own making."""
    return {**browser_context_args, "ignore_https_errors": True}


@pytest.fixture
def zoom(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    with running(application(Options(throttle=False))) as server:
        settings.ZOOM_OAUTH_URL = f"{server.base_url}/oauth"
        settings.ZOOM_API_URL = f"{server.base_url}/v2"
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", server.ca_bundle)
        yield server


@pytest.fixture
def connection(transactional_db: None) -> Connection:
    return Connection.objects.create(provider="zoom", name="Talks", credentials=STORED)


@pytest.fixture
def here(
    page: Page, live_server: LiveServer, connection: Connection, zoom: Running, console_errors: list[str]
) -> Iterator[Page]:
    """The stand-in has no icon, and what asks for a way back twice is refused: both are heard in the console."""
    sign_in(page.context, live_server, User.objects.create(username="ada", is_staff=True, is_superuser=True))
    page.goto(f"{live_server.url}/connections/{connection.pk}/")
    yield page
    console_errors[:] = [error for error in console_errors if "404" not in error and "400" not in error]


def answer(page: Page, button: str) -> None:
    page.get_by_role("button", name="Connect Zoom").click()
    expect(page.get_by_role("heading", name="Allow access to Zoom?")).to_be_visible()
    page.get_by_role("button", name=button).click()


def standing(page: Page) -> str:
    return page.locator("#standing .panel-head .mark").inner_text()


def test_connected_checked_synced_and_disconnected(here: Page) -> None:
    assert standing(here) == "Not connected yet"
    answer(here, "Allow")
    expect(here.get_by_role("status").first).to_have_text(f"Connected with Zoom as {AVA.email}.")
    assert standing(here) == "Connected"
    states = here.locator("#standing .step .mark").all_inner_texts()
    assert (len(states), set(states) <= {"Permitted", "Blocked"}, "Permitted" in states) == (8, True, True)
    assert Axe().run(here).response["violations"] == []
    here.get_by_role("button", name="Full sync").click()
    expect(here.locator("#sync .mark").first).to_have_text("Waiting", timeout=WATCHED)
    with working(SyncRun.objects.get()):
        expect(here.locator("#sync .card-head .mark")).to_have_text("Partly synced", timeout=WATCHED)
    here.get_by_text("Disconnect", exact=True).click()
    here.get_by_role("button", name="Disconnect now").click()
    expect(here.get_by_role("status").first).to_contain_text("Zoom was told")
    assert (standing(here), Authorization.objects.count()) == ("Not connected yet", 0)


def test_refusal_changes_nothing_and_can_be_tried_again(here: Page) -> None:
    answer(here, "Deny")
    expect(here.get_by_role("status").first).to_contain_text("access was not allowed")
    assert (standing(here), Authorization.objects.count()) == ("Not connected yet", 0)
    assert Axe().run(here).response["violations"] == []
    answer(here, "Allow")
    expect(here.get_by_role("status").first).to_have_text(f"Connected with Zoom as {AVA.email}.")


def test_way_back_taken_again_explains_itself(here: Page) -> None:
    address: list[str] = []
    here.on("request", lambda request: address.append(request.url) if "/connected/?" in request.url else None)
    answer(here, "Allow")
    expect(here.get_by_role("status").first).to_have_text(f"Connected with Zoom as {AVA.email}.")
    here.goto(address[0])
    expect(here.get_by_role("heading", name="Not connected")).to_be_visible()
    assert Authorization.objects.get().is_live
