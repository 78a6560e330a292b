"""Participants and their sessions. Totals are never added up as records come in: they are recounted from the rows."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone

from conferences.models import AttendanceListing, AttendanceSession, Conference, Participant
from conferences.providers.records import AttendanceRecord
from conferences.sync.store import identities
from conferences.sync.store.fitting import fit
from conferences.sync.store.identities import Waiting, identity_of
from conferences.sync.store.sessions import SessionStore
from conferences.sync.store.tally import Tally
from conferences.sync.store.totals import counted_source, rank, recount, settle
from conferences.sync.store.upsert import Upsert, mark_gone, missing_from


class AttendanceStore:
    """One person may be listed in many records: one per sitting, and per device where the provider says so."""

    def __init__(self, conference: Conference, sources: Sequence[str], seen_at: datetime, tally: Tally) -> None:
        self._conference = conference
        self._sources = sources
        self._seen_at = seen_at
        self._tally = tally
        self._sessions = SessionStore(conference, seen_at)
        self._waiting = Waiting(conference)
        self._listed_sources: set[str] = set()
        self._counted = ""  # the source that counts while this listing is under way
        self._describing: dict[str, int] = {}  # identity → the digest of the record that describes it
        self._totalling: dict[tuple[str, str], int] = {}  # identity and sitting → likewise, the provider's total

    @property
    def source(self) -> str:
        """The best source that this step has listed anything from."""
        return min(self._listed_sources, key=lambda source: rank(source, self._sources), default="")

    def store(self, records: Sequence[AttendanceRecord]) -> None:
        self._listed_sources |= {record.source for record in records}
        sure = self._waiting.sift(records)
        people, changed = self._store_people(sure)
        self._count(people, changed | self._sessions.store(sure, people))

    def close(self, *, clean: bool) -> None:
        """A person whom a later listing leaves out keeps the time they had; a restated sitting replaces itself."""
        losers = self._settle_waiting(clean=clean) if self._waiting.records else {}
        replaced: set[int] = set()
        if clean and self._listed_sources:
            replaced = self._sessions.mark_replaced() | losers.keys()
            self._retire(losers.keys() - self._tally.seen(Participant))
            listed = Participant.objects.filter(conference=self._conference, source__in=self._listed_sources)
            mark_gone(listed, self._tally.seen(Participant), self._seen_at)
        if self._listed_sources:
            settle(self._conference, counted_source(self._conference, self._sources), replaced)

    def _count(self, people: Mapping[str, Participant], changed: set[int]) -> None:
        if changed:
            self._counted = self._counted or counted_source(self._conference, self._sources)
            changed |= recount(self._conference, self._counted, changed)
        for row in people.values():
            self._tally.note(row, changed=row.pk in changed)

    def _settle_waiting(self, *, clean: bool) -> dict[int, Participant]:
        """Returns those who lost sessions to others, as they were."""
        records = self._waiting.records
        standing = self._sessions.standing(records)
        if not clean:
            known_as = identities.aliases(self._conference, records, standing)
            records = [replace(each, reported_seconds=None) for each in records]  # it counts what is somebody else's
            people, changed = self._store_people(records, known_as)
            self._count(people, changed | self._sessions.store(records, people, standing))
            return {}
        before = Participant.objects.in_bulk({row.participant_id for row in standing.values()})
        listed = self._tally.seen(Participant)
        ruling = identities.rule(self._conference, records, standing, self._sessions.own(before), listed)
        people, changed = self._store_people(records)
        changed |= self._sessions.store(records, people, standing, move=True)
        self._count(people, changed)
        losers = {pk: before[pk] for pk, _, _ in self._sessions.moved}
        stored = {row.identity_key: row for row in people.values()}
        identities.hand_down(ruling, losers, stored, self._tally.seen(Participant))
        self._take_back_totals()
        return losers

    def _take_back_totals(self) -> None:
        """The provider's total of a sitting counts what has moved; unless it was told anew it holds no more."""
        lost: dict[int, set[str]] = {}
        for pk, source, sitting in self._sessions.moved:
            lost.setdefault(pk, set()).add(f"{source}:{sitting}")
        for row in Participant.objects.filter(pk__in=lost):
            gone = {key for key in lost[row.pk] if (row.identity_key, key) not in self._totalling}
            row.reported = {key: seconds for key, seconds in row.reported.items() if key not in gone}
            row.save(update_fields=["reported"])

    def _retire(self, people: Collection[int]) -> None:
        """Whoever turned out to be somebody else, and has nothing left, is nobody whom any source knows."""
        left = AttendanceSession.objects.filter(participant=OuterRef("pk"), gone_at=None)
        emptied = Participant.objects.filter(~Exists(left), pk__in=people, reported={})
        emptied.update(source="", last_seen_at=self._seen_at)

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

    def _store_people(
        self, records: Sequence[AttendanceRecord], known_as: Mapping[str, str] | None = None
    ) -> tuple[dict[str, Participant], set[int]]:
        """By the records' identity keys; and those that are new or differ.

        known_as  identities that are not stored → the stored ones that they go under for now
        """
        known_as = known_as or {}
        fitted = {each.identity_key: known_as.get(identity_of(each), identity_of(each)) for each in records}
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
            first = identity_of(record) == key and self._describing.setdefault(key, digest) == digest
            told = values["reported"].items()
            values["reported"] = {
                of: seconds for of, seconds in told if self._totalling.setdefault((key, of), digest) == digest
            }
            if key not in people:
                people[key] = upsert.add(conference=self._conference, identity_key=key, source=record.source, **values)
                changed.append(people[key])
            elif self._change_person(upsert, people[key], {**values, **_sourced(people[key], record)}, first=first):
                changed.append(people[key])
        upsert.write()
        return {identity: people[key] for identity, key in fitted.items()}, {person.pk for person in changed}

    def _change_person(self, upsert: Upsert, person: Participant, values: dict[str, Any], *, first: bool) -> bool:
        """A step's first record of a person describes them; other sittings and devices only fill in what is missing."""
        kind = values.pop("kind")
        if not first:
            values = {**missing_from(person, values), "reported": values["reported"]}
        if kind != Participant.Kind.UNKNOWN and (first or person.kind == Participant.Kind.UNKNOWN):
            values = {**values, "kind": kind}
        return upsert.change(person, values)


def _sourced(person: Participant, record: AttendanceRecord) -> dict[str, str]:
    """Whom no source knew any more, and one lists again."""
    return {} if person.source else {"source": record.source}


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
