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
NO_LIST = "Zoom has no list of absentees for this session, which is normal when nobody had to register."
WEBINARS_ONLY = "Zoom lists absentees of webinars only, and this is a meeting."


def fetch(inquiry: Inquiry) -> Iterator[Record]:
    if early := inquiry.not_started() or inquiry.nowhere():
        yield early
        return
    if inquiry.kind != "webinar":
        yield NothingFound("none_found", WEBINARS_ONLY)
        return
    counted = 0
    try:
        for record in _absent(inquiry):
            counted += 1
            yield record
    except Missing:
        yield inquiry.nothing(NOT_READY, NO_LIST, code="unavailable")
        return
    if not counted:
        yield inquiry.nothing(NOT_READY, NONE_FOUND)


def _absent(inquiry: Inquiry) -> Iterator[RegistrantRecord]:
    """Whoever came to one of several runs was there: absent are those whom every run lists."""
    first, *others = (_listed(inquiry, each.uuid) for each in inquiry.occurrences)
    if not others:
        yield from first
        return
    lists = [{record.key: record for record in each} for each in (first, *others)]
    yield from (lists[0][key] for key in sorted(set(lists[0]).intersection(*lists)))


def _listed(inquiry: Inquiry, uuid: str) -> Iterator[RegistrantRecord]:
    """Raises Missing, as for a webinar without registration: it has no such list."""
    for raw in inquiry.client.absentees(uuid):
        if record := registrant(raw, absent=True):
            yield record
