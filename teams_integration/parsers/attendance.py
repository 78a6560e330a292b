"""Attendance reports: one row per person and device, as Graph lists them, and the people that come out of them."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from conferences.providers import shape
from conferences.providers.records import AttendanceRecord, Interval
from conferences.providers.shape import Raw
from teams_integration.parsers.people import Identity, identity, kind_of

SOURCE = "attendance_report"


@dataclass(frozen=True, slots=True)
class Report:
    """One sitting. `count` is how many Graph says took part, None when it does not say."""

    id: str
    starts_at: datetime
    ends_at: datetime | None
    count: int | None

    def summary(self) -> dict[str, Any]:
        end = self.ends_at.isoformat() if self.ends_at else None
        return {"id": self.id, "start": self.starts_at.isoformat(), "end": end, "count": self.count}


@dataclass(frozen=True, slots=True)
class Row:
    """One attendance record of one report. `odd`: some of its intervals run backwards, and were left out."""

    report_id: str
    person: Identity
    email: str
    role: str
    seconds: int | None
    intervals: tuple[Interval, ...]
    odd: bool = False


def report(raw: Raw) -> Report:
    """https://learn.microsoft.com/graph/api/resources/meetingattendancereport"""
    return Report(
        id=shape.text(raw, "id"),
        starts_at=shape.moment(raw, "meetingStartDateTime"),
        ends_at=shape.optional_moment(raw, "meetingEndDateTime"),
        count=shape.optional_number(raw, "totalParticipantCount"),
    )


def row(raw: Raw, report_id: str) -> Row:
    """https://learn.microsoft.com/graph/api/resources/attendancerecord"""
    intervals: list[Interval] = []
    odd = False
    for each in shape.objects(raw, "attendanceIntervals"):
        interval = Interval(shape.moment(each, "joinDateTime"), shape.optional_moment(each, "leaveDateTime"))
        if interval.left_at is not None and interval.left_at < interval.joined_at:
            odd = True
        else:
            intervals.append(interval)
    role = shape.optional_text(raw, "role").lower()
    return Row(
        report_id=report_id,
        person=identity(shape.optional_object(raw, "identity")),
        email=shape.optional_text(raw, "emailAddress").lower(),
        role="" if role == "none" else role,
        seconds=shape.optional_number(raw, "totalAttendanceInSeconds"),
        intervals=tuple(intervals),
        odd=odd,
    )


def records(rows: Sequence[Row], home_tenants: frozenset[str]) -> Iterator[AttendanceRecord]:
    """One record per person and report. People are recognised across all the reports given."""
    by_address = _by_address(rows)
    people: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for each in rows:
        if key := _key(each, by_address):
            people[each.report_id, key].append(each)
    for guest, key in _guests(each for each in rows if not _key(each, by_address)):
        people[guest.report_id, key].append(guest)
    kinds = {key: kind for (_, key), group in people.items() if (kind := _kind(group, home_tenants)) != "unknown"}
    for (report_id, key), group in people.items():
        yield _record(report_id, key, group, kinds.get(key, "unknown"))


def _by_address(rows: Iterable[Row]) -> dict[str, set[str]]:
    """Which identified people have which address."""
    owners: dict[str, set[str]] = defaultdict(set)
    for each in rows:
        if each.person.id and each.email:
            owners[each.email].add(f"id:{each.person.id}")
    return owners


def _key(each: Row, by_address: dict[str, set[str]]) -> str:
    """The identity key, "" for someone who cannot be identified. An address that two people share names neither."""
    if each.person.id:
        return f"id:{each.person.id}"
    owners = by_address.get(each.email, set())
    if len(owners) == 1:
        return next(iter(owners))
    return f"email:{each.email}" if each.email else ""


def _guests(rows: Iterable[Row]) -> Iterator[tuple[Row, str]]:
    """A key of their own for each, the same at every sync: two guests of one name who joined at once stay two."""
    twins: dict[str, list[Row]] = defaultdict(list)
    for each in rows:
        joined = min((interval.joined_at.isoformat() for interval in each.intervals), default="")
        marks = "\n".join((each.report_id, each.person.name, joined))
        twins["guest:" + hashlib.sha256(marks.encode()).hexdigest()[:24]].append(each)
    for key, group in twins.items():
        for number, each in enumerate(sorted(group, key=_length_of_stay), start=1):
            yield each, key if number == 1 else f"{key}:{number}"


def _length_of_stay(each: Row) -> tuple[int, list[str]]:
    return each.seconds or 0, [interval.left_at.isoformat() if interval.left_at else "" for interval in each.intervals]


def _kind(group: Sequence[Row], home_tenants: frozenset[str]) -> str:
    first = next((each for each in group if each.person.id), group[0])
    return kind_of(first.person, home_tenants, first.email)


def _record(report_id: str, key: str, group: Sequence[Row], kind: str) -> AttendanceRecord:
    first = next((each for each in group if each.person.id), group[0])
    totals = [each.seconds for each in group if each.seconds is not None]
    return AttendanceRecord(
        identity_key=key,
        sitting=report_id,
        source=SOURCE,
        name=next((each.person.name for each in (first, *group) if each.person.name), ""),
        email=next((each.email for each in (first, *group) if each.email), first.person.email),
        role=next((each.role for each in (first, *group) if each.role), ""),
        kind=kind,
        lasting=first.person.is_directory_user or key.startswith("email:"),
        reported_seconds=sum(totals) if totals else None,
        intervals=tuple(interval for each in group for interval in each.intervals),
    )
