"""Who registered and did not come, as Zoom says.

https://developers.zoom.us/docs/api/meetings/#tag/webinars/GET/past_webinars/{webinarId}/absentees
"""

from collections.abc import Iterator
from functools import partial

from conferences.providers.errors import Missing
from conferences.providers.records import FlawRecord, NothingFound, ProviderTotal, Record, RegistrantRecord
from zoom_integration.parsers.answers import Keys
from zoom_integration.parsers.registrants import examined
from zoom_integration.services.completeness import Truncated, Whole
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
        yield NothingFound("none_found", WEBINARS_ONLY, proven=False)
        return
    counted = 0
    try:
        for record in _absent(inquiry):
            counted += not isinstance(record, ProviderTotal)
            yield record
    except Missing:
        yield inquiry.nothing(NOT_READY, NO_LIST, code="unavailable")
        return
    if not counted:
        yield inquiry.nothing(NOT_READY, NONE_FOUND)


def _absent(inquiry: Inquiry) -> Iterator[RegistrantRecord | FlawRecord | ProviderTotal]:
    """Whoever came to one of several runs was there: absent are those whom every run lists. Raises Missing, as for a
    webinar without registration, which has no such list; Truncated."""
    first, *others = (Whole(partial(inquiry.client.absentees, each.uuid)) for each in inquiry.occurrences)
    if not others:
        yield from _records(first)
        if first.stated is not None:
            yield ProviderTotal(first.stated)
        _insist(first)
        return
    lists: list[dict[str, RegistrantRecord]] = []
    for listed in (first, *others):
        people: dict[str, RegistrantRecord] = {}
        for record in _records(listed):
            if isinstance(record, FlawRecord):
                yield record
            else:
                people[record.key] = record
        _insist(listed)
        lists.append(people)
    yield from (lists[0][key] for key in sorted(set(lists[0]).intersection(*lists)))


def _records(listed: Whole) -> Iterator[RegistrantRecord | FlawRecord]:
    keys = Keys()
    for raw in listed:
        yield from examined(raw, keys, absent=True)


def _insist(listed: Whole) -> None:
    if listed.lacks:
        raise Truncated(listed.lacks, "absentees")
