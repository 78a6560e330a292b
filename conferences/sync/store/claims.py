"""Which stored conference is meant by one that is listed under an id that nobody knows.

A class is planned under one id and may run under another; people add conferences by number or join link. Only what was
planned or added so can be meant, never a run that was listed as held, and each by one listed conference at most: a
restart stays a second conference. Decided once all are known, so that the order of the listing does not matter.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from conferences.models import AttendanceSession, Conference
from conferences.providers.records import ConferenceRecord
from conferences.providers.window import overlap

Listed = Conference.Listed
NEAR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Claim:
    """How much speaks for it, best first: people who were seen in that very run, the time shared, the nearer start."""

    record: ConferenceRecord
    row: Conference
    seen: bool
    shared: timedelta
    distance: timedelta

    @property
    def rank(self) -> tuple[Any, ...]:
        return not self.seen, -self.shared, self.distance, self.record.starts_at, self.record.external_id, self.row.pk


class Unsure:
    """Whether a record has to wait for the end of the listing before anybody can say what it is."""

    def __init__(self, stored: "QuerySet[Conference]", records: Iterable[ConferenceRecord]) -> None:
        series = {record.series_id for record in records}
        open_rows = open_to_claims(stored).filter(series_id__in=series)
        self._open: dict[str, list[tuple[datetime, datetime]]] = {}
        for series_id, starts_at, ends_at in open_rows.values_list("series_id", "starts_at", "ends_at"):
            self._open.setdefault(series_id, []).append((starts_at, ends_at))

    def holds(self, record: ConferenceRecord, row: Conference | None) -> bool:
        """A plan may be that of a run which is listed later; and an id may have passed on to the series' next one."""
        if row is not None:
            begun = row.starts_at <= timezone.now() and not overlap(*_time(row), *_time(record))
            return record.planned and (begun or row.listed_as == Listed.HELD)
        schedules = self._open.get(record.series_id, [])
        near = (start <= record.ends_at + NEAR and end >= record.starts_at - NEAR for start, end in schedules)
        return record.planned or any(near)


def settled(
    records: Mapping[str, ConferenceRecord], stored: "QuerySet[Conference]", named: Collection[str]
) -> tuple[list[ConferenceRecord], dict[str, Conference]]:
    """Those of the records that stand for a conference of their own or for a stored one; and which, by their ids.

    named  the ids of plans that are taken
    """
    known = {row.external_id: row for row in stored.filter(external_id__in=records)}
    free = [each for key, each in records.items() if key not in known and not (each.planned and _held(each, stored))]
    taken = Q(listed_as=Listed.PLANNED, external_id__in=named)
    known |= {record.external_id: row for record, row in _paired(free, stored.exclude(taken))}
    used = [each for key, each in records.items() if key in known and _may_move(each, known[key])]
    return [*used, *(each for each in free if each.external_id not in known)], known


def _time(entry: Conference | ConferenceRecord) -> tuple[datetime, datetime]:
    return entry.starts_at, entry.ends_at


def _may_move(record: ConferenceRecord, row: Conference) -> bool:
    """A plan says nothing about a run, and moves nobody who was synced."""
    return not record.planned or not (row.listed_as == Listed.HELD or row.participants.exists())


def _paired(
    records: Iterable[ConferenceRecord], stored: "QuerySet[Conference]"
) -> Iterator[tuple[ConferenceRecord, Conference]]:
    """The best claims, each record and each row once."""
    now = timezone.now()
    claims = [claim for record in records for claim in _claims(record, stored, now)]
    ids: set[str] = set()
    rows: set[int] = set()
    for claim in sorted(claims, key=lambda each: each.rank):
        if claim.record.external_id not in ids and claim.row.pk not in rows:
            ids.add(claim.record.external_id)
            rows.add(claim.row.pk)
            yield claim.record, claim.row


def open_to_claims(stored: "QuerySet[Conference]") -> "QuerySet[Conference]":
    """What a listing did not name as held."""
    return stored.exclude(listed_as=Listed.HELD).exclude(series_id="")


def without_own_ids(stored: "QuerySet[Conference]") -> "QuerySet[Conference]":
    """Leaves out what a person added by an id of its own, not by the number of the series: it may name another run."""
    return stored.exclude(~Q(external_id__contains=F("series_id")), listed_as=Listed.NEVER)


def around(stored: "QuerySet[Conference]", record: ConferenceRecord) -> "QuerySet[Conference]":
    """Of the same series, a day more or less."""
    return stored.filter(
        series_id=record.series_id, starts_at__lte=record.ends_at + NEAR, ends_at__gte=record.starts_at - NEAR
    )


def _held(record: ConferenceRecord, stored: "QuerySet[Conference]") -> bool:
    """Whether a plan has become a run that is stored: most of the shorter of the two lies in the other."""
    near = stored.filter(
        listed_as=Listed.HELD, series_id=record.series_id, starts_at__lt=record.ends_at, ends_at__gt=record.starts_at
    )
    return any(
        2 * overlap(*_time(row), *_time(record)) > min(row.ends_at - row.starts_at, record.ends_at - record.starts_at)
        for row in (near if record.series_id else ())
    )


def _claims(record: ConferenceRecord, stored: "QuerySet[Conference]", now: datetime) -> Iterator[Claim]:
    for row in around(open_to_claims(stored), record):
        sessions = AttendanceSession.objects.filter(participant__conference=row)
        seen = sessions.filter(sitting=record.external_id).exists()
        if seen or (_in_time(record, row, now) and _same_people(record, sessions)):
            shared = overlap(*_time(record), *_time(row))
            yield Claim(record, row, seen, shared, abs(record.starts_at - row.starts_at))


def _in_time(record: ConferenceRecord, row: Conference, now: datetime) -> bool:
    """Anything in the window that no neighbour has more claim to; but while something more likely may yet come, only
    what shares its time or began around its start."""
    window = row.window()
    if not window.holds(record.starts_at, record.ends_at):
        return False
    if record.ends_at <= row.starts_at and now < row.ends_at:
        return False  # a test before the class, which is still to come
    shares = bool(overlap(*_time(record), *_time(row)))
    return shares or abs(record.starts_at - row.starts_at) <= window.before or now >= window.closes_at


def _same_people(record: ConferenceRecord, sessions: "QuerySet[AttendanceSession]") -> bool:
    """Whoever was synced already stays where they are: it must be a run that they were in."""
    if not sessions.exists():
        return True
    during = sessions.filter(Q(left_at=None) | Q(left_at__gt=record.starts_at), joined_at__lt=record.ends_at)
    return not record.planned and during.exists()
