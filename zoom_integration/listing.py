"""How Zoom pages: a token that ends empty, and on some lists nothing but page numbers.

https://developers.zoom.us/docs/api/using-zoom-apis/#pagination
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from conferences.providers.errors import ProviderError
from conferences.providers.paging import Page, entries, pages
from zoom_integration.conf import WHO
from zoom_integration.parsers import values

# The most that every list takes; the default is 30.
PAGE_SIZE = "300"
_EXPIRED = "300"
_RESTARTS = 3
_NUMBER = "page_number="

OnTotal = Callable[[int], None]


def ignore(_total: int) -> None:
    """For those whom the provider's own total does not concern."""


def rows(
    fetch: Callable[[Mapping[str, str]], dict[str, Any]], params: Mapping[str, str], key: str, on_total: OnTotal
) -> Iterator[dict[str, Any]]:
    """The objects under `key` of all pages; a list that Zoom lost its place in is read again from its start. `on_total`
    is told at the end, however it comes, what the pages of the last reading have stated.

    Raises Malformed, always after what was good, for loops and wrong shapes.
    """
    walk = _Walk()
    asked = pages(
        lambda cursor: fetch({**params, **walk.ask(cursor)}),
        lambda page: walk.next(page, key),
        who=WHO,
        listed=lambda page: page.get(key),
        expired=_lost,
        restarts=_RESTARTS,
    )
    try:
        for page in asked:
            walk.hear(page)
            if not _says_nothing(page, key):
                yield from entries(page, key, WHO)
    finally:
        if walk.stated is not None:
            on_total(walk.stated)


@dataclass(slots=True)
class _Walk:
    """Where we are in one list."""

    by_token: bool = False
    known: set[tuple[str, str]] = field(default_factory=set)
    stated: int | None = None

    def hear(self, page: Page) -> None:
        """Its total. The pages of one list may differ."""
        total = values.count(page, "total_records")
        if total is not None:
            self.stated = max(total, self.stated or 0)

    def ask(self, cursor: str) -> dict[str, str]:
        """An empty token would be answered with the first page again, for ever."""
        if not cursor:
            self.known.clear()
            self.stated = None
            return {}
        if cursor.startswith(_NUMBER):
            return {"page_number": cursor.removeprefix(_NUMBER)}
        return {"next_page_token": cursor}

    def next(self, page: Page, key: str) -> object:
        token = page.get("next_page_token")
        if token.strip() if isinstance(token, str) else token:
            self.by_token = True
            return token
        return "" if self.by_token else self._next_number(page, key)

    def _next_number(self, page: Page, key: str) -> str:
        """Only while Zoom announces more pages, and each brings something new."""
        number, count = page.get("page_number"), page.get("page_count")
        if not isinstance(number, int) or not isinstance(count, int) or number >= count:
            return ""
        listed = page.get(key)
        found = {
            (str(row.get("id")), str(row.get("uuid")))
            for row in (listed if isinstance(listed, list) else [])
            if isinstance(row, dict)
        }
        fresh = found - self.known
        self.known |= found
        return f"{_NUMBER}{number + 1}" if fresh else ""


def _lost(error: ProviderError) -> bool:
    """Page tokens live for 15 minutes."""
    return error.provider_code == _EXPIRED


def _says_nothing(page: Page, key: str) -> bool:
    """Some lists are left out where they would be empty; that counts only when Zoom also says that there is nothing."""
    return page.get(key) is None and values.count(page, "total_records") == 0
