"""Who is who, where a listing says otherwise than what is stored.

A session that the provider itself names belongs to whomever the newest whole listing says: it moves and is never
copied, and somebody whose sessions are now those of a new identity is that person, under another key. What joins two
people or parts one is only known once all is listed, so the order of a listing does not matter; and a listing that
broke off may lack what told two people apart, or held one together, so it decides nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass

from conferences import decisions
from conferences.models import AttendanceSession, Conference, Participant
from conferences.providers.records import AttendanceRecord
from conferences.sync.store.fitting import fit_key
from conferences.sync.store.sessions import Standing, named

IDENTITY_LENGTH = 512
# What described somebody as the two whom they turned out to be: the listing describes both anew.
ANEW = {"name": "", "email": "", "role": "", "kind": Participant.Kind.UNKNOWN}


def identity_of(record: AttendanceRecord) -> str:
    return fit_key(record.identity_key, IDENTITY_LENGTH)


class Waiting:
    """Records of whom a session stands with somebody else. They wait for the end of their listing."""

    def __init__(self, conference: Conference) -> None:
        self._conference = conference
        self._records: dict[int, AttendanceRecord] = {}  # by digest: a batch may be tried again
        self._identities: set[str] = set()
        self._is_first: bool | None = None

    @property
    def records(self) -> list[AttendanceRecord]:
        return list(self._records.values())

    def sift(self, records: Sequence[AttendanceRecord]) -> list[AttendanceRecord]:
        """Those that need not wait."""
        owners = self._owners(records)
        sure = []
        for record in records:
            identity = identity_of(record)
            others = any(identity not in owners.get(name, {identity}) for name in named(record))
            if others or identity in self._identities:
                self._identities.add(identity)
                self._records[hash(repr(record))] = record
            else:
                sure.append(record)
        return sure

    def _owners(self, records: Sequence[AttendanceRecord]) -> Mapping[tuple[str, str], set[str]]:
        """The identities that the named sessions stand with. People at hand first: others are dear to look up."""
        sessions = AttendanceSession.objects.filter(participant__conference=self._conference)
        if self._is_first is None:
            self._is_first = not sessions.exists()
        names = {name for record in records for name in named(record)}
        owners: dict[tuple[str, str], set[str]] = defaultdict(set)
        if self._is_first or not names:
            return owners
        at_hand = sessions.filter(participant__identity_key__in={identity_of(record) for record in records})
        for rows in (at_hand, sessions):
            keys = {key for source, key in names - owners.keys()}
            if keys:
                found = rows.filter(session_key__in=keys)
                for *name, owner in found.values_list("source", "session_key", "participant__identity_key"):
                    owners[name[0], name[1]].add(owner)
        return owners


@dataclass(frozen=True)
class Ruling:
    """What a whole listing says of people who were stored otherwise.

    heirs   stored person → the identity that has most of their sessions now
    former  identity → the stored person, as they were, who goes on under it
    """

    heirs: Mapping[int, str]
    former: Mapping[str, Participant]


def rule(
    conference: Conference,
    records: Iterable[AttendanceRecord],
    standing: Standing,
    own: Iterable[int],
    listed: Collection[int],
) -> Ruling:
    """Gives the sessions' new identities their old rows; the rows of the rest are for the caller to make.

    A sure identity that is still listed keeps its row. Else a row goes to the identity that has most of its sessions;
    and of several rows for one identity the one that a person decided about survives, else the oldest.

    own     whose a session is that was listed as theirs already, once for each
    listed  who was listed already
    """
    lasting = {identity_of(record): record.lasting for record in records}
    shares = _shares(records, standing)
    rows = {row.pk: row for row in Participant.objects.filter(pk__in=shares)}
    for pk in own:
        shares[pk][rows[pk].identity_key] += 1
    heirs = {pk: _heir(rows[pk], shares[pk], lasting, listed=pk in listed) for pk in shares}
    taken = set(_stored(conference, lasting))
    former: dict[str, Participant] = {}
    for row in sorted(rows.values(), key=lambda each: (each.match != Participant.Match.MANUAL, each.pk)):
        is_free = row.pk not in listed and row.identity_key not in lasting
        if is_free and heirs[row.pk] not in taken:
            taken.add(heirs[row.pk])
            former[heirs[row.pk]] = copy(row)
            _rename(row, heirs[row.pk], anew=len(shares[row.pk]) > 1)
    return Ruling(heirs, former)


def aliases(conference: Conference, records: Iterable[AttendanceRecord], standing: Standing) -> dict[str, str]:
    """While nothing may be decided: under which stored identity a listed one goes that is not stored itself."""
    shares: dict[str, Counter[int]] = defaultdict(Counter)
    for pk, identities in _shares(records, standing).items():
        for identity, count in identities.items():
            shares[identity][pk] += count
    rows = Participant.objects.in_bulk({pk for counts in shares.values() for pk in counts})
    new = shares.keys() - set(_stored(conference, shares))
    return {
        identity: rows[min(counts, key=lambda pk: (-counts[pk], pk))].identity_key
        for identity, counts in shares.items()
        if identity in new
    }


def hand_down(
    ruling: Ruling, losers: Mapping[int, Participant], people: Mapping[str, Participant], listed: Collection[int]
) -> None:
    """What persons decided goes with the sessions; somebody who is still `listed` besides is then undecided.

    people  by identity, as they are stored now
    """
    for identity, row in ruling.former.items():
        decisions.pass_on(row, people[identity])
    for pk, loser in losers.items():
        heir = people.get(ruling.heirs.get(pk, ""))
        if heir is not None and heir.pk != pk:
            decisions.pass_on(loser, heir)
            if pk in listed:
                decisions.undo(loser)


def _shares(records: Iterable[AttendanceRecord], standing: Standing) -> dict[int, Counter[str]]:
    """Stored person → how many of their sessions each identity has now."""
    shares: dict[int, Counter[str]] = defaultdict(Counter)
    owners = {
        name: (row.participant_id, identity_of(record))
        for record in records
        for name in named(record)
        if (row := standing.get(name)) is not None
    }
    for pk, identity in owners.values():
        shares[pk][identity] += 1
    return shares


def _stored(conference: Conference, identities: Iterable[str]) -> Iterable[str]:
    rows = Participant.objects.filter(conference=conference, identity_key__in=list(identities))
    return rows.values_list("identity_key", flat=True)


def _heir(row: Participant, shares: Counter[str], lasting: Mapping[str, bool], *, listed: bool) -> str:
    """A sure person does not become a nameless guest, however many of their sessions turn out to be one's."""
    if row.lasting and (listed or row.identity_key in lasting):
        return row.identity_key
    return min(
        shares,
        key=lambda each: (
            row.lasting and not lasting.get(each, False),
            -shares[each],
            each != row.identity_key,
            each,
        ),
    )


def _rename(row: Participant, identity: str, *, anew: bool) -> None:
    """What was told of a weak identity, say, is not true of a sure one: the listing tells it again."""
    values = {"identity_key": identity, "extra": {}, **(ANEW if anew else {})}
    Participant.objects.filter(pk=row.pk).update(**values)
