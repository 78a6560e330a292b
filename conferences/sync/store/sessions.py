"""Join-to-leave intervals: which stored row is which interval of a listing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import count

from django.db.models import F

from conferences.models import AttendanceSession, Conference, Participant
from conferences.providers.records import AttendanceRecord, Interval
from conferences.sync.store.fitting import fit_key
from conferences.sync.store.upsert import Upsert, in_order

KEY_LENGTH = 255

Times = tuple[datetime, datetime | None]
Name = tuple[int, str, str]  # participant, source, session key
Known = dict[Name, AttendanceSession]
Standing = Mapping[tuple[str, str], AttendanceSession]  # by source and session key


def named(record: AttendanceRecord) -> Iterator[tuple[str, str]]:
    """Source and key of the sessions that the provider names: in a conference there is one of each name."""
    return ((record.source, fit_key(each.key, KEY_LENGTH)) for each in record.intervals if each.key)


class SessionStore:
    """The provider's key names a session. Where it has none, the moment of joining does; several devices of one
    person that joined in the same moment are told apart by when they left, in whatever order they are listed."""

    def __init__(self, conference: Conference, seen_at: datetime) -> None:
        self._conference = conference
        self._seen_at = seen_at
        self._restated: set[tuple[int, str, str]] = set()  # participant, source, sitting
        self._listed: set[int] = set()
        self._sure: set[int] = set()  # of these, what did not have to wait for the end of the listing
        self._claims: dict[Name, Times] = {}  # what this step has listed under a name
        self.moved: set[tuple[int, str, str]] = set()  # participant, source, sitting: of what others have now

    def standing(self, records: Iterable[AttendanceRecord]) -> Standing:
        """The stored sessions that the records name, whosever they are, but for those already listed as somebody's."""
        names = {name for record in records for name in named(record)}
        rows = AttendanceSession.objects.filter(
            participant__conference=self._conference, session_key__in={key for _, key in names}
        ).order_by(F("gone_at").asc(nulls_last=True), "-pk")  # the oldest live one last
        found = {(row.source, row.session_key): row for row in rows if row.pk not in self._sure}
        return {name: row for name, row in found.items() if name in names}

    def own(self, people: Iterable[int]) -> Iterator[int]:
        """Whose an earlier stored session is that this step has listed as theirs, once for each."""
        rows = AttendanceSession.objects.filter(participant__in=people).exclude(first_seen_at=self._seen_at)
        return (owner for pk, owner in rows.values_list("pk", "participant_id") if pk in self._sure)

    def store(
        self,
        records: Sequence[AttendanceRecord],
        people: Mapping[str, Participant],
        standing: Standing | None = None,
        *,
        move: bool = False,
    ) -> set[int]:
        """`people` by the records' identity keys. Returns those of whom any session was new or differed.

        standing  named sessions that may be somebody else's: with `move` they go over, else they stay where they are
        """
        known: Known = {
            (row.participant_id, row.source, row.session_key): row
            for row in AttendanceSession.objects.filter(participant__in=[row.pk for row in people.values()])
        }
        upsert = Upsert(AttendanceSession, self._seen_at)
        touched, rows = set(), []
        for record in records:
            person = people[record.identity_key]
            sitting = fit_key(record.sitting, KEY_LENGTH)
            if record.intervals:
                self._restated.add((person.pk, record.source, sitting))
            for interval in sorted(record.intervals, key=_order):
                name = self._name(known, person.pk, record.source, interval)
                row = known.get(name) or (standing or {}).get(name[1:])
                owner = person.pk if row is None or move else row.participant_id
                if row is not None and row.participant_id != owner:
                    left = (row.participant_id, row.source, row.sitting)
                    self.moved.add(left)
                    self._restated.add(left)
                row, changed = self._put(upsert, known, row, owner, sitting, name, interval)
                rows.append(row)
                if changed:
                    touched.add(owner)
        upsert.write()
        self._listed |= {row.pk for row in rows}
        if standing is None:
            self._sure |= {row.pk for row in rows}
        return touched

    def mark_replaced(self) -> set[int]:
        """A cleanly listed sitting replaces what it said before; sittings and people that it left out keep theirs.

        Returns the participants whose sessions were replaced.
        """
        rows = AttendanceSession.objects.filter(
            participant__conference=self._conference,
            source__in={source for _, source, _ in self._restated},
            gone_at__isnull=True,
        ).values_list("pk", "participant_id", "source", "sitting")
        replaced = [
            (pk, participant)
            for pk, participant, *sitting in rows
            if (participant, *sitting) in self._restated and pk not in self._listed
        ]
        AttendanceSession.objects.filter(pk__in=[pk for pk, _ in replaced]).update(gone_at=self._seen_at)
        return {participant for _, participant in replaced}

    def _put(
        self,
        upsert: Upsert,
        known: Known,
        row: AttendanceSession | None,
        owner: int,
        sitting: str,
        name: Name,
        interval: Interval,
    ) -> tuple[AttendanceSession, bool]:
        self._claims[name] = (interval.joined_at, interval.left_at)
        values = {"participant_id": owner, "joined_at": interval.joined_at, "left_at": interval.left_at}
        if row is not None:
            return row, upsert.change(row, in_order(row, values, "joined_at", "left_at"))
        known[name] = upsert.add(source=name[1], sitting=sitting, session_key=name[2], **values)
        return known[name], True

    def _name(self, known: Known, person: int, source: str, interval: Interval) -> Name:
        if interval.key:
            return person, source, fit_key(interval.key, KEY_LENGTH)
        times = (interval.joined_at, interval.left_at)
        moment = interval.joined_at.astimezone(UTC).isoformat()
        free: Name | None = None
        for number in count(1):
            name = (person, source, moment if number == 1 else f"{moment}#{number}")
            row, claim = known.get(name), self._claims.get(name)
            if claim == times or (claim is None and row is not None and (row.joined_at, row.left_at) == times):
                return name
            if claim is None:
                free = free or name
                if row is None:
                    return free
        raise AssertionError("unreachable")


def _order(interval: Interval) -> tuple[datetime, bool, datetime]:
    return interval.joined_at, interval.left_at is None, interval.left_at or interval.joined_at
