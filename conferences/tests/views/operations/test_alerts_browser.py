"""The page of alerts in a real Chromium."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from conferences.models import Alert, AlertDelivery, AlertRule
from conferences.tests.operations.conftest import ago
from conferences.tests.views.test_browser import sign_in


def alert(rule: AlertRule, message: str, **values: object) -> Alert:
    defaults = {"state": "open", "first_seen_at": ago(3), "opened_at": ago(2), "rule_name": rule.name}
    return Alert.objects.create(rule=rule, subject=message[:255], message=message, **{**defaults, **values})


@pytest.fixture
def here(transactional_db: None, page: Page, live_server: LiveServer) -> Callable[[], Page]:
    ada = User.objects.create(username="ada", first_name="Ada", is_staff=True, is_superuser=True)
    rule = AlertRule.objects.create(name="Refused", kind="stale_run", looked_at=timezone.now())
    sad = alert(rule, "Our tenant cannot be used: " + "W" * 60)
    alert(rule, "Another thing.", acknowledged_by=ada, acknowledged_at=ago(1), note="I have asked for a new secret.")
    over = alert(rule, "It was slow.", state="resolved", resolved_at=ago(1), resolved_because="It is over.")
    told = {"channel": "webhook", "event": "opened", "attempts": 10, "last_error": "The receiver answered 500."}
    AlertDelivery.objects.create(alert=sad, **told)
    AlertDelivery.objects.create(alert=over, channel="email", event="opened", delivered_at=ago(1))

    def opened() -> Page:
        sign_in(page.context, live_server, ada)
        page.goto(f"{live_server.url}/operations/alerts/")
        return page

    return opened


def test_person_sees_to_it(here: Callable[[], Page]) -> None:
    page = here()
    page.get_by_label("Note").fill("Mine.")
    page.get_by_role("button", name="I see to it").click()
    expect(page.get_by_text("Noted that you see to it.")).to_be_visible()
    expect(page.get_by_role("button", name="I see to it")).to_have_count(0)
    expect(page.get_by_text("Mine.")).to_be_visible()


def test_telephone_has_nothing_to_scroll_sideways(here: Callable[[], Page], page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    here()
    assert page.evaluate("document.documentElement.scrollWidth") == 360


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_stands_in_the_way_of_assistive_technology(scheme: str, here: Callable[[], Page], page: Page) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    here()
    serious = [
        each["id"] for each in Axe().run(page).response["violations"] if each["impact"] in {"serious", "critical"}
    ]
    assert serious == []
