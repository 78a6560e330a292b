"""Recounting who was there for how long, from the stored sessions."""

from collections.abc import Collection, Iterable, Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet

from conferences.attendance import union_seconds
from conferences.models import AttendanceSession, Conference, Participant
from conferences.sync.store.upsert import write_back

FIELDS = ["source", "superseded", "total_seconds", "reported_seconds", "first_joined_at", "last_left_at"]
AT_ONCE = 500  # people with their sessions in memory
BIGGEST = 2**31 - 1  # seconds that the columns hold


def recount(conference: Conference, sources: Sequence[str], only: Collection[int]) -> set[int]:
    """While a listing is under way: everybody keeps the source that counts for them, and nobody disappears.

    Only a listing that ended cleanly may replace a source: see `settle`. Returns the participants that changed.
    """
    people = _people(conference).filter(pk__in=only).iterator(chunk_size=AT_ONCE)
    return _write((person, source) for person in people if (source := _kept_source(person, sources)))


def settle(conference: Conference, sources: Sequence[str], replaced: Collection[int]) -> set[int]:
    """After a clean listing: the best source that has anything counts for all; what others know stays, superseded.

    Looks only at people whose sessions were `replaced`, or who stand on the wrong side. Returns those that changed.
    """
    best = _best(_present(conference), sources)
    people = _people(conference).filter(Q(pk__in=replaced) | _misplaced(best))
    return _write((person, best) for person in people.iterator(chunk_size=AT_ONCE))


def _misplaced(best: str) -> Q:
    sessions = AttendanceSession.objects.filter(participant=OuterRef("pk"))
    wrong = Q(superseded=False) & ~Q(source=best) | Q(superseded=True, source=best)
    return wrong | Q(Exists(sessions.filter(wrong)))


def _people(conference: Conference) -> "QuerySet[Participant]":
    return Participant.objects.filter(conference=conference).prefetch_related("sessions").order_by("pk")


def _best(present: Collection[str], sources: Sequence[str]) -> str:
    return next((source for source in sources if source in present), min(present, default=""))


def _present(conference: Conference) -> set[str]:
    """Sources with a live session, or that named people without giving any."""
    sessions = AttendanceSession.objects.filter(participant__conference=conference, gone_at__isnull=True)
    people = Participant.objects.filter(conference=conference, gone_at__isnull=True, sessions__isnull=True)
    named = people.exclude(source="").values_list("source", flat=True).distinct()
    return {*sessions.values_list("source", flat=True).distinct(), *named}


def _kept_source(person: Participant, sources: Sequence[str]) -> str:
    """ "" for somebody who was set aside, and of whom nothing new is known."""
    present = {session.source for session in person.sessions.all() if session.gone_at is None}
    present |= {key.partition(":")[0] for key in person.reported}
    if person.superseded:
        best = _best(present, sources)
        return best if best != person.source else ""
    return person.source if person.source in present or not present else _best(present, sources)


def _write(counted: Iterable[tuple[Participant, str]]) -> set[int]:
    people, sessions = [], []
    for person, source in counted:
        sessions += _take_sides(person, source)
        if _recount_one(person, source):
            people.append(person)
    write_back(Participant, people, FIELDS)
    write_back(AttendanceSession, sessions, ["superseded"])
    return {person.pk for person in people} | {session.participant_id for session in sessions}


def _take_sides(person: Participant, source: str) -> list[AttendanceSession]:
    """The sessions that change sides."""
    moved = [session for session in person.sessions.all() if session.superseded == (session.source == source)]
    for session in moved:
        session.superseded = session.source != source
    return moved


def _recount_one(person: Participant, source: str) -> bool:
    before = [getattr(person, name) for name in FIELDS]
    sessions = [session for session in person.sessions.all() if not session.superseded and session.gone_at is None]
    reported = [seconds for key, seconds in person.reported.items() if key.startswith(f"{source}:")]
    ends = [session.left_at for session in sessions if session.left_at]
    person.total_seconds = min(union_seconds((session.joined_at, session.left_at) for session in sessions), BIGGEST)
    # A total that cannot be one is no reason to lose the person; `reported` keeps it.
    person.reported_seconds = sum(reported) if reported and 0 <= sum(reported) <= BIGGEST else None
    person.first_joined_at = min((session.joined_at for session in sessions), default=None)
    person.last_left_at = max(ends) if ends and len(ends) == len(sessions) else None
    person.superseded = not sessions and not reported and person.source != source
    person.source = person.source if person.superseded else source
    return [getattr(person, name) for name in FIELDS] != before
