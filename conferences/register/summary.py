"""The numbers above the register."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from conferences.presence import Presence
from conferences.register.row import Row

ATTENDED = (Presence.PRESENT, Presence.LATE, Presence.LEFT_EARLY)


@dataclass(frozen=True, slots=True)
class Summary:
    """The first seven count learners, the last three those who are not on the roster.

    unknown             learners whose presence cannot be known yet
    attendance_percent  learners who were there for long enough (present, late or left early) of those whose presence
                        is known, rounded down so that 100 means everybody; None while nothing is known
    unidentified        participants whom nobody has identified, bots apart
    visitors            participants of whom a person said that they are not on the roster
    """

    learners: int
    present: int
    late: int
    left_early: int
    partial: int
    absent: int
    unknown: int
    attendance_percent: int | None
    unidentified: int
    visitors: int
    bots: int


def summarise(rows: Iterable[Row]) -> Summary:
    rows = list(rows)
    found = Counter(row.presence for row in rows if row.is_learner)
    known = found.total() - found[None]
    attended = sum(found[presence] for presence in ATTENDED)
    return Summary(
        learners=found.total(),
        **{presence.value: found[presence] for presence in Presence},
        unknown=found[None],
        attendance_percent=100 * attended // known if known else None,
        unidentified=sum(row.is_unidentified for row in rows),
        visitors=sum(row.is_visitor for row in rows),
        bots=sum(row.is_bot for row in rows),
    )
