"""The monitoring page in a real Chromium: it keeps itself up to date, and everybody can read it."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from conferences.models import Alert, AlertRule, Connection, SyncStep, WorkerPulse
from conferences.tests.operations.conftest import ago, campus, held, ran, went_wrong
from conferences.tests.operations.test_workers import pulse
from conferences.tests.views.test_browser import WATCHED, sign_in


@pytest.fixture
def site(transactional_db: None, settings: Settings) -> Connection:
    """Three connections: one well, one refused, one untried; with long names, and everything that can be shown."""
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "conferences.tests.campus_integration"]
    rooms, shut, _ = campus("Main campus"), campus("Shut " + "N" * 60), campus("New rooms")
    for hours in (5, 30, 80):
        ran(held(rooms, hours, title="W" * 70), hours - 3, attendance="synced", chat="no_data", files="blocked")
    failed = ran(held(shut, 5), 3, "failed", attendance="failed")
    SyncStep.objects.update(items=1234, requests=56, retries=2, throttled=1, waited_seconds=12.5)
    went_wrong(
        failed,
        3,
        error_class="authentication",
        message="The secret has expired. An admin must enter a new one.",
        ended_step=True,
    )
    ran(held(rooms, 2), 0.1, "running", attendance="")
    pulse("celery@web-1 4711", 3, 10)
    pulse("celery@" + "x" * 60, 600, 900)
    rule = AlertRule.objects.create(name="Refused", kind="connection_refused")
    Alert.objects.create(
        rule=rule, connection=shut, state="open", message="Shut is refused.", first_seen_at=ago(3), opened_at=ago(2)
    )
    return rooms


@pytest.fixture
def here(site: Connection, page: Page, live_server: LiveServer) -> Callable[[], Page]:
    staff = User.objects.create(username="ada", is_staff=True, is_superuser=True)

    def opened() -> Page:
        sign_in(page.context, live_server, staff)
        page.goto(f"{live_server.url}/operations/")
        return page

    return opened


def unfold(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")


def test_page_tells_within_seconds_what_has_become_wrong(here: Callable[[], Page]) -> None:
    page = here()
    expect(page.locator(".headline")).to_contain_text("1 of 3 connections needs attention")
    page.get_by_text("What the score is made of").click()
    WorkerPulse.objects.update(beat_at=ago(1))
    expect(page.locator(".headline")).to_have_text("Nothing can be synced right now.", timeout=WATCHED)
    expect(page.locator(".whole-reasons")).to_have_text(
        "No worker is running: start one. Until then every click waits."
    )
    # What the reader has opened stays open.
    expect(page.get_by_role("table").first).to_contain_text("Success rate")
    WorkerPulse.objects.update(beat_at=ago(0))
    expect(page.locator(".whole-reasons")).to_have_count(0, timeout=WATCHED)


def test_server_that_does_not_answer_is_told(here: Callable[[], Page], console_errors: list[str]) -> None:
    page = here()
    page.route("**/operations/", lambda route: route.abort())
    expect(page.get_by_role("alert")).to_contain_text("cannot be reached", timeout=WATCHED)
    page.unroute("**/operations/")
    expect(page.get_by_role("alert")).to_have_count(0, timeout=WATCHED)
    console_errors.clear()


def test_whoever_may_look_no_more_is_shown_out(here: Callable[[], Page], console_errors: list[str]) -> None:
    page = here()
    User.objects.update(is_superuser=False)
    expect(page.locator("#monitor")).to_have_count(0, timeout=WATCHED)
    console_errors.clear()


def test_telephone_has_nothing_to_scroll_sideways(here: Callable[[], Page], page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    unfold(here())
    assert page.evaluate("document.documentElement.scrollWidth") == 360


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_stands_in_the_way_of_assistive_technology(scheme: str, here: Callable[[], Page], page: Page) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    unfold(here())
    serious = [
        (each["id"], [node["html"] for node in each["nodes"]])
        for each in Axe().run(page).response["violations"]
        if each["impact"] in {"serious", "critical"}
    ]
    assert serious == []
