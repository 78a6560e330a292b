"""How long may somebody be kept waiting for a provider?"""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TypeVar

from conferences.providers.base import Link
from conferences.providers.errors import Cancelled

T = TypeVar("T")

# Of a page that asks; a worker would be stopped by the web server much later.
PAGE_SECONDS = 15.0
WATCH_EVERY_SECONDS = 2.0


class TookTooLong(Exception):
    """The provider was still being asked when the time was up; its answer will be read by nobody."""


def within(seconds: float, link: Link, ask: Callable[[], T], watch: Callable[[], bool] = lambda: False) -> T:
    """Asks in a thread, so that it can be left alone when the time is up. Raises TookTooLong, and what `ask` raises.

    Meanwhile `watch` is called every two seconds, in this thread; when it says True that ends in Cancelled.
    """
    asking = ThreadPoolExecutor(1, "asking")
    answer = asking.submit(ask)
    try:
        _await(answer, time.monotonic() + seconds, watch)
        return answer.result()
    finally:
        if not answer.done():
            link.stop.set()
        asking.shutdown(wait=False)


def _await(answer: Future[T], until: float, watch: Callable[[], bool]) -> None:
    while not wait([answer], min(WATCH_EVERY_SECONDS, max(0.0, until - time.monotonic()))).done:
        if time.monotonic() >= until:
            raise TookTooLong
        if watch():
            raise Cancelled
