"""Call records: calls, their sessions, and the people that come out of them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from conferences.providers import shape
from conferences.providers.records import AttendanceRecord, Interval
from conferences.providers.shape import Raw
from teams_integration.join_urls import JoinLink, parse_or_none
from teams_integration.parsers.people import Identity, identity, identity_of_set, kind_of

SOURCE = "call_records"


@dataclass(frozen=True, slots=True)
class Call:
    id: str
    starts_at: datetime
    ends_at: datetime | None
    type: str
    link: JoinLink | None
    organizer_id: str
    version: int | None

    def summary(self) -> dict[str, Any]:
        end = self.ends_at.isoformat() if self.ends_at else None
        return {"id": self.id, "start": self.starts_at.isoformat(), "end": end, "version": self.version}


@dataclass(frozen=True, slots=True)
class Seat:
    """One person's part in one session. `key` is who it is, `interval` None where the session's times make no sense."""

    key: str
    person: Identity
    interval: Interval | None


def call(raw: Raw) -> Call:
    """https://learn.microsoft.com/graph/api/resources/callrecords-callrecord"""
    url = shape.optional_text(raw, "joinWebUrl")
    return Call(
        id=shape.text(raw, "id"),
        starts_at=shape.moment(raw, "startDateTime"),
        ends_at=shape.optional_moment(raw, "endDateTime"),
        type=shape.optional_text(raw, "type"),
        link=parse_or_none(url) if url else None,
        organizer_id=_organizer_id(raw),
        version=shape.optional_number(raw, "version"),
    )


def participant(raw: Raw) -> Identity:
    """https://learn.microsoft.com/graph/api/resources/callrecords-participant"""
    return identity_of_set(shape.optional_object(raw, "identity"))


def seats(raw: Raw, of: Call) -> list[Seat]:
    """The people in one session, clamped to the call. A test call has none, nor has a service's end of the line."""
    if raw.get("isTest") is True:
        return []
    session_id = shape.text(raw, "id")
    started_at, ended_at = shape.moment(raw, "startDateTime"), shape.optional_moment(raw, "endDateTime")
    people = [
        person for end in ("caller", "callee") if (person := _at_the_end(shape.optional_object(raw, end))) is not None
    ]
    if ended_at is not None and ended_at < started_at:
        return [Seat(_key(person, session_id, number), person, None) for number, person in enumerate(people)]
    interval = _clamped(started_at, ended_at, session_id, of)
    if interval is None:
        return []
    keys = [_key(person, session_id, number) for number, person in enumerate(people)]
    # Each end of a session is a session of its own, unless the same person sits at both.
    spans = [interval if key == keys[0] else replace(interval, key=f"{session_id}:callee") for key in keys]
    return [Seat(*seat) for seat in zip(keys, people, spans, strict=True)]


def records(
    of: Call,
    sat: Iterable[Seat],
    participants: Mapping[str, Identity],
    home_tenants: frozenset[str],
    extra: Mapping[str, Any] | None = None,
) -> Iterator[AttendanceRecord]:
    """One record per person; names and addresses are completed from the call's participants (by id).

    Sessions whose times make no sense show no attendance, like empty ones.
    """
    people: dict[str, list[Seat]] = defaultdict(list)
    for seat in sat:
        people[seat.key].append(seat)
    for key, group in people.items():
        if not any(seat.interval for seat in group):
            continue
        yield _record(of, key, group, participants, home_tenants, extra or {})


def _record(
    of: Call,
    key: str,
    group: Sequence[Seat],
    participants: Mapping[str, Identity],
    home_tenants: frozenset[str],
    extra: Mapping[str, Any],
) -> AttendanceRecord:
    listed = participants.get(group[0].person.id)
    known = [seat.person for seat in group] + ([listed] if listed else [])
    person = Identity(
        id=group[0].person.id,
        name=next((each.name for each in known if each.name), ""),
        tenant_id=next((each.tenant_id for each in known if each.tenant_id), ""),
        upn=next((each.upn for each in known if each.upn), ""),
        variety=" ".join(dict.fromkeys(each.variety for each in known)) + " user" * (listed is None),
    )
    return AttendanceRecord(
        identity_key=key,
        sitting=of.id,
        source=SOURCE,
        name=person.name,
        email=person.email,
        role="organizer" if person.id and person.id == of.organizer_id else "",
        kind=kind_of(person, home_tenants),
        lasting=person.is_directory_user,
        intervals=tuple(seat.interval for seat in group if seat.interval),
        extra=extra,
    )


def _organizer_id(raw: Raw) -> str:
    """`organizer` stopped returning data in 2026; it is read for older records only."""
    organizer = shape.optional_object(raw, "organizer_v2")
    found = shape.optional_text(organizer, "id").lower()
    return (
        found
        or identity_of_set(shape.optional_object(organizer, "identity") or shape.optional_object(raw, "organizer")).id
    )


def _at_the_end(endpoint: Raw) -> Identity | None:
    """Who sat at this end of the session: `associatedIdentity` is flat, the older `identity` is a set."""
    if not endpoint or shape.optional_text(endpoint, "@odata.type").endswith("serviceEndpoint"):
        return None
    if flat := shape.optional_object(endpoint, "associatedIdentity"):
        return identity(flat)
    if older := shape.optional_object(endpoint, "identity"):
        return identity_of_set(older)
    is_person = shape.optional_text(endpoint, "@odata.type").endswith("participantEndpoint")
    return Identity() if is_person else None


def _key(person: Identity, session_id: str, number: int) -> str:
    if person.id:
        return f"id:{person.id}"
    if person.email:
        return f"email:{person.email}"
    return f"guest:{session_id}" if number == 0 else f"guest:{session_id}:{number + 1}"


def _clamped(started_at: datetime, ended_at: datetime | None, session_id: str, of: Call) -> Interval | None:
    """None when nothing is left: an empty session is no attendance."""
    joined_at = max(started_at, of.starts_at)
    call_end = of.ends_at if of.ends_at and of.ends_at >= of.starts_at else None
    left_at = min(filter(None, (ended_at, call_end)), default=None)
    return None if left_at is not None and left_at <= joined_at else Interval(joined_at, left_at, session_id)
