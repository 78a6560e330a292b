"""Participants and their sessions. Totals are never added up as records come in: they are recounted from the rows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from conferences.models import AttendanceSession, Conference, Participant
from conferences.providers.records import AttendanceRecord, Interval
from conferences.sync.store.fitting import fit, fit_key
from conferences.sync.store.tally import Tally
from conferences.sync.store.totals import recount
from conferences.sync.store.upsert import Upsert, mark_gone, missing_from

IDENTITY_LENGTH = 512
KEY_LENGTH = 255


class AttendanceStore:
    """One person may be listed in many records: one per sitting, and per device where the provider says so."""

    def __init__(self, conference: Conference, sources: Sequence[str], seen_at: datetime, tally: Tally) -> None:
        self._conference = conference
        self._sources = sources
        self._seen_at = seen_at
        self._tally = tally
        self._restated: set[tuple[int, str, str]] = set()  # participant, source, sitting
        self._sessions: set[int] = set()
        self._listed_sources: set[str] = set()
        self._describing: dict[str, tuple[str, str]] = {}  # identity → the source and sitting that describe it

    @property
    def source(self) -> str:
        """The best source that this step has listed anything from."""
        return min(self._listed_sources, key=self._rank, default="")

    def store(self, records: Sequence[AttendanceRecord]) -> None:
        people = self._store_people(records)
        changed = self._store_sessions(records, people)
        self._listed_sources |= {record.source for record in records}
        changed |= recount(self._conference, self._sources, {row.pk for row in people.values()})
        for row in people.values():
            self._tally.note(row, changed=row.pk in changed)

    def close(self, *, clean: bool) -> None:
        """A person whom a later listing leaves out keeps the time they had; a restated sitting replaces itself."""
        if not clean or not self._listed_sources:
            return
        for participant, source, sitting in self._restated:
            rows = AttendanceSession.objects.filter(participant=participant, source=source, sitting=sitting)
            mark_gone(rows, self._sessions, self._seen_at)
        listed = Participant.objects.filter(conference=self._conference, source__in=self._listed_sources)
        mark_gone(listed, self._tally.seen(Participant), self._seen_at)
        recount(self._conference, self._sources)

    def _rank(self, source: str) -> int:
        return self._sources.index(source) if source in self._sources else len(self._sources)

    def _store_people(self, records: Sequence[AttendanceRecord]) -> dict[str, Participant]:
        keys = {fit_key(record.identity_key, IDENTITY_LENGTH) for record in records}
        known = Participant.objects.select_for_update().filter(conference=self._conference, identity_key__in=keys)
        people = {row.identity_key: row for row in known}
        upsert = Upsert(Participant, self._seen_at)
        for record in records:
            key = fit_key(record.identity_key, IDENTITY_LENGTH)
            values = fit(Participant, _person(record))
            self._describing.setdefault(key, _origin(record))
            if key not in people:
                people[key] = upsert.add(conference=self._conference, identity_key=key, source=record.source, **values)
            else:
                self._change_person(upsert, people[key], values, first=self._describing[key] == _origin(record))
        upsert.write()
        return people

    def _change_person(self, upsert: Upsert, person: Participant, values: dict[str, Any], *, first: bool) -> None:
        """A step's first record of a person describes them; those of other sittings only fill in what is missing."""
        if not first:
            values = missing_from(person, values)
        elif values["kind"] == Participant.Kind.UNKNOWN:
            del values["kind"]
        if upsert.change(person, values) and person.pk:
            self._tally.note(person, changed=True)

    def _store_sessions(self, records: Sequence[AttendanceRecord], people: dict[str, Participant]) -> set[int]:
        """Returns the participants of whom any session was new or differed."""
        known = {
            (row.participant_id, row.source, row.session_key): row
            for row in AttendanceSession.objects.filter(participant__in=[row.pk for row in people.values()])
        }
        upsert = Upsert(AttendanceSession, self._seen_at)
        touched, rows = set(), []
        for record in records:
            person = people[fit_key(record.identity_key, IDENTITY_LENGTH)]
            sitting = fit_key(record.sitting, KEY_LENGTH)
            if record.intervals:
                self._restated.add((person.pk, record.source, sitting))
            for key, interval in _keyed(record.intervals):
                row = known.get((person.pk, record.source, key))
                if row is None:
                    row = upsert.add(
                        participant=person, source=record.source, sitting=sitting, session_key=key, **_times(interval)
                    )
                    known[person.pk, record.source, key] = row
                    touched.add(person.pk)
                elif upsert.change(row, _times(interval)):
                    touched.add(person.pk)
                rows.append(row)
        upsert.write()
        self._sessions |= {row.pk for row in rows}
        return touched


def _origin(record: AttendanceRecord) -> tuple[str, str]:
    return record.source, record.sitting


def _person(record: AttendanceRecord) -> dict[str, Any]:
    reported = {} if record.reported_seconds is None else {f"{record.source}:{record.sitting}": record.reported_seconds}
    return {
        "name": record.name,
        "email": record.email,
        "role": record.role,
        "kind": record.kind,
        "lasting": record.lasting,
        "reported": reported,
        "extra": dict(record.extra),
    }


def _times(interval: Interval) -> dict[str, datetime | None]:
    return {"joined_at": interval.joined_at, "left_at": interval.left_at}


def _keyed(intervals: Sequence[Interval]) -> list[tuple[str, Interval]]:
    """The provider's key, or the moment of joining; devices that joined at once are told apart by who left first."""
    ordered = sorted(intervals, key=lambda each: (each.joined_at, each.left_at is None, each.left_at or each.joined_at))
    taken: dict[str, int] = {}
    keyed = []
    for interval in ordered:
        key = fit_key(interval.key or interval.joined_at.isoformat(), KEY_LENGTH - 8)
        taken[key] = taken.get(key, 0) + 1
        keyed.append((key if taken[key] == 1 else f"{key}#{taken[key]}", interval))
    return keyed
