"""What took place in the whole account, month by month, newest first.

https://developers.zoom.us/docs/api/meetings/#tag/reports/GET/report/history_meetings
"""

from collections.abc import Generator, Iterator
from datetime import date, timedelta

from conferences.providers.errors import ProviderError
from conferences.providers.records import Notice, Record
from zoom_integration.client import Raw
from zoom_integration.parsers import occurrences
from zoom_integration.services import nameless
from zoom_integration.services.months import Gap, months
from zoom_integration.services.search import Search, is_refused

# Zoom's reports go back fifteen months, as far as anybody knows. A quiet month does not say that there is nothing
# before it: schools have holidays. What is older is followed as long as there is anything.
REACH = timedelta(days=460)
OLDEST = timedelta(days=10 * 365)
MANY_QUIET_MONTHS = 3


def read(search: Search) -> Generator[Record, None, ProviderError | None]:
    """Returns Zoom's refusal when it gives out none of it."""
    readable, quiet, gap, first = False, 0, Gap(search), search.now.date()
    for first, last in months(search, OLDEST):
        rows, error = search.gather(search.client.history, first, last, _wanted(search))
        for raw in rows:
            yield from _told(search, raw)
        if is_refused(error, rows):
            if not readable:
                return error
            gap.add(last, error)
        else:
            yield from gap.hole()
            if error:
                yield search.broke(error)
            readable = readable or error is None or bool(rows)
        quiet = 0 if rows else quiet + 1
        if _is_over(search, first, quiet, gap):
            break
    yield from gap.end()
    yield from _ends(search, first, gap)
    return None


def _is_over(search: Search, first: date, quiet: int, gap: Gap) -> bool:
    is_old = first <= (search.now - REACH).date()
    return (quiet >= MANY_QUIET_MONTHS and is_old) or len(gap.refused) >= MANY_QUIET_MONTHS


def _ends(search: Search, first: date, gap: Gap) -> Iterator[Notice]:
    """Where the search stopped, as far as that tells anybody anything."""
    if gap.is_end_of_memory:
        last, error = gap.refused[0]
        text = f"Zoom gives out nothing of its history before {last:%d %B %Y}, so nothing older was found."
        yield Notice(f"{text} {error.message}", "warning", error.code)
    elif search.span.ends_at and search.span.ends_at <= search.now - OLDEST:
        yield Notice("These days are so long ago that Zoom was not asked for them.", "warning", "history_ends")
    elif search.span.starts_at and search.span.starts_at.date() < first:
        text = f"Zoom lists nothing for months before {first:%d %B %Y}, so what is older was not asked for."
        yield Notice(text, "warning", "history_ends")


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
