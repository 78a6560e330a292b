"""What took place in the whole account, month by month, newest first.

https://developers.zoom.us/docs/api/meetings/#tag/reports/GET/report/history_meetings
"""

from collections.abc import Generator, Iterator
from datetime import timedelta

from conferences.providers.errors import ProviderError
from conferences.providers.records import Notice, Record
from zoom_integration.client import Raw
from zoom_integration.parsers import occurrences
from zoom_integration.services import nameless
from zoom_integration.services.months import months
from zoom_integration.services.search import Search, is_forbidden, is_refused

# Zoom's reports go back fifteen months at most. A quiet month does not say that there is nothing before it: schools
# have holidays.
REACH = timedelta(days=460)


def read(search: Search) -> Generator[Record, None, ProviderError | None]:
    """Returns Zoom's refusal when it gives out none of it; a refusal further back is only where its memory ends."""
    readable = False
    for first, last in months(search, REACH):
        rows, error = search.gather(search.client.history, first, last, _wanted(search))
        for raw in rows:
            yield from _told(search, raw)
        if is_refused(error, rows):
            if not readable:
                return error
            if is_forbidden(error):
                yield search.broke(error)
            else:
                yield Notice(f"Zoom's history ends before {last:%d %B %Y}: {error.message}", code=error.code)
            return None
        if error:
            yield search.broke(error)
        readable = readable or error is None or bool(rows)
    return None


def _wanted(search: Search) -> str:
    return search.kinds[0] if len(search.kinds) == 1 else "all"


def _told(search: Search, raw: Raw) -> Iterator[Record]:
    kind = occurrences.kind_of(raw, search.kinds[0])
    if kind not in search.kinds:
        search.unasked.add(occurrences.mark(raw))
        return
    record = occurrences.conference(raw, kind)
    if record is None:
        record = occurrences.conference((yield from nameless.named(search, raw, kind)), kind)
    yield from search.run(record, raw, occurrences.flaws(raw))
