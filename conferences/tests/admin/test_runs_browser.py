"""Runs and errors of the admin in a real Chromium: nothing is out of sight, and no line is blank."""

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from conferences.models import AlertRule, Conference, SyncError, SyncStep
from conferences.tests.admin.test_runs import LIST, ran
from conferences.tests.views.test_browser import sign_in

SENTENCE = "It was asked for and did not answer in time. " * 4
# By how much the content of each box is wider than the box.
HIDDEN = "[...document.querySelectorAll('.wide-table')].map((each) => each.scrollWidth - each.clientWidth)"
HEIGHTS = "[...document.querySelectorAll('#result_list tbody tr')].map((each) => each.clientHeight)"


@pytest.fixture
def admin_page(transactional_db: None, page: Page, live_server: LiveServer, administrator: User) -> Page:
    sign_in(page.context, live_server, administrator)
    return page


@pytest.mark.parametrize("width", [1200, 360])
def test_nothing_of_a_run_is_out_of_sight(
    width: int, admin_page: Page, live_server: LiveServer, conference: Conference
) -> None:
    run = ran(conference)
    Conference.objects.update(title="A title as long as they come " * 4)
    SyncStep.objects.update(message=SENTENCE, items=123456, created=123456, provider_total=1234567)
    admin_page.set_viewport_size({"width": width, "height": 740})
    admin_page.goto(f"{live_server.url}{LIST}{run.pk}/change/")
    assert admin_page.evaluate(HIDDEN) == [0, 0, 0]


@pytest.mark.parametrize("width", [1200, 360])
def test_nothing_of_the_dashboard_is_out_of_sight(
    width: int, admin_page: Page, live_server: LiveServer, conference: Conference
) -> None:
    ran(conference)
    admin_page.set_viewport_size({"width": width, "height": 740})
    admin_page.goto(f"{live_server.url}/admin/")
    assert admin_page.evaluate(HIDDEN) == [0]


@pytest.mark.parametrize("address", [LIST, "/admin/conferences/syncerror/", "/admin/conferences/alertrule/"])
def test_lines_of_a_list_are_low_on_a_telephone(
    address: str, admin_page: Page, live_server: LiveServer, conference: Conference
) -> None:
    """What wraps at the far end of a list makes its line tall, and what is in sight of it blank."""
    run, now = ran(conference, message=SENTENCE), timezone.now()
    SyncError.objects.create(
        connection=run.connection, run=run, error_class="server", code="provider_trouble", message=SENTENCE,
        first_at=now, last_at=now, ended_step=True,
    )  # fmt: skip
    AlertRule.objects.create(name="A rule of our own, with a name", kind="connection_refused")
    admin_page.set_viewport_size({"width": 360, "height": 740})
    admin_page.goto(f"{live_server.url}{address}")
    assert max(admin_page.evaluate(HEIGHTS)) < 100
