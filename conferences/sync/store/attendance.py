"""Participants and their sessions. Totals are never added up as records come in: they are recounted from the rows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from conferences.models import AttendanceListing, Conference, Participant
from conferences.providers.records import AttendanceRecord
from conferences.sync.store.fitting import fit, fit_key
from conferences.sync.store.sessions import SessionStore
from conferences.sync.store.tally import Tally
from conferences.sync.store.totals import counted_source, rank, recount, settle
from conferences.sync.store.upsert import Upsert, mark_gone, missing_from

IDENTITY_LENGTH = 512


class AttendanceStore:
    """One person may be listed in many records: one per sitting, and per device where the provider says so."""

    def __init__(self, conference: Conference, sources: Sequence[str], seen_at: datetime, tally: Tally) -> None:
        self._conference = conference
        self._sources = sources
        self._seen_at = seen_at
        self._tally = tally
        self._sessions = SessionStore(conference, seen_at)
        self._listed_sources: set[str] = set()
        self._counted = ""  # the source that counts while this listing is under way
        self._describing: dict[str, int] = {}  # identity → the digest of the record that describes it

    @property
    def source(self) -> str:
        """The best source that this step has listed anything from."""
        return min(self._listed_sources, key=lambda source: rank(source, self._sources), default="")

    def store(self, records: Sequence[AttendanceRecord]) -> None:
        people, changed = self._store_people(records)
        changed |= self._sessions.store(records, people)
        self._listed_sources |= {record.source for record in records}
        if changed:
            self._counted = self._counted or counted_source(self._conference, self._sources)
            changed |= recount(self._conference, self._counted, changed)
        for row in people.values():
            self._tally.note(row, changed=row.pk in changed)

    def close(self, *, clean: bool) -> None:
        """A person whom a later listing leaves out keeps the time they had; a restated sitting replaces itself."""
        replaced: set[int] = set()
        if clean and self._listed_sources:
            replaced = self._sessions.mark_replaced()
            listed = Participant.objects.filter(conference=self._conference, source__in=self._listed_sources)
            mark_gone(listed, self._tally.seen(Participant), self._seen_at)
        if self._listed_sources:
            settle(self._conference, counted_source(self._conference, self._sources), replaced)

    def note_clean_end(self) -> None:
        """Of what was listed. An entry that made no sense hides a person, but not that the listing was whole."""
        AttendanceListing.objects.bulk_create(
            (
                AttendanceListing(conference=self._conference, source=source, ended_cleanly_at=timezone.now())
                for source in self._listed_sources
            ),
            update_conflicts=True,
            unique_fields=["conference", "source"],
            update_fields=["ended_cleanly_at"],
        )

    def _store_people(self, records: Sequence[AttendanceRecord]) -> tuple[dict[str, Participant], set[int]]:
        """By the records' identity keys; and those that are new or differ."""
        fitted = {record.identity_key: fit_key(record.identity_key, IDENTITY_LENGTH) for record in records}
        known = Participant.objects.select_for_update(no_key=True).filter(
            conference=self._conference, identity_key__in=fitted.values()
        )
        people = {row.identity_key: row for row in known}
        upsert = Upsert(Participant, self._seen_at)
        changed = []
        for record in records:
            key = fitted[record.identity_key]
            values = fit(Participant, _person(record))
            digest = hash(repr(record))  # the same when a batch is tried again
            first = self._describing.setdefault(key, digest) == digest
            if key not in people:
                people[key] = upsert.add(conference=self._conference, identity_key=key, source=record.source, **values)
                changed.append(people[key])
            elif self._change_person(upsert, people[key], values, first=first):
                changed.append(people[key])
        upsert.write()
        return {identity: people[key] for identity, key in fitted.items()}, {person.pk for person in changed}

    def _change_person(self, upsert: Upsert, person: Participant, values: dict[str, Any], *, first: bool) -> bool:
        """A step's first record of a person describes them; other sittings and devices only fill in what is missing."""
        kind = values.pop("kind")
        if not first:
            values = missing_from(person, values)
        if kind != Participant.Kind.UNKNOWN and (first or person.kind == Participant.Kind.UNKNOWN):
            values = {**values, "kind": kind}
        return upsert.change(person, values)


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
