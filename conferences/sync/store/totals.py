"""Recounting who was there for how long, from the stored sessions.

One source counts for a whole conference, so that nobody is counted twice whom two of them name differently. What only
others know stays, superseded.
"""

from collections import Counter
from collections.abc import Collection, Sequence

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from conferences.attendance import union_seconds
from conferences.models import AttendanceSession, Conference, Participant
from conferences.sync.store.upsert import write_back

FIELDS = ["source", "superseded", "total_seconds", "reported_seconds", "first_joined_at", "last_left_at"]
AT_ONCE = 500  # people with their sessions in memory
BIGGEST = 2**31 - 1  # seconds that the columns hold


def rank(source: str, sources: Sequence[str]) -> tuple[int, str]:
    """Best first, as the provider declares them."""
    return (sources.index(source) if source in sources else len(sources)), source


def counted_source(conference: Conference, sources: Sequence[str]) -> str:
    """The best one of which a listing ever ended cleanly; until there is one, whichever knows most people. "" for none.

    A better source that broke off, or is still being written, may lack whom a complete one has.
    """
    known = _people_by_source(conference)
    clean = conference.attendance_listings.values_list("source", flat=True)
    complete = [source for source in clean if known[source]]
    if complete:
        return min(complete, key=lambda source: rank(source, sources))
    return min(known, key=lambda source: (-known[source], rank(source, sources)), default="")


def recount(conference: Conference, source: str, only: Collection[int]) -> set[int]:
    """Those people by what `source` knows of them. Returns the participants that changed."""
    return _write(_people(conference).filter(pk__in=only), source)


def settle(conference: Conference, source: str, replaced: Collection[int] = ()) -> set[int]:
    """At the end of a listing: those whose sessions were `replaced`, and who stand on the wrong side of `source`."""
    return _write(_people(conference).filter(Q(pk__in=replaced) | _misplaced(source)), source)


def _misplaced(best: str) -> Q:
    sessions = AttendanceSession.objects.filter(participant=OuterRef("pk"))
    wrong = Q(superseded=False) & ~Q(source=best) | Q(superseded=True, source=best)
    return wrong | Q(Exists(sessions.filter(wrong)))


def _people(conference: Conference) -> "QuerySet[Participant]":
    return Participant.objects.filter(conference=conference).prefetch_related("sessions").order_by("pk")


def _people_by_source(conference: Conference) -> Counter[str]:
    """How many have a live session of a source, or were named by it without any."""
    sessions = AttendanceSession.objects.filter(participant__conference=conference, gone_at__isnull=True)
    named = Participant.objects.filter(conference=conference, gone_at__isnull=True, sessions__isnull=True)
    by_sessions = sessions.order_by().values_list("source").annotate(Count("participant", distinct=True))
    by_name = named.exclude(source="").order_by().values_list("source").annotate(Count("pk"))
    return Counter(dict(by_sessions)) + Counter(dict(by_name))


def _write(people: "QuerySet[Participant]", source: str) -> set[int]:
    changed, sessions = [], []
    for person in people.iterator(chunk_size=AT_ONCE):
        sessions += _take_sides(person, source)
        if _recount_one(person, source):
            changed.append(person)
    write_back(Participant, changed, FIELDS)
    write_back(AttendanceSession, sessions, ["superseded"])
    return {person.pk for person in changed} | {session.participant_id for session in sessions}


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
