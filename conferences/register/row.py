"""One line of the register."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.contrib.auth.models import User

from conferences.attendance import length
from conferences.models import AttendanceSession, Enrolment, Participant, PresenceCorrection
from conferences.presence import Presence

LEFT_UNKNOWN = "The leave time is unknown."


@dataclass(frozen=True, slots=True)
class Guess:
    """A suggestion for a person to confirm. `taken`: this user was already identified in this conference."""

    user: User
    reason: str
    taken: bool = False


@dataclass(frozen=True)
class Row:
    """Somebody on the roster with every participant that is them, or somebody else who was seen.

    role          learner or instructor for the roster, else what the provider said
    participants  empty for somebody who was not seen
    sessions      what counts, by time of joining; neither `superseded` ones, whose source does not, nor `gone`
                  ones, which the provider no longer lists, are in any total
    computed      None where presence cannot be known; `why_unknown` then says why
    is_final      asked so long after the class that nobody was still in
    """

    name: str
    email: str
    role: str
    user: User | None = None
    on_roster: bool = False
    participants: tuple[Participant, ...] = ()
    sessions: tuple[AttendanceSession, ...] = ()
    superseded: tuple[AttendanceSession, ...] = ()
    gone: tuple[AttendanceSession, ...] = ()
    computed: Presence | None = None
    why_unknown: str = ""
    correction: PresenceCorrection | None = None
    suggestions: tuple[Guess, ...] = ()
    is_final: bool = False

    @property
    def presence(self) -> Presence | None:
        """What a person decided, else what was computed."""
        return Presence(self.correction.presence) if self.correction else self.computed

    @property
    def remark(self) -> str:
        if self.correction:
            return f"Corrected: {self.correction.reason}"
        return self.why_unknown or (LEFT_UNKNOWN if self.lacks_leave else "")

    @property
    def kind(self) -> str:
        return self.participants[0].kind if self.participants else ""

    @cached_property
    def length(self) -> timedelta:
        """Two devices at once count once, also where they are two participants. Exact, for whoever shows minutes."""
        return length((session.joined_at, session.left_at) for session in self.sessions)

    @property
    def total_seconds(self) -> int:
        return round(self.length.total_seconds())

    @property
    def reported_seconds(self) -> int | None:
        """The provider's own totals added up; None where it gives none."""
        totals = [one.reported_seconds for one in self.participants if one.reported_seconds is not None]
        return sum(totals) if totals else None

    @property
    def first_joined_at(self) -> datetime | None:
        return min((session.joined_at for session in self.sessions), default=None)

    @property
    def last_left_at(self) -> datetime | None:
        """None also for somebody who was still in, or of whom nobody knows."""
        ends = [session.left_at for session in self.sessions if session.left_at]
        return max(ends, default=None) if len(ends) == len(self.sessions) else None

    @property
    def is_open(self) -> bool:
        """Still in when this was fetched: the total will grow."""
        return not self.is_final and any(session.left_at is None for session in self.sessions)

    @property
    def lacks_leave(self) -> bool:
        """Left at a time that nobody knows: the total leaves out what came after the join."""
        return self.is_final and any(session.left_at is None for session in self.sessions)

    @property
    def is_learner(self) -> bool:
        return self.on_roster and self.role == Enrolment.Role.LEARNER

    @property
    def is_bot(self) -> bool:
        return self.user is None and self.kind == Participant.Kind.BOT

    @property
    def is_unidentified(self) -> bool:
        """Nobody knows who this is, and no person has said that it is nobody on the roster."""
        undecided = all(participant.match == Participant.Match.NONE for participant in self.participants)
        return self.user is None and not self.is_bot and undecided

    @property
    def is_visitor(self) -> bool:
        """Known, but not on the roster."""
        return not (self.on_roster or self.is_bot or self.is_unidentified)
