"""Walks a listing to its end and trusts no page: loops, endless lists and wrong shapes end it, after what was good."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit

from conferences.providers.errors import Malformed, Missing, ProviderError, Rejected
from conferences.providers.payload import malformed

Page = Mapping[str, Any]
Entry = TypeVar("Entry")
MANY_PAGES = 5_000
# In a row. A filter may empty a few pages, but a list that has nothing more to give need not be followed for hours.
MANY_EMPTY_PAGES = 20
# In a row. A list that moves while it is read may repeat a page, but one that only repeats itself goes in circles.
MANY_KNOWN_PAGES = 3
_EXPIRED = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.GONE})


def is_refused_cursor(error: ProviderError) -> bool:
    """Whether an error may mean that a cursor has lost its worth, when the provider does not say so more plainly."""
    return isinstance(error, Rejected | Missing) and error.status in _EXPIRED


def pages(
    fetch: Callable[[str], Page],
    cursor_of: Callable[[Page], object],
    *,
    who: str,
    listed: Callable[[Page], object],
    first: str = "",
    max_pages: int = MANY_PAGES,
    expired: Callable[[ProviderError], bool] = is_refused_cursor,
    restarts: int = 1,
) -> Iterator[Page]:
    """`fetch("")` gives the first page, `fetch(cursor)` the next; `cursor_of` reads a page's cursor, empty at the end.

    listed  the entries of a page, whatever shape they have: only whether they are new is of interest here
    first   the address of the first page, where cursors are addresses: one that leads back to it is a loop

    Raises Malformed, always after yielding the pages that were good: code "paging_loop" when a cursor comes back, when
    page after page brings nothing new, or when the list does not end, "broken_listing" when a further page is not to be
    found, "malformed_answer" when a cursor is no text. Missing therefore always means the list itself. A cursor that
    the provider no longer takes starts the list again, as many times as `restarts` says: entries may then come twice.
    """
    cursor, begun_again, yielded = "", 0, False
    seen, news = {_mark(first)}, _News()
    for _ in range(max_pages):
        try:
            page = fetch(cursor)
        except (Rejected, Missing) as error:
            if cursor and begun_again < restarts and expired(error):
                cursor, begun_again = "", begun_again + 1
                seen, news = {_mark(first)}, _News()
                continue
            if yielded and isinstance(error, Missing):
                raise _broken(who, error) from error
            raise
        yield page
        yielded = True
        cursor = _text(cursor_of(page), who)
        if not cursor:
            return
        if _mark(cursor) in seen:
            raise _loop(who, "a page was announced twice")
        seen.add(_mark(cursor))
        if circling := news.gone_since(listed(page)):
            raise _loop(who, circling)
    raise _loop(who, f"more than {max_pages} pages")


def digest(entry: object) -> bytes:
    """The same for exact equals, in whatever order their keys came."""
    text = json.dumps(entry, sort_keys=True)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


class Repeats:
    """Leaves out what an earlier page has listed already, for pages that overlap.

    Only exact equals count, and equals on one page stay: two guests of one name who came at once are two people.
    """

    def __init__(self) -> None:
        self._earlier: set[bytes] = set()

    def without(self, listed: Iterable[Entry]) -> Iterator[Entry]:
        """The new ones among the entries of the next page."""
        here: set[bytes] = set()
        for entry in listed:
            mark = digest(entry)
            if mark not in self._earlier:
                here.add(mark)
                yield entry
        self._earlier |= here


class _News:
    """Whether a list still brings anything, in one reading from its start."""

    def __init__(self) -> None:
        self._repeats = Repeats()
        self._empty = self._known = 0

    def gone_since(self, listed: object) -> str:
        """How long a list has brought nothing new, once that is too long; "" until then.

        An empty page between pages that are known does not make them any newer.
        """
        found = listed if isinstance(listed, list) else []
        if list(self._repeats.without(found)):
            self._empty = self._known = 0
        elif found:
            self._empty, self._known = 0, self._known + 1
        else:
            self._empty += 1
        if self._known >= MANY_KNOWN_PAGES:
            return f"{self._known} pages in a row with nothing that was not listed before"
        return f"{self._empty} empty pages in a row" if self._empty >= MANY_EMPTY_PAGES else ""


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


def _mark(cursor: str) -> object:
    """What a cursor is known by: addresses are alike however they are escaped and in whatever order they ask."""
    if "://" not in cursor:
        return cursor
    try:
        parts = urlsplit(cursor)
    except ValueError:
        return cursor
    asked = tuple(sorted(parse_qsl(parts.query, keep_blank_values=True)))
    return parts.scheme, parts.netloc.lower(), unquote(parts.path), asked


def _broken(who: str, error: Missing) -> Malformed:
    return Malformed(
        f"{who} broke off a list in the middle, so it may be incomplete. What was read is kept.",
        code="broken_listing",
        advice="Try again later. If it happens again, report it to the provider.",
        detail=error.detail or error.message,
        status=error.status,
        provider_code=error.provider_code,
        request_id=error.request_id,
    )


def _loop(who: str, detail: str) -> Malformed:
    return Malformed(
        f"{who} sent us round in circles through a list, so we stopped. What was read is kept, but the list may be "
        "incomplete.",
        code="paging_loop",
        advice="Try again later. If it happens again, report it to the provider.",
        detail=detail,
    )
