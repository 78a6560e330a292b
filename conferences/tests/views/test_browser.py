"""Click, watch, read, in a real Chromium. The provider is the campus; its answers wait for the test's word."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from conferences.models import ChatMessage, Conference, Connection, SyncRun
from conferences.providers.base import Link, Target
from conferences.providers.errors import Cancelled, NotPermitted
from conferences.providers.records import Record
from conferences.sync import worker
from conferences.tests.campus_integration.scripts import SCRIPTS, quick
from conferences.tests.school import School, answered, minute, seen
from conferences.tests.views.conftest import run_of

WATCHED = 15_000  # milliseconds that a page may take to show what has become true


@dataclass
class Gate:
    """The campus answers about recordings only when the gate is open, and then refuses."""

    opened: Event = field(default_factory=Event)

    def script(self, operation: str, target: Target, link: Link) -> Iterator[Record]:
        if operation == "recordings":
            while not self.opened.wait(0.05):
                if link.stop.is_set():
                    raise Cancelled
            raise NotPermitted("We may not see the cameras.", advice="Run this:\nGrant-CampusCamera -Global")
        yield from quick(operation, target, link)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    gate = Gate()
    monkeypatch.setitem(SCRIPTS, "quick", gate.script)
    return gate


@pytest.fixture
def instructor(transactional_db: None) -> User:
    return School().enrol("Dana Reyes", "dana@example.org", role="instructor")


@pytest.fixture
def conference(instructor: User, settings: Settings) -> Conference:
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "conferences.tests.campus_integration"]
    campus = Connection.objects.create(provider="campus", name="Rooms", credentials={"script": "quick", "key": "k"})
    course = instructor.enrolments.get().course
    school = School(course=course, connection=campus)
    school.enrol("Ann Able", "ann@example.org")
    school.enrol("Zed Zero", "zed@example.org")
    return school.conference()


def sign_in(context: BrowserContext, live_server: LiveServer, user: User) -> None:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": live_server.url}])


@pytest.fixture
def here(page: Page, live_server: LiveServer, instructor: User, conference: Conference) -> Page:
    """The conference's page, seen by its instructor."""
    sign_in(page.context, live_server, instructor)
    page.goto(live_server.url + conference.get_absolute_url())
    return page


@contextmanager
def working(run: SyncRun) -> Iterator[None]:
    """A worker that is busy with the run meanwhile."""

    def work() -> None:
        try:
            worker.work(run.pk)
        finally:
            connection.close()

    thread = Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        thread.join(timeout=30)
        assert not thread.is_alive()


def click_sync(page: Page) -> SyncRun:
    page.get_by_role("button", name="Sync Data").click()
    expect(page.locator("#sync .mark").first).to_have_text("Waiting", timeout=WATCHED)
    return SyncRun.objects.get()


def test_click_watch_and_read_the_result(here: Page, gate: Gate) -> None:
    run = click_sync(here)
    with working(run):
        card = here.locator("#sync")
        expect(card.locator("[data-operation=attendance] .mark")).to_have_text("Synced", timeout=WATCHED)
        expect(card.locator("[data-operation=recordings] .mark")).to_have_text("Working", timeout=WATCHED)
        expect(here.get_by_role("progressbar", name="Sync progress")).to_be_visible()
        # What has been stored shows at once, while the rest is still on its way.
        expect(here.locator(".tabs")).to_contain_text("Participants (3)", timeout=WATCHED)
        gate.opened.set()
        expect(card.locator(".card-head .mark")).to_have_text("Partly synced", timeout=WATCHED)
    expect(card.locator("[data-operation=recordings] .mark")).to_have_text("Blocked")
    expect(card.locator("[data-poll]")).to_have_count(0)
    expect(here.locator(".headline")).to_have_text("1 of 2 learners came. 1 is missing.", timeout=WATCHED)
    expect(here.locator(".tabs")).to_contain_text("Participants (3)")
    assert SyncRun.objects.get().state == "partial"


def test_polling_stops_when_the_run_has_ended(here: Page, gate: Gate) -> None:
    gate.opened.set()
    with working(click_sync(here)):
        expect(here.locator("#sync .card-head .mark")).to_have_text("Partly synced", timeout=WATCHED)
    expect(here.locator(".headline")).to_contain_text("1 of 2", timeout=WATCHED)
    asked: list[str] = []
    here.on("request", lambda request: asked.append(request.url))
    here.wait_for_timeout(2500)
    assert asked == []


def test_cancel_stops_a_running_sync_within_seconds(here: Page, gate: Gate) -> None:
    run = click_sync(here)
    with working(run):
        expect(here.locator("[data-operation=recordings] .mark")).to_have_text("Working", timeout=WATCHED)
        here.get_by_role("button", name="Cancel").click()
        expect(here.locator("#sync .card-head .mark")).to_have_text("Cancelled", timeout=WATCHED)
    assert SyncRun.objects.get().state == "cancelled"
    expect(here.locator(".tabs")).to_contain_text("Participants (3)", timeout=WATCHED)


def test_card_that_begins_above_the_window_comes_into_view_when_its_button_is_pressed(here: Page, gate: Gate) -> None:
    here.set_viewport_size({"width": 360, "height": 300})
    button = here.get_by_role("button", name="Sync Data")
    button.evaluate("button => scrollTo(0, button.getBoundingClientRect().top + scrollY - 5)")
    expect(here.locator("#sync .card-head")).not_to_be_in_viewport()
    with working(click_sync(here)):
        expect(here.locator("#sync .card-head")).to_be_in_viewport(timeout=WATCHED)
        gate.opened.set()


def test_reload_and_second_browser_show_the_same_run(
    here: Page, gate: Gate, browser: Browser, live_server: LiveServer, instructor: User
) -> None:
    run = click_sync(here)
    with working(run):
        expect(here.locator("[data-operation=recordings] .mark")).to_have_text("Working", timeout=WATCHED)
        here.reload()
        expect(here.locator("#sync")).to_have_attribute("data-run", str(run.pk))
        with browser.new_context() as context:
            sign_in(context, live_server, instructor)
            second = context.new_page()
            second.goto(here.url)
            expect(second.locator("#sync")).to_have_attribute("data-run", str(run.pk))
            gate.opened.set()
            for page in (here, second):
                expect(page.locator("#sync .card-head .mark")).to_have_text("Partly synced", timeout=WATCHED)


def test_second_click_from_another_window_shows_the_active_run(
    here: Page, conference: Conference, console_errors: list[str]
) -> None:
    run = run_of(conference)
    here.get_by_role("button", name="Sync Data").click()
    expect(here.locator("#sync")).to_have_attribute("data-run", str(run.pk), timeout=WATCHED)
    expect(here.get_by_role("alert")).to_have_text("A sync of this conference is already under way.")
    assert all("409" in error for error in console_errors)
    console_errors.clear()


def test_lost_connection_is_said_and_recovered_from(
    here: Page, conference: Conference, console_errors: list[str]
) -> None:
    click_sync(here)
    lost = here.get_by_text("Connection lost, trying again.")
    here.context.set_offline(True)
    expect(lost).to_be_visible(timeout=WATCHED)
    here.context.set_offline(False)
    expect(lost).to_be_hidden(timeout=WATCHED)
    assert all("ERR_INTERNET_DISCONNECTED" in error or error.startswith("htmx:") for error in console_errors)
    console_errors.clear()


def test_hidden_tab_asks_less_often(here: Page) -> None:
    click_sync(here)
    here.evaluate(
        "Object.defineProperty(document, 'hidden', {value: true, configurable: true});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    here.wait_for_timeout(500)
    asked: list[str] = []
    here.on("request", lambda request: asked.append(request.url) if "/sync/" in request.url else None)
    here.wait_for_timeout(3500)
    assert asked == []


def test_what_the_reader_opened_stays_open_while_it_updates(here: Page, gate: Gate) -> None:
    with working(click_sync(here)):
        expect(here.locator("[data-operation=recordings] .mark")).to_have_text("Working", timeout=WATCHED)
        log = here.locator("#sync details.log")
        log.locator("summary").click()
        expect(log).not_to_have_attribute("open", "")
        gate.opened.set()
        expect(here.locator("#sync .card-head .mark")).to_have_text("Partly synced", timeout=WATCHED)
        expect(log).not_to_have_attribute("open", "")


def test_keyboard_alone_starts_and_cancels(here: Page) -> None:
    here.get_by_role("button", name="Sync Data").focus()
    here.keyboard.press("Enter")
    expect(here.get_by_role("button", name="Cancel")).to_be_visible(timeout=WATCHED)
    assert here.evaluate("document.activeElement.closest('#sync') !== null")
    for _ in range(4):
        here.keyboard.press("Tab")
        if here.evaluate("document.activeElement.id") == "sync-cancel":
            break
    here.keyboard.press("Enter")
    expect(here.locator("#sync .card-head .mark")).to_have_text("Cancelled", timeout=WATCHED)


def test_cancel_counts_in_the_very_moment_of_an_update(here: Page) -> None:
    click_sync(here)
    here.evaluate(
        "document.addEventListener("
        "'htmx:afterSwap', () => document.getElementById('sync-cancel').click(), {once: true})"
    )
    expect(here.locator("#sync .card-head .mark")).to_have_text("Cancelled", timeout=WATCHED)


def test_skip_link_leads_past_the_header(here: Page) -> None:
    here.keyboard.press("Tab")
    assert here.evaluate("document.activeElement.textContent") == "Skip to content"
    here.keyboard.press("Enter")
    assert here.evaluate("document.activeElement.id") == "main"


def test_signed_out_meanwhile_leads_to_the_sign_in_page(here: Page, instructor: User) -> None:
    click_sync(here)
    here.context.clear_cookies(name="session")
    here.wait_for_url("**/accounts/login/**", timeout=WATCHED)


def test_sync_works_without_javascript(
    browser: Browser, live_server: LiveServer, instructor: User, conference: Conference, gate: Gate
) -> None:
    gate.opened.set()
    with browser.new_context(java_script_enabled=False) as context:
        sign_in(context, live_server, instructor)
        page = context.new_page()
        page.goto(live_server.url + conference.get_absolute_url())
        page.get_by_role("button", name="Sync Data").click()
        expect(page.locator("#sync .card-head .mark")).to_have_text("Waiting")
        with working(SyncRun.objects.get()):
            # No click and no script: the page reloads itself.
            expect(page.locator("#sync .card-head .mark")).to_have_text("Partly synced", timeout=WATCHED)
        page.get_by_role("link", name="Participants (3)").click()
        expect(page.get_by_role("row", name="Ann Able")).to_be_visible()
        page.get_by_role("button", name="Sync again").click()
        page.get_by_role("button", name="Cancel").click()
        expect(page.locator("#sync .card-head .mark")).to_have_text("Cancelled")


def test_sign_in_and_out(page: Page, live_server: LiveServer, conference: Conference, instructor: User) -> None:
    instructor.set_password("a long enough password")
    instructor.save()
    page.goto(live_server.url + conference.get_absolute_url())
    page.get_by_label("Username").fill(instructor.username)
    page.get_by_label("Password").fill("a long enough password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Algebra, week 1")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


@pytest.fixture
def full(conference: Conference) -> Conference:
    """A class with long and hostile names, everything in every tab, and advice."""
    stored = {"first_seen_at": minute(70), "last_seen_at": minute(70)}
    for number, kind in enumerate(("guest", "dial_in", "bot", "external", "unknown")):
        name = ("W" * 70, "<script>alert(1)</script>", "محمد علي", "", "Zoë 🎓 " * 9)[number]
        seen(conference, f"x:{number}", (number, 30), (20, 61), name=name, kind=kind, reported_seconds=3000)
    html = '<p>See <a href="https://example.org/' + "x" * 200 + '">this</a></p><pre>' + "y" * 200 + "</pre>"
    ChatMessage.objects.create(conference=conference, provider_id="m", sent_at=minute(1), html=html, **stored)
    conference.recordings.create(provider_id="r", name="R" * 150, url="https://example.org/r", **stored)
    conference.files.create(provider_id="f", name="F" * 150, url="https://example.org/f", **stored)
    answered(conference)
    run = run_of(conference, "partial", message="Some operations had issues: chat. Other data synced successfully.")
    advice = "Run this:\nGrant-CsApplicationAccessPolicy " + "-Identity x " * 20
    run.items.get().steps.filter(operation="chat").update(outcome="blocked", message="Not allowed.", advice=advice)
    return conference


TABS = ("overview", "participants", "recordings", "chat", "files", "history")


@pytest.fixture
def visit(page: Page, live_server: LiveServer, instructor: User, full: Conference) -> Callable[[str], Page]:
    sign_in(page.context, live_server, instructor)

    def opened(path: str) -> Page:
        page.goto(live_server.url + path.format(full.get_absolute_url()))
        for details in page.locator("details:not([open]) > summary").all():
            if details.is_visible():
                details.click()
        return page

    return opened


@pytest.mark.parametrize("path", ["/conferences/", "/conferences/999/", *(f"{{}}?tab={tab}" for tab in TABS)])
def test_telephone_has_nothing_to_scroll_sideways(
    path: str, visit: Callable[[str], Page], page: Page, console_errors: list[str]
) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    visit(path)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    if "999" in path:
        console_errors.clear()  # the 404 itself


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/conferences/", *(f"{{}}?tab={tab}" for tab in TABS)])
def test_nothing_stands_in_the_way_of_assistive_technology(
    path: str, scheme: str, visit: Callable[[str], Page], page: Page
) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    visit(path)
    serious = [
        (each["id"], [node["html"] for node in each["nodes"]])
        for each in Axe().run(page).response["violations"]
        if each["impact"] in {"serious", "critical"}
    ]
    assert serious == []


def test_dark_page_is_dark(visit: Callable[[str], Page], page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    visit("{}")
    colours = page.evaluate("[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]")
    assert colours == ["rgb(18, 19, 23)", "rgb(233, 234, 238)"]


def test_print_is_a_clean_register(visit: Callable[[str], Page], page: Page) -> None:
    visit("{}?tab=participants")
    page.emulate_media(media="print")
    for hidden in (".site", "#sync", ".tabs", ".filters", ".act"):
        expect(page.locator(hidden).first).to_be_hidden()
    expect(page.locator(".register")).to_be_visible()
