"""What browser tests share: the system's Chromium, and no tolerance for errors in its console."""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from conferences.providers import hung
from lms_project.local import chromium

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Error, Page


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": chromium.find(), "args": list(chromium.FLAGS)}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests get their mark by using a browser; without one they fail in CI and are skipped elsewhere."""
    driven = [item for item in items if "page" in getattr(item, "fixturenames", ())]
    problem = "" if os.environ.get("CI") or not driven else chromium.lacking()
    for item in driven:
        item.add_marker(pytest.mark.browser)
        if problem:
            item.add_marker(pytest.mark.skip(reason=problem))


@pytest.fixture(autouse=True)
def _no_provider_hangs() -> None:
    """No test hears of what hung in another one."""
    hung.forget()


@pytest.fixture
def console_errors() -> list[str]:
    """What the page's console and scripts have complained of. A test that expects an error takes it out."""
    return []


@pytest.fixture
def page(page: "Page", console_errors: list[str]) -> Iterator["Page"]:
    """Fails the test when the page broke its own content security policy, or a script of its own failed."""

    def heard(message: "ConsoleMessage") -> None:
        if message.type == "error":
            console_errors.append(message.text)

    def broke(error: "Error") -> None:
        console_errors.append(f"{error.name}: {error.message}")

    page.on("console", heard)
    page.on("pageerror", broke)
    yield page
    if console_errors:
        pytest.fail("The page complained: " + "; ".join(console_errors))
