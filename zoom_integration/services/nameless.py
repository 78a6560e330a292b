"""Runs that the account's history lists without their uuid, or without any time: the list of the series has both.

https://developers.zoom.us/docs/api/meetings/#tag/webinars/GET/past_webinars/{webinarId}/instances
"""

from collections.abc import Generator, Sequence
from datetime import timedelta
from operator import itemgetter

from conferences.providers.records import Record
from zoom_integration.client import Raw
from zoom_integration.parsers import occurrences, values
from zoom_integration.parsers.occurrences import Occurrence
from zoom_integration.references import as_digits
from zoom_integration.services.search import REFUSALS, Search

# Both lists tell the same start; runs of a series lie further apart, even when a host begins anew.
_SAME_START = timedelta(minutes=1)


def named(search: Search, raw: Raw, kind: str) -> Generator[Record, None, Raw]:
    """The row with what it lacks, or as it came where that is not to be found, or may not be looked up."""
    number = as_digits(values.text(raw, "meeting_id"))
    runs = (yield from _runs(search, kind, number)) if number else []
    found = _same(raw, runs)
    if found is None or found.starts_at is None:
        return raw
    start = {} if values.moment(raw, "start_time") else {"start_time": found.starts_at.isoformat()}
    return {**raw, **start, "meeting_uuid": found.uuid}


def _same(raw: Raw, runs: Sequence[Occurrence]) -> Occurrence | None:
    """By the uuid, or else the one whose start is the nearest to that of the row."""
    uuid, start = values.text(raw, "meeting_uuid"), values.moment(raw, "start_time")
    if uuid:
        return next((run for run in runs if run.uuid == uuid), None)
    near = [(abs(run.starts_at - start), run) for run in runs if run.starts_at and start]
    distance, found = min(near, key=itemgetter(0), default=(_SAME_START, None))
    return found if distance <= _SAME_START else None


def _runs(search: Search, kind: str, number: str) -> Generator[Record, None, Sequence[Occurrence]]:
    """Each series is asked for once, however many of its rows lack something."""
    if (kind, number) not in search.runs:
        rows, error = search.gather(search.client.past_instances, kind, number)
        search.runs[kind, number] = [run for raw in rows if (run := occurrences.instance(raw, kind, number)).uuid]
        if error and not isinstance(error, REFUSALS):
            yield search.broke(error)
    return search.runs[kind, number]
