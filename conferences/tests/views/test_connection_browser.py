"""A whole account in a real Chromium: full sync watched to its end, cancelled, resumed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from threading import Event

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from conferences.models import Conference, Connection, SyncRun
from conferences.providers.base import Link, Target
from conferences.providers.errors import Cancelled, ServerTrouble
from conferences.providers.records import Record
from conferences.tests.campus_integration.scripts import SCRIPTS, quick
from conferences.tests.views.account import campus_connection, lesson, put, whole_run
from conferences.tests.views.test_browser import WATCHED, sign_in, working


@dataclass
class Doors:
    """The campus tells of the third lesson only when its doors are opened; the fourth is broken until mended."""

    opened: Event = field(default_factory=Event)
    mended: bool = False

    def script(self, operation: str, target: Target, link: Link) -> Iterator[Record]:
        if target.external_id == "lesson-3" and not self.mended:
            raise ServerTrouble("This lesson cannot be read.")
        while target.external_id == "lesson-2" and not self.opened.wait(0.05):
            if link.stop.is_set():
                raise Cancelled
        yield from quick(operation, target, link)


@pytest.fixture
def doors(monkeypatch: pytest.MonkeyPatch) -> Doors:
    doors = Doors()
    monkeypatch.setitem(SCRIPTS, "quick", doors.script)
    return doors


@pytest.fixture
def connection(transactional_db: None, settings: Settings) -> Connection:
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "conferences.tests.campus_integration"]
    return campus_connection()


@pytest.fixture
def staff(connection: Connection) -> User:
    return User.objects.create(username="ada", is_staff=True, is_superuser=True)


@pytest.fixture
def here(page: Page, live_server: LiveServer, staff: User, connection: Connection) -> Page:
    sign_in(page.context, live_server, staff)
    page.goto(f"{live_server.url}/connections/{connection.pk}/")
    return page


def click(page: Page, button: str) -> SyncRun:
    page.get_by_role("button", name=button).click()
    expect(page.locator("#sync .mark").first).to_have_text("Waiting", timeout=WATCHED)
    return SyncRun.objects.get()


def number(page: Page, label: str) -> str:
    return page.locator("#sync .number", has_text=label).locator("dd").inner_text()


def test_full_sync_is_watched_to_the_end_and_what_failed_is_tried_again(here: Page, doors: Doors) -> None:
    run = click(here, "Full sync")
    mark = here.locator("#sync .card-head .mark")
    with working(run):
        done = here.locator("#sync .number", has_text="Conferences done").locator("dd")
        expect(done).to_have_text("2", timeout=WATCHED)
        expect(mark).to_have_text("Syncing")
        expect(here.get_by_role("progressbar", name="Sync progress")).to_be_visible()
        # What the search has found is listed while the rest is still on its way.
        expect(here.get_by_role("link", name="Lesson lesson-5")).to_be_visible(timeout=WATCHED)
        doors.opened.set()
        expect(mark).to_have_text("Partly synced", timeout=WATCHED)
    assert (number(here, "Conferences done"), number(here, "Failed"), number(here, "Left")) == ("5", "1", "0")
    failures = here.get_by_role("region", name="1 conference could not be synced")
    expect(failures.get_by_role("row", name="Lesson lesson-3")).to_contain_text("cannot be read", timeout=WATCHED)
    doors.mended = True
    click(here, "Resume")
    with working(run):
        expect(mark).to_have_text("Synced", timeout=WATCHED)
    expect(failures).to_have_count(0, timeout=WATCHED)
    here.get_by_role("table", name="Conferences of this connection").get_by_role("link", name="Lesson lesson-3").click()
    expect(here.locator(".tabs")).to_contain_text("Participants (3)")
    expect(here.locator("#sync .card-head .mark")).to_have_text("Synced")


def test_cancelled_sync_is_resumed_where_it_stopped(here: Page, doors: Doors) -> None:
    doors.mended = True
    run = click(here, "Full sync")
    mark = here.locator("#sync .card-head .mark")
    with working(run):
        expect(here.locator("#sync .number", has_text="Conferences done").locator("dd")).to_have_text(
            "2", timeout=WATCHED
        )
        here.get_by_role("button", name="Cancel").click()
        expect(mark).to_have_text("Cancelled", timeout=WATCHED)
    doors.opened.set()
    click(here, "Resume")
    with working(run):
        expect(mark).to_have_text("Synced", timeout=WATCHED)
    assert (number(here, "Conferences done"), SyncRun.objects.count()) == ("6", 1)


def test_days_are_chosen_in_the_card(here: Page, doors: Doors, console_errors: list[str]) -> None:
    here.get_by_text("Date range").click()
    here.get_by_role("button", name="Sync these days").click()
    expect(here.get_by_role("alert")).to_have_text("Say from which day on. The last day may be left open.")
    assert all("400" in error for error in console_errors)
    console_errors.clear()
    here.locator("#range-first").fill("2026-03-03")
    here.locator("#range-last").fill("2026-03-03")
    run = click(here, "Sync these days")
    with working(run):
        expect(here.locator("#sync .card-head .mark")).to_have_text("Synced", timeout=WATCHED)
    assert run.mode == "range"
    past = Conference.objects.exclude(external_id="lesson-to-come")
    assert list(past.values_list("external_id", flat=True)) == ["lesson-1"]


@pytest.fixture
def visit(page: Page, live_server: LiveServer, staff: User, connection: Connection) -> Callable[[], Page]:
    """The page with long names, everything that a run can meet, and every detail opened."""
    run = whole_run(connection, "paused", resumes_at="2026-03-03T00:00Z", progress=60)
    ends = (("done", ("synced", "blocked")), ("failed", ("failed", "failed")), ("queued", ("", "")))
    for number, (state, outcomes) in enumerate(ends):
        class_ = lesson(connection, number, title=f"{number} " + "W" * 70, organizer="o" * 60 + "@example.org")
        item = put(run, class_, state, outcomes, message="No such thing. " * 9 if state == "failed" else "")
        item.steps.filter(outcome="blocked").update(advice="Run this:\nGrant-CampusWall -Global " + "-x y " * 40)
        run.events.create(item=item, level="warning", text="Something odd " + "z" * 90)
    whole_run(Connection.objects.create(provider="campus", name="N" * 110))
    sign_in(page.context, live_server, staff)

    def opened() -> Page:
        page.goto(f"{live_server.url}/connections/{connection.pk}/")
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        return page

    return opened


def test_telephone_has_nothing_to_scroll_sideways(
    visit: Callable[[], Page], page: Page, live_server: LiveServer
) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    visit()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.goto(f"{live_server.url}/connections/")
    assert page.evaluate("document.documentElement.scrollWidth") == 360


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_stands_in_the_way_of_assistive_technology(
    scheme: str, visit: Callable[[], Page], page: Page, live_server: LiveServer
) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    for open_ in (visit, lambda: page.goto(f"{live_server.url}/connections/")):
        open_()
        serious = [
            (each["id"], [node["html"] for node in each["nodes"]])
            for each in Axe().run(page).response["violations"]
            if each["impact"] in {"serious", "critical"}
        ]
        assert serious == []


def test_what_somebody_types_survives_the_news(here: Page, doors: Doors) -> None:
    doors.mended = True
    run = click(here, "Full sync")
    here.get_by_label("Search").fill("lesson-1")
    doors.opened.set()
    with working(run):
        expect(here.locator("#sync .card-head .mark")).to_have_text("Synced", timeout=WATCHED)
    expect(here.get_by_role("link", name="Lesson lesson-5").first).to_be_visible(timeout=WATCHED)
    expect(here.get_by_label("Search")).to_have_value("lesson-1")
    here.get_by_role("button", name="Show").click()
    table = here.get_by_role("table", name="Conferences of this connection")
    expect(table.get_by_role("row")).to_have_count(2)
