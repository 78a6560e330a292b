"""Builds the register from the rows: six queries, however many people there are."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cached_property

from django.contrib.auth.models import User

from conferences.decisions import attendee, roster_person
from conferences.models import AttendanceSession, Conference, Course, Enrolment, Participant, PresenceCorrection
from conferences.names import folded
from conferences.presence import Presence, Schedule, judge
from conferences.register.knowledge import Knowledge, knowledge
from conferences.register.row import Guess, Row
from conferences.register.sittings import Sitting, sittings
from conferences.register.summary import Summary, summarise
from conferences.suggestions import Suggester
from conferences.zone import class_zone

BOT = "A bot, not a person."
NO_TIMES = "The provider lists this person without any times."


@dataclass(frozen=True)
class Register:
    """`rows`: the roster by name, then everybody else by name. `superseded`: known to no source that counts.

    why_unknown  why nobody can be called absent, "" when that can be told
    open_until   up to when somebody without a leave time may have been in
    is_final     whoever has no leave time has left all the same
    """

    conference: Conference
    zone: tzinfo
    rows: tuple[Row, ...]
    sittings: tuple[Sitting, ...]
    superseded: tuple[Participant, ...]
    why_unknown: str
    open_until: datetime
    is_final: bool

    @cached_property
    def summary(self) -> Summary:
        return summarise(self.rows)

    @cached_property
    def absentees(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.is_learner and row.presence == Presence.ABSENT)

    @cached_property
    def unidentified(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.is_unidentified)


def register(conference: Conference) -> Register:
    people = list(conference.participants.select_related("user").prefetch_related("sessions"))
    told = knowledge(conference, max((person.last_seen_at for person in people), default=None))
    rows = _Rows(conference, people, told)
    return Register(
        conference,
        rows.zone,
        (*sorted(rows.of_roster(), key=_by_name), *sorted(rows.of_others(), key=_by_name)),
        sittings((session for person in people for session in person.sessions.all()), is_final=told.is_final),
        tuple(person for person in people if person.superseded),
        told.why_unknown(rows.zone, seen=False),
        told.open_until,
        told.is_final,
    )


def _by_name(row: Row) -> tuple[bool, str, str, int]:
    """People without a name come last; the last two keep the order the same at every reading."""
    return not row.name, folded(row.name), row.email, row.user.pk if row.user else row.participants[0].pk


class _Rows:
    def __init__(self, conference: Conference, people: Sequence[Participant], told: Knowledge) -> None:
        self.zone = class_zone(conference)
        self._told = told
        self._schedule = Schedule(conference.starts_at, conference.ends_at)
        self._thresholds = conference.course or Course()
        enrolments = Enrolment.objects.filter(course=conference.course).select_related("user")
        self._roster = list(enrolments) if conference.course else []
        self._corrections = _newest_corrections(conference)
        self._of_user: dict[int, list[Participant]] = defaultdict(list)
        self._nobody = [person for person in people if person.user is None and not person.superseded]
        for person in people:
            if person.user_id is not None:
                self._of_user[person.user_id].append(person)

    def of_roster(self) -> Iterator[Row]:
        for enrolment in self._roster:
            user = enrolment.user
            yield self._row(self._of_user.get(user.pk, []), user, enrolment.role)

    def of_others(self) -> Iterator[Row]:
        enrolled = {enrolment.user_id for enrolment in self._roster}
        for user_id, people in self._of_user.items():
            if user_id not in enrolled and not all(person.superseded for person in people):
                yield self._row(people, people[0].user)
        suggester = Suggester([roster_person(enrolment.user) for enrolment in self._roster])
        users = {enrolment.user_id: enrolment.user for enrolment in self._roster}
        for person in self._nobody:
            yield self._row([person], guesses=self._guesses(person, suggester, users))

    def _row(
        self,
        people: Sequence[Participant],
        user: User | None = None,
        enrolled_as: str = "",
        guesses: tuple[Guess, ...] = (),
    ) -> Row:
        # One who is certainly a person speaks for the row before a bot that was confirmed to be theirs.
        live = sorted(
            (person for person in people if not person.superseded),
            key=lambda person: (person.kind == Participant.Kind.BOT, person.pk),
        )
        every = sorted((session for person in people for session in person.sessions.all()), key=_by_time)
        sessions = tuple(session for session in every if not session.superseded and session.gone_at is None)
        computed, why_unknown = self._presence(live, sessions, is_person=user is not None)
        return Row(
            name=(user.get_full_name() or user.username) if user else live[0].name,
            email=user.email if user else live[0].email,
            role=enrolled_as or (live[0].role if live else ""),
            user=user,
            on_roster=bool(enrolled_as),
            participants=tuple(live),
            sessions=sessions,
            superseded=tuple(session for session in every if session.superseded),
            gone=tuple(session for session in every if session.gone_at and not session.superseded),
            computed=computed,
            why_unknown=why_unknown,
            correction=self._corrections.get(user.pk) if user else None,
            suggestions=guesses,
            is_final=self._told.is_final,
        )

    def _presence(
        self, people: Sequence[Participant], sessions: Sequence[AttendanceSession], *, is_person: bool
    ) -> tuple[Presence | None, str]:
        """The presence, or None and why it is not known."""
        if people and not is_person and people[0].kind == Participant.Kind.BOT:
            return None, BOT
        if why := self._told.why_unknown(self.zone, seen=bool(people)):
            return None, why
        totals = [person.reported_seconds for person in people if person.reported_seconds is not None]
        if people and not sessions and not totals:
            return None, NO_TIMES
        spans = [(session.joined_at, session.left_at) for session in sessions]
        as_of = self._told.as_of or self._schedule.ends_at
        return judge(spans, self._schedule, self._thresholds, as_of, sum(totals)), ""

    def _guesses(self, person: Participant, suggester: Suggester, users: dict[int, User]) -> tuple[Guess, ...]:
        """None where a person has already said that it is nobody on the roster."""
        if person.match != Participant.Match.NONE:
            return ()
        return tuple(
            Guess(users[found.user_id], found.reason, taken=found.user_id in self._of_user)
            for found in suggester.suggest(attendee(person), self._of_user.keys())
        )


def _by_time(session: AttendanceSession) -> tuple[object, int]:
    return session.joined_at, session.pk


def _newest_corrections(conference: Conference) -> dict[int, PresenceCorrection]:
    newest: dict[int, PresenceCorrection] = {}
    for correction in conference.corrections.select_related("corrected_by"):  # newest first
        newest.setdefault(correction.user_id, correction)
    return newest
