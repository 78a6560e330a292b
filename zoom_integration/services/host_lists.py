"""What a host has planned and, where reports may not be read, the runs of what Zoom still lists.

Zoom deletes webinars about 90 days after their end.
https://developers.zoom.us/docs/api/meetings/#tag/webinars/GET/users/{userId}/webinars
https://developers.zoom.us/docs/api/meetings/#tag/meetings/GET/users/{userId}/meetings
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from conferences.providers.errors import Missing
from conferences.providers.records import ConferenceRecord, Record, Unlisted
from zoom_integration.client import Raw
from zoom_integration.parsers import occurrences, values
from zoom_integration.services.hosts import Host
from zoom_integration.services.search import REFUSALS, Search


def read(search: Search, host: Host, *, with_runs: bool) -> Iterator[Record]:
    """Whoever is refused to us, or has no licence, is left out and named; a fault of Zoom's is a Problem."""
    for kind in search.kinds:
        ask = search.client.webinars if kind == "webinar" else search.client.meetings
        rows, error = search.gather(ask, host.id)
        rows = [{"host_email": host.email, **raw} for raw in rows]
        yield from _planned(search, rows, kind)
        if with_runs:
            yield from _runs(search, rows, kind)
        if error:
            yield Unlisted(host.email)
        if isinstance(error, REFUSALS):
            search.leave_out(host.name, error)
        elif error:
            yield search.broke(error)


def _planned(search: Search, rows: Sequence[Raw], kind: str) -> Iterator[Record]:
    """A past start is no run: what took place is known by the uuid of its run alone. Where all occurrences to come
    stand under one uuid, it is that of the next one."""
    records = [record for raw in rows if (record := _with_host(occurrences.scheduled(raw, kind, search.now), raw))]
    for record in sorted(records, key=lambda each: each.starts_at):
        if record.ends_at > search.now:
            yield from search.new(record)


def _runs(search: Search, rows: Sequence[Raw], kind: str) -> Iterator[Record]:
    """A series that never ran has none."""
    for number, raw in {values.text(raw, "id"): raw for raw in rows}.items():
        if not number:
            continue
        runs, error = search.gather(search.client.past_instances, kind, number)
        for listed in runs:
            record = occurrences.past(raw, occurrences.instance(listed, kind, number))
            yield from search.run(_with_host(record, raw), listed, [] if record else ["no uuid or no start"])
        if isinstance(error, REFUSALS) and not isinstance(error, Missing):
            search.leave_out(values.text(raw, "host_email") or number, error)
        elif error and not isinstance(error, Missing):
            yield search.broke(error)


def _with_host(record: ConferenceRecord | None, raw: Raw) -> ConferenceRecord | None:
    return replace(record, organizer=values.text(raw, "host_email")) if record else None
