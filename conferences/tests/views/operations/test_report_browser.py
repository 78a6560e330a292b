"""The report's chart in a real Chromium: its labels can be read, and stand under the bars that they name."""

from itertools import pairwise
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from conferences.models import SyncRun
from conferences.operations.report import period, report
from conferences.operations.report.page import as_html
from conferences.tests.operations.conftest import campus, held, ran
from conferences.tests.views.test_browser import sign_in

# Of each label its box, and where the bar stands that it names; of the axis its edges.
MEASURED = """() => {
  const bars = Object.fromEntries([...document.querySelectorAll('.chart g > title')].map((title) => {
    const box = title.parentNode.querySelector('.bar').getBoundingClientRect();
    return [title.textContent.split(':').slice(0, -1).join(':'), (box.left + box.right) / 2];
  }));
  const shown = [...document.querySelectorAll('.chart-axis g')].filter((each) =>
    getComputedStyle(each.querySelector('text')).display !== 'none');
  const labels = shown.map((each) => {
    const [first, second] = [...each.querySelectorAll('text')].map((text) => text.textContent);
    const boxes = [...each.querySelectorAll('text')].map((text) => text.getBoundingClientRect());
    const tick = each.querySelector('line').getBoundingClientRect();
    return {name: `${second}, ${first}`, tick: (tick.left + tick.right) / 2,
      left: Math.min(...boxes.map((box) => box.left)), right: Math.max(...boxes.map((box) => box.right))};
  });
  const axis = document.querySelector('.chart-axis').getBoundingClientRect();
  return {bars, labels, left: axis.left, right: axis.right};
}"""
SINCE = ("24h", "7d", "4w", "52w")


@pytest.fixture(autouse=True)
def site(transactional_db: None, settings: Settings) -> None:
    """A sync in every hour of a week."""
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "conferences.tests.campus_integration"]
    rooms = campus("Main campus")
    first = ran(held(rooms, 300), 1, attendance="synced")
    for hours in range(2, 168):
        SyncRun.objects.create(connection=rooms, conference=first.conference, state="succeeded")
        SyncRun.objects.filter(pk=SyncRun.objects.latest("pk").pk).update(
            created_at=first.created_at - hours * period("1h").step
        )


def readable(page: Page, width: int) -> dict[str, Any]:
    page.set_viewport_size({"width": width, "height": 740})
    measured: dict[str, Any] = page.evaluate(MEASURED)
    labels = measured["labels"]
    assert labels
    assert all(label["left"] >= measured["left"] - 1 and label["right"] <= measured["right"] + 1 for label in labels)
    assert all(label["left"] - 1 <= label["tick"] <= label["right"] + 1 for label in labels)
    assert all(later["left"] > each["right"] for each, later in pairwise(labels))
    return measured


@pytest.mark.parametrize("width", [1200, 360])
def test_labels_stand_under_their_bars_on_the_page(width: int, page: Page, live_server: LiveServer) -> None:
    sign_in(page.context, live_server, User.objects.create(username="ada", is_staff=True, is_superuser=True))
    for since in SINCE:
        page.goto(f"{live_server.url}/operations/report/?since={since}")
        measured = readable(page, width)
        named = [label for label in measured["labels"] if label["name"] in measured["bars"]]
        assert all(abs(label["tick"] - measured["bars"][label["name"]]) < 1 for label in named)
        assert named or since in {"4w", "52w"}


@pytest.mark.parametrize("width", [1200, 360])
def test_labels_stand_under_their_bars_in_the_file(width: int, page: Page) -> None:
    page.set_content(as_html(report(period("7d"))))
    measured = readable(page, width)
    assert [label["name"] in measured["bars"] for label in measured["labels"]] == [True] * len(measured["labels"])
    for label in measured["labels"]:
        assert label["tick"] == pytest.approx(measured["bars"][label["name"]], abs=1)
