"""All conferences of an account, each once: what took place, best source first, and what is to come.

The account's history knows most. Apps that may not read it get each host's reports, and the runs of what Zoom still
lists. Fallbacks are for refusals only: what broke is said to be broken.

A search that was interrupted begins again and remembers no months: they are a few calls where each conference costs
many, what they list may have changed meanwhile, and which plan a run came of is known only once all have been listed.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from conferences.providers.base import Span
from conferences.providers.records import Notice, Record
from zoom_integration.client import ZoomClient
from zoom_integration.services import history, host_lists, host_reports, hosts
from zoom_integration.services.search import Search

NO_HISTORY = "The account's history may not be read, so what took place is looked up host by host."


def _now() -> datetime:
    return datetime.now(UTC)


def discover(
    client: ZoomClient, span: Span, kinds: tuple[str, ...] = ("webinar",), now: Callable[[], datetime] = _now
) -> Iterator[Record]:
    """ConferenceRecords; Notices and Problems for what had to be left out. Raises the refusal when nothing may be
    read."""
    search = Search(client, span, kinds, now())
    refusal = yield from history.read(search)
    if search.unasked:
        yield Notice(f"Sessions in Zoom's history that are no {kinds[0]}s and were left out: {len(search.unasked)}.")
    if refusal is None and span.ends_at and span.ends_at <= search.now:
        return  # nothing of it is still to come
    known = yield from hosts.known(search)
    if refusal is not None:
        yield from host_reports.read(search, known)
    for host in known:
        yield from host_lists.read(search, host, with_runs=refusal is not None)
    yield from search.left_out()
    if refusal is not None and not search.answered:
        raise refusal
    if refusal is not None:
        yield search.lacks(refusal, NO_HISTORY)
