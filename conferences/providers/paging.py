"""Walks a listing to its end and trusts no page: loops, endless lists and wrong shapes end it, after what was good."""

from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from typing import Any

from conferences.providers.errors import Malformed, Missing, ProviderError, Rejected
from conferences.providers.payload import malformed

Page = Mapping[str, Any]
MANY_PAGES = 5_000
_EXPIRED = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.GONE})


def is_refused_cursor(error: ProviderError) -> bool:
    """Whether an error may mean that a cursor has lost its worth, when the provider does not say so more plainly."""
    return isinstance(error, Rejected | Missing) and error.status in _EXPIRED


def pages(
    fetch: Callable[[str], Page],
    cursor_of: Callable[[Page], object],
    *,
    who: str,
    max_pages: int = MANY_PAGES,
    expired: Callable[[ProviderError], bool] = is_refused_cursor,
) -> Iterator[Page]:
    """`fetch("")` gives the first page, `fetch(cursor)` the next; `cursor_of` reads a page's cursor, empty at the end.

    Raises Malformed, always after yielding the pages that were good: code "paging_loop" when a cursor comes back or the
    list does not end, "malformed_answer" when a cursor is no text. A cursor that the provider no longer takes starts
    the list again, once: entries may then come twice.
    """
    cursor, restarted = "", False
    seen: set[str] = set()
    for _ in range(max_pages):
        try:
            page = fetch(cursor)
        except (Rejected, Missing) as error:
            if not cursor or restarted or not expired(error):
                raise
            cursor, restarted = "", True
            seen.clear()
            continue
        yield page
        cursor = _text(cursor_of(page), who)
        if not cursor:
            return
        if cursor in seen:
            raise _loop(who, "a page was announced twice")
        seen.add(cursor)
    raise _loop(who, f"more than {max_pages} pages")


def entries(page: Page, key: str, who: str) -> Iterator[dict[str, Any]]:
    """The objects listed under `key`. Raises Malformed, after the good ones, when something else is among them."""
    listed = page.get(key)
    if not isinstance(listed, list):
        raise malformed(who, f"“{key}” is a {type(listed).__name__}, not a list")
    good = [entry for entry in listed if isinstance(entry, dict)]
    yield from good
    if len(good) < len(listed):
        raise malformed(who, f"{len(listed) - len(good)} of {len(listed)} entries of “{key}” are no objects")


def _text(cursor: object, who: str) -> str:
    if cursor is None or isinstance(cursor, str):
        return cursor or ""
    raise malformed(who, f"the link to the next page is a {type(cursor).__name__}")


def _loop(who: str, detail: str) -> Malformed:
    return Malformed(
        f"{who} sent us round in circles through a list, so we stopped. What was read is kept, but the list may be "
        "incomplete.",
        code="paging_loop",
        advice="Try again later. If it happens again, report it to the provider.",
        detail=detail,
    )
