"""The operators' pages on a telephone: nothing overlaps, and what is long is folded."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from conferences.models import Connection, SyncError, SyncRun
from conferences.tests.operations.conftest import ago, held, ran, went_wrong
from conferences.tests.views.operations.test_monitor_browser import here, site, unfold

__all__ = ["here", "site"]

# Cells of a line that reach into the next one, or out of their table.
COLLIDING = """() => [...document.querySelectorAll('table.cards > tbody > tr > *')].filter((cell) =>
  cell.offsetParent && cell.scrollWidth > cell.clientWidth + 1).map((cell) => cell.textContent)"""
BROKEN = """() => [...document.querySelectorAll('.parts th')].map((cell) => {
  const range = document.createRange(); range.selectNodeContents(cell);
  return new Set([...range.getClientRects()].map((box) => box.top)).size; }).filter((lines) => lines > 1)"""
LINES = """(id) => [...document.querySelectorAll(`[aria-labelledby=${id}] tbody tr`)]
  .filter((line) => line.checkVisibility()).length"""


@pytest.fixture
def busy(site: Connection) -> None:
    """Ten syncs, and ten errors that are none of each other's cause."""
    for number in range(10):
        run = ran(held(site, 5 + number), 2, "partial", attendance="failed")
        went_wrong(run, 2, code=f"odd_{number}", message=f"The room {number} did not answer.")


@pytest.mark.parametrize("width", [360, 1200])
def test_nothing_reaches_into_its_neighbour(width: int, busy: None, here: Callable[[], Page], page: Page) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    unfold(here())
    assert page.evaluate(COLLIDING) == []


def test_words_of_the_score_are_not_broken(here: Callable[[], Page], page: Page) -> None:
    page.set_viewport_size({"width": 1200, "height": 740})
    unfold(here())
    assert page.evaluate(BROKEN) == []


def test_long_tables_are_folded_and_open_at_a_click(busy: None, here: Callable[[], Page]) -> None:
    page = here()
    assert (page.evaluate(LINES, "errors-title"), page.evaluate(LINES, "paces-title")) == (4, 5)
    for summary in page.locator("details.tucked > summary", has_text="more").all():
        summary.click()
    assert (page.evaluate(LINES, "errors-title"), page.evaluate(LINES, "paces-title")) == (10, 10)


def test_short_tables_have_nothing_to_unfold(here: Callable[[], Page]) -> None:
    assert SyncError.objects.count() < 5 <= SyncRun.objects.filter(created_at__lt=ago(0)).count()
    page = here()
    assert page.locator("details.tucked > summary", has_text="more").count() == 0
