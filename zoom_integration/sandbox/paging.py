"""Pages as Zoom cuts them: up to 300 rows, and a token that is empty at the end and dies after a quarter of an hour."""

import base64
import binascii
import json
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from conferences.providers.sandbox import Request, Response
from zoom_integration.sandbox.naming import short
from zoom_integration.sandbox.refusals import invalid, stale_page
from zoom_integration.sandbox.world import Json

LARGEST, DEFAULT = 300, 30
# Leads to the first page for ever.
_ENDLESS = "the-same-page-again"
_LIFE_SECONDS = 15 * 60


@dataclass(slots=True)
class Pages:
    """Knows which tokens are still good. `fail_once`: the first token of every list turns out to be expired."""

    now: Callable[[], float] = time.time
    fail_once: bool = False
    _generation: int = 0
    _failed: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def expire_all(self) -> None:
        self._generation += 1

    def start(self, request: Request) -> int:
        """Where the asked page begins. Raises the refusal for a token of another list, or one that is too old."""
        token = request.query.get("next_page_token", "")
        if token in {"", _ENDLESS}:
            return 0
        try:
            of, start, issued, generation = json.loads(base64.urlsafe_b64decode(token.encode()))
        except (binascii.Error, ValueError, TypeError):
            raise stale_page() from None
        fresh = generation == self._generation and self.now() < issued + _LIFE_SECONDS
        if of != _list_of(request) or not fresh or self._fails(of):
            raise stale_page()
        return start

    def token(self, request: Request, start: int) -> str:
        content = json.dumps([_list_of(request), start, int(self.now()), self._generation], separators=(",", ":"))
        return base64.urlsafe_b64encode(content.encode()).decode()

    def _fails(self, of: str) -> bool:
        with self._lock:
            fails = self.fail_once and of not in self._failed
            self._failed.add(of)
        return fails

    def page(self, request: Request, name: str, rows: Sequence[Json], *, total: int | None = None) -> Json:
        """One page with its counts. `total` is what Zoom says of the number of rows, where it errs."""
        size, start = page_size(request), self.start(request)
        following = start + size < len(rows)
        return {
            "next_page_token": self.token(request, start + size) if following else "",
            "page_count": max(-(-len(rows) // size), 1),
            "page_size": size,
            "total_records": len(rows) if total is None else total,
            name: list(rows[start : start + size]),
        }


def page_size(request: Request) -> int:
    text = request.query.get("page_size", str(DEFAULT))
    if not text.isdigit() or not 1 <= int(text) <= LARGEST:
        raise invalid(f"Invalid parameter: page_size. It must be between 1 and {LARGEST}.", "page_size")
    return int(text)


def _list_of(request: Request) -> str:
    """A token is good for the question that it was given for."""
    query = {name: value for name, value in request.query.items() if name != "next_page_token"}
    return short(request.path, sorted(query.items()))[:8]


def endless(response: Response) -> Response:
    """A list whose next page is always another one; anything else stays as it is."""
    page = json.loads(response.body or b"null")
    if response.status != 200 or not isinstance(page, dict) or "next_page_token" not in page:
        return response
    return replace(response, body=Response.json({**page, "next_page_token": _ENDLESS}).body)
