"""Who was there by the call records: for meetings that Graph does not list, and for those without a report.

Calls are linked to a meeting by nothing but the join link, so that, the time and the organiser decide; a call that
is not this meeting's is never read further. https://learn.microsoft.com/graph/api/resources/callrecords-api-overview
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from conferences.providers.errors import Malformed, NotConfigured, NotSupported, ProviderError, Retryable
from conferences.providers.records import DetailRecord, Notice, Problem, Record
from teams_integration import join_urls
from teams_integration.join_urls import JoinLink
from teams_integration.parsers import calls as parser
from teams_integration.parsers.calls import Call, Seat
from teams_integration.parsers.flaws import flaw, unreadable
from teams_integration.parsers.meeting import Meeting
from teams_integration.parsers.people import Identity
from teams_integration.services.inquiry import Inquiry
from teams_integration.services.listings import good_part

# A call counts from the first who joined, which may be long before the schedule.
EARLIEST = timedelta(hours=4)

NOT_READY = "There is no record of the call yet. Microsoft writes it up to three hours after the meeting has ended."
NONE_FOUND = "No call of this meeting was found. Microsoft keeps call records for 30 days."
CHANNEL = "Channel meetings have no attendance reports, and no record of this meeting's call was found."
LOW_CONFIDENCE = (
    "No join link is known, so all calls of the organiser at that time were read: unrelated calls may be included."
)


@dataclass(frozen=True, slots=True)
class _Sought:
    """By what a call is recognised. Calls carry the long link: without it, any call of the organiser has to do."""

    links: tuple[JoinLink, ...]
    organizer_id: str

    @property
    def is_sure(self) -> bool:
        return any(link.key for link in self.links)

    def may_be(self, call: Call) -> bool:
        if self.is_sure:
            known = bool(call.organizer_id and self.organizer_id)
            return self.has_link_of(call) and (not known or call.organizer_id == self.organizer_id)
        return bool(self.organizer_id) and call.organizer_id == self.organizer_id

    def has_link_of(self, call: Call) -> bool:
        return call.link is not None and any(link.same_meeting(call.link) for link in self.links)


def fetch(inquiry: Inquiry, meeting: Meeting | None) -> Iterator[Record]:
    """`meeting` is None where it could not be resolved."""
    sought = _sought(inquiry, meeting)
    found: list[Call] = []
    problems = 0
    for record in _find(inquiry, sought, found):
        problems += isinstance(record, Problem)
        yield record
    calls = [call for call in found if sought.has_link_of(call)]
    doubtful = not calls
    if doubtful:
        calls = [call for call in found if call.type == "groupCall"] or found
    if calls and doubtful:
        yield Notice(LOW_CONFIDENCE, "warning", "low_confidence")
    if calls:
        yield DetailRecord({"calls": [call.summary() for call in calls]})
        yield from _read_all(inquiry, calls, low_confidence=doubtful)
    elif inquiry.is_channel and not inquiry.is_settling and not problems:
        raise NotSupported(CHANNEL, code="channel_meeting")
    elif not problems:
        yield inquiry.nothing(NOT_READY, NONE_FOUND)


def _sought(inquiry: Inquiry, meeting: Meeting | None) -> _Sought:
    """The organiser may stay unknown as long as there is a long link; a look-up that is impossible costs nothing."""
    address = inquiry.address()
    of_meeting = join_urls.parse_or_none(meeting.join_url) if meeting else None
    links = tuple(link for link in (address.link, of_meeting) if link)
    try:
        return _Sought(links, inquiry.organizer_id())
    except NotConfigured:
        if not any(link.key for link in links):
            raise
        return _Sought(links, "")


def _find(inquiry: Inquiry, sought: _Sought, found: list[Call]) -> Iterator[Record]:
    window = inquiry.window
    listing = inquiry.client.call_records(window.opens_at - EARLIEST, min(inquiry.now(), window.closes_at))
    for raw in good_part(listing):
        if isinstance(raw, Problem):
            yield raw
            continue
        try:
            call = parser.call(raw)
        except Malformed as error:
            yield from unreadable(raw, error)
            continue
        is_new = call.id not in {known.id for known in found}
        if is_new and sought.may_be(call) and window.holds(call.starts_at, call.ends_at or inquiry.now()):
            found.append(call)


def _read_all(inquiry: Inquiry, calls: list[Call], *, low_confidence: bool) -> Iterator[Record]:
    """A call that breaks off keeps what was read of it; after a fault that may pass, no further call is asked for."""
    extra = {"confidence": "low"} if low_confidence else {}
    silent = True
    for call in calls:
        seats: list[Seat] = []
        people: dict[str, Identity] = {}
        error: ProviderError | None = None
        try:
            yield from _seats(inquiry, call, seats)
            people = _participants(inquiry, call) if seats else {}
        except ProviderError as raised:
            error = raised
            yield Problem(error)
        yield from parser.records(call, seats, people, inquiry.home_tenants, extra)
        silent = silent and error is None and not any(seat.interval for seat in seats)
        if isinstance(error, Retryable):
            return
    if silent:
        yield inquiry.nothing(NOT_READY, NONE_FOUND)


def _seats(inquiry: Inquiry, call: Call, seats: list[Seat]) -> Iterator[Record]:
    """All sessions of a call. A session that cannot be read costs nobody else's."""
    for raw in inquiry.client.call_sessions(call.id):
        try:
            found = parser.seats(raw, call)
        except Malformed as error:
            yield from unreadable(raw, error)
            continue
        seats.extend(found)
        if any(seat.interval is None for seat in found):
            names = ", ".join(seat.person.name for seat in found if seat.person.name)
            yield flaw(raw, "ends before it starts", about=names, stored=False)


def _participants(inquiry: Inquiry, call: Call) -> dict[str, Identity]:
    """By id; an entry that cannot be read only costs a name."""
    people = {}
    for raw in inquiry.client.call_participants(call.id):
        try:
            person = parser.participant(raw)
        except Malformed:
            continue
        if person.id:
            people[person.id] = person
    return people
