"""Who registered: approved, pending and denied ones, each a list of its own.

https://developers.zoom.us/docs/api/meetings/#tag/webinars/GET/webinars/{webinarId}/registrants
"""

from collections.abc import Iterator
from functools import partial

from conferences.providers.errors import Missing
from conferences.providers.records import NothingFound, Problem, ProviderTotal, Record
from zoom_integration.parsers import values
from zoom_integration.parsers.answers import Keys
from zoom_integration.parsers.registrants import STATUSES, examined
from zoom_integration.services.completeness import Truncated, Whole
from zoom_integration.services.inquiry import Inquiry

NONE_FOUND = "Nobody has registered."
OFF = "No registration: this session was open to everybody with the link."
# Zoom's answers that say "there is no registration", not "there is no such webinar".
NOT_ASKED = frozenset({"registration_off", "not_available"})


def fetch(inquiry: Inquiry) -> Iterator[Record]:
    """Of the occurrence where Zoom can tell them apart, else of the whole series."""
    if not inquiry.number:
        yield NothingFound("unavailable", "Zoom does not tell which series this session belongs to.")
        return
    counted, keys = 0, Keys()
    try:
        for status in STATUSES:
            listed = _listed(inquiry, status)
            for raw in listed:
                counted += 1
                yield from examined(raw, keys, status)
            if listed.stated is not None:
                yield ProviderTotal(listed.stated)
            if listed.lacks:
                counted += listed.lacks
                yield Problem(Truncated(listed.lacks, f"{status} registrants"))
    except Missing as error:
        off = error.code in NOT_ASKED
        yield NothingFound("none_found", OFF, proven=False) if off else NothingFound("unavailable", error.message)
        return
    if not counted:
        yield NothingFound("none_found", NONE_FOUND)


def _listed(inquiry: Inquiry, status: str) -> Whole:
    return Whole(partial(inquiry.client.registrants, inquiry.kind, inquiry.number, status, _occurrence_id(inquiry)))


def _occurrence_id(inquiry: Inquiry) -> str:
    """Only series with fixed times have any; runs start a little off their schedule."""
    planned = values.objects(inquiry.series_or_nothing(), "occurrences")
    for each in planned:
        starts_at = values.moment(each, "start_time")
        if starts_at is not None and inquiry.window.holds(starts_at):
            return values.text(each, "occurrence_id")
    return ""
