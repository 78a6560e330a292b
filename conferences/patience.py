"""How long may a person be kept waiting for a provider?"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from conferences.providers.base import Link

T = TypeVar("T")

# Of a page that asks; a worker would be stopped by the web server much later.
PAGE_SECONDS = 15.0


class TookTooLong(Exception):
    """The provider was still being asked when the time was up; its answer will be read by nobody."""


def within(seconds: float, link: Link, ask: Callable[[], T]) -> T:
    """Asks in a thread, so that it can be left alone when the time is up. Raises TookTooLong, and what `ask` raises."""
    asking = ThreadPoolExecutor(1, "asking")
    try:
        return asking.submit(ask).result(seconds)
    except TimeoutError:
        link.stop.set()
        raise TookTooLong from None
    finally:
        asking.shutdown(wait=False)
