"""Who the rows of a participants list are.

Rows that share anything sure (registrant, account, e-mail, customer key) are one person. `user_id` names one join,
so it ties a row that has nothing else to the others of that join (breakout rooms). What is left has only a name.
Where no two joins of a name overlap they are taken for one guest who came back. As soon as any two do, there are
several of that name, and nobody can tell which of them came back: then each join is a guest of its own, since one
person must not be given another's time. Either way the identity is marked as weak.
"""

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from conferences.providers.note_takers import is_note_taker
from conferences.providers.records import AttendanceRecord
from zoom_integration.parsers.participants import Row

RANKS = ("registrant", "user", "email", "customer")
# What means the same person in other conferences of the account or the series.
LASTING = frozenset({"registrant", "user", "email"})
# Zoom masks the middle of a caller's number.
_PHONE = re.compile(r"\+?\d[\d\s().\-*xX]{5,}", re.ASCII)
_LATEST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Crew:
    """Who ran the event, by e-mail address and by account id."""

    host: frozenset[str] = frozenset()
    panelists: frozenset[str] = frozenset()
    known: bool = True

    def role_of(self, rows: Iterable[Row]) -> str:
        marks = {mark for each in rows for mark in (each.email, each.account_id, *each.keys) if mark}
        if marks & self.host:
            return "organizer"
        if marks & self.panelists:
            return "presenter"
        return "attendee" if self.known else ""


@dataclass(frozen=True, slots=True)
class Person:
    key: str
    rows: list[Row] = field(default_factory=list)

    @property
    def is_weak(self) -> bool:
        return self.key.startswith("guest:")


def people(rows: Sequence[Row]) -> list[Person]:
    """Everybody, in the order in which they first appear. Keys are the same at every fetch of the same rows."""
    groups = _Groups()
    for each in rows:
        groups.join(each.keys)
    owners = _owners_of_joins(rows, groups)
    found: dict[str, Person] = {}
    weak = []
    for each in rows:
        owner = groups.name_of(each.keys[0]) if each.keys else owners.get((each.uuid, each.user_id), "")
        if owner:
            found.setdefault(owner, Person(owner)).rows.append(each)
        else:
            weak.append(each)
    return [*found.values(), *_guests(weak)]


def records(rows: Sequence[Row], source: str, crew: Crew) -> Iterator[AttendanceRecord]:
    """One record per person and occurrence."""
    for person in people(rows):
        sittings: dict[str, list[Row]] = defaultdict(list)
        for each in person.rows:
            sittings[each.uuid].append(each)
        for uuid, sitting in sittings.items():
            yield _record(person, uuid, sitting, source, crew)


class _Groups:
    """Union of keys that were seen together."""

    def __init__(self) -> None:
        self._parents: dict[str, str] = {}

    def join(self, keys: Sequence[str]) -> None:
        roots = {self._root(key) for key in keys}
        if roots:
            first = min(roots, key=_rank)
            self._parents.update(dict.fromkeys(roots, first))

    def name_of(self, key: str) -> str:
        return self._root(key)

    def _root(self, key: str) -> str:
        """The best key of the group: unions always point to it."""
        path = []
        while (parent := self._parents.setdefault(key, key)) != key:
            path.append(key)
            key = parent
        self._parents.update(dict.fromkeys(path, key))
        return key


def _rank(key: str) -> tuple[int, str]:
    return RANKS.index(key.partition(":")[0]), key


def _owners_of_joins(rows: Iterable[Row], groups: _Groups) -> Mapping[tuple[str, str], str]:
    """Whose a join is, where it is one identified person's and no other's."""
    owners: dict[tuple[str, str], set[str]] = defaultdict(set)
    for each in rows:
        if each.user_id and each.keys:
            owners[each.uuid, each.user_id].add(groups.name_of(each.keys[0]))
    return {join: next(iter(names)) for join, names in owners.items() if len(names) == 1}


def _guests(rows: Iterable[Row]) -> list[Person]:
    """In the order of their joins."""
    joins: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for number, each in enumerate(rows):
        joins[each.uuid, each.user_id or f"row {number}"].append(each)
    by_name: dict[str, list[list[Row]]] = defaultdict(list)
    for join in joins.values():
        by_name[plain_name(next((each.name for each in join if each.name), ""))].append(join)
    guests = [guest for name, group in by_name.items() for guest in _same_or_each(name, group)]
    return list(_named(sorted(guests, key=_starts_at)))


def _same_or_each(name: str, joins: list[list[Row]]) -> list[list[Row]]:
    """The joins of one name as one guest, or else each as a guest. Who has no name is nobody's second coming."""
    spans = sorted(_starts_at(join) for join in joins)
    apart = all(left <= joined for (_, left, _), (joined, _, _) in pairwise(spans))
    return [[each for join in joins for each in join]] if name and apart else joins


def _starts_at(join: Sequence[Row]) -> tuple[datetime, datetime, str]:
    """And when it ends; a moment that is not known may be as late as can be."""
    first = min((each.joined_at for each in join if each.joined_at), default=_LATEST)
    last = max((each.left_at or _LATEST for each in join), default=_LATEST)
    return first, last, min(each.key for each in join)


def _named(guests: Iterable[list[Row]]) -> Iterator[Person]:
    """A key of its own for each, from its first join; what is told apart by nothing at all is numbered."""
    taken: dict[str, int] = defaultdict(int)
    for rows in guests:
        first = min(rows, key=lambda each: (each.joined_at or _LATEST, each.key))
        marks = "\n".join((first.uuid, plain_name(first.name), first.key))
        key = "guest:" + hashlib.sha256(marks.encode()).hexdigest()[:24]
        taken[key] += 1
        yield Person(key if taken[key] == 1 else f"{key}:{taken[key]}", rows)


def plain_name(name: str) -> str:
    """For comparing: NFKC, case folded, squeezed. Zoom writes “#” where a name had a comma."""
    folded = unicodedata.normalize("NFKC", name).casefold().replace("#", ",")
    return " ".join(folded.split())


def _record(person: Person, uuid: str, rows: Sequence[Row], source: str, crew: Crew) -> AttendanceRecord:
    rows = sorted(rows, key=lambda each: (each.joined_at or _LATEST, each.key))
    lengths = [each.seconds for each in rows if each.seconds is not None]
    names = list(dict.fromkeys(each.name for each in rows if each.name))
    return AttendanceRecord(
        identity_key=person.key,
        sitting=uuid,
        source=source,
        name=names[-1] if names else "",
        email=next((each.email for each in rows if each.email), ""),
        role=crew.role_of(person.rows),
        kind=_kind(person),
        lasting=person.key.partition(":")[0] in LASTING,
        reported_seconds=sum(lengths) if lengths else None,
        intervals=tuple(interval for each in rows if (interval := each.interval)),
        extra=_extra(person, rows, names),
    )


def _kind(person: Person) -> str:
    """Signed in to the account: member. Everybody else is a guest, an e-mail address or not."""
    rows = person.rows
    if any(each.account_id for each in rows) or any(each.is_internal for each in rows):
        return "member"
    if any(is_note_taker(each.name) for each in rows):
        return "bot"
    if any(_PHONE.fullmatch(each.name) for each in rows) and not any(each.email for each in rows):
        return "dial_in"
    return "guest"


def _extra(person: Person, rows: Sequence[Row], names: Sequence[str]) -> dict[str, Any]:
    rooms = list(dict.fromkeys(each.room for each in rows if each.room))
    keys = list(dict.fromkeys(key for each in person.rows for key in each.keys))
    extra: dict[str, Any] = {
        "identity_weak": person.is_weak,
        "also_known_as": list(names[:-1]),
        "identities": keys if len(keys) > 1 else [],
        "breakout_rooms": rooms,
    }
    return {name: value for name, value in extra.items() if value}
