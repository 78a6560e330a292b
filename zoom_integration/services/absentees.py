"""Who registered and did not come, as Zoom says.

https://developers.zoom.us/docs/api/meetings/#tag/webinars/GET/past_webinars/{webinarId}/absentees
"""

from collections.abc import Iterator

from conferences.providers.errors import Missing
from conferences.providers.records import NothingFound, Record, RegistrantRecord
from zoom_integration.parsers.registrants import registrant
from zoom_integration.services.inquiry import Inquiry

NOT_READY = "The list of absentees is not ready yet. Zoom needs some time after the end to write it."
NONE_FOUND = "Everybody who registered came, or nobody had to register."
WEBINARS_ONLY = "Zoom lists absentees of webinars only, and this is a meeting."


def fetch(inquiry: Inquiry) -> Iterator[Record]:
    if early := inquiry.not_started() or inquiry.nowhere():
        yield early
        return
    if inquiry.kind != "webinar":
        yield NothingFound("none_found", WEBINARS_ONLY)
        return
    if len(inquiry.occurrences) > 1:
        yield from _of_several(inquiry)
        return
    counted = 0
    for record in _listed(inquiry, inquiry.occurrences[0].uuid):
        counted += 1
        yield record
    if not counted:
        yield inquiry.nothing(NOT_READY, NONE_FOUND)


def _of_several(inquiry: Inquiry) -> Iterator[Record]:
    """Whoever came to one of the runs was there: absent are those whom every run lists."""
    lists = [{record.key: record for record in _listed(inquiry, each.uuid)} for each in inquiry.occurrences]
    absent = set(lists[0]).intersection(*lists)
    yield from (lists[0][key] for key in sorted(absent))
    if not absent:
        yield inquiry.nothing(NOT_READY, NONE_FOUND)


def _listed(inquiry: Inquiry, uuid: str) -> Iterator[RegistrantRecord]:
    """A webinar without registration has no such list, and Zoom answers 404."""
    try:
        for raw in inquiry.client.absentees(uuid):
            if record := registrant(raw, absent=True):
                yield record
    except Missing:
        return
