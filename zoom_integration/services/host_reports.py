"""What took place, host by host: for apps that may not read the history of the whole account.

https://developers.zoom.us/docs/api/meetings/#tag/reports/GET/report/users/{userId}/meetings
"""

from collections.abc import Generator, Iterator, Sequence
from datetime import timedelta

from conferences.providers.errors import ProviderError
from conferences.providers.records import Record
from zoom_integration.client import Raw
from zoom_integration.parsers import occurrences
from zoom_integration.services.hosts import Host
from zoom_integration.services.months import Gap, months
from zoom_integration.services.search import Search, is_refused

# “The last six months”: these days are in any six of them.
REACH = timedelta(days=180)
# `past` leaves out whatever had one participant only, which `pastOne` lists.
TYPES = ("past", "pastOne")
# Hosts refused one after the other, before anything could be read: then it is not about them.
_MANY_REFUSED = 3

NO_REPORTS = (
    "The hosts' reports may not be read either, so only webinars that Zoom still lists lead to what took place."
)


def read(search: Search, hosts: Sequence[Host]) -> Iterator[Record]:
    refused: list[tuple[Host, ProviderError]] = []
    readable = False
    for host in hosts:
        error = yield from _host(search, host)
        if error is None:
            readable = True
            continue
        refused.append((host, error))
        if not readable and (error.code == "missing_scope" or len(refused) >= _MANY_REFUSED):
            break
    if refused and not readable:
        error = refused[0][1]
        yield search.lacks(error, NO_REPORTS)
        return
    for host, error in refused:
        search.leave_out(host.name, error)


def _host(search: Search, host: Host) -> Generator[Record, None, ProviderError | None]:
    """Returns the refusal when Zoom gives out nothing."""
    gap = Gap(search)
    for number, (first, last) in enumerate(months(search, REACH)):
        for kind in TYPES:
            rows, error = search.gather(search.client.report_user_meetings, host.id, first, last, kind)
            for raw in rows:
                yield from _told(search, raw)
            if is_refused(error, rows):
                if not number:
                    return error
                gap.add(last, error)
                break
            yield from gap.hole()
            if error:
                yield search.broke(error)
    yield from gap.end()
    return None


def _told(search: Search, raw: Raw) -> Iterator[Record]:
    kind = occurrences.kind_of(raw, search.kinds[0])
    if kind in search.kinds:
        yield from search.run(occurrences.reported(raw, kind), raw, occurrences.flaws(occurrences.as_history(raw)))
