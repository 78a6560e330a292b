"""Recounting who was there for how long, from the stored sessions."""

from collections.abc import Collection, Sequence

from django.db.models import Q

from conferences.attendance import union_seconds
from conferences.models import AttendanceSession, Conference, Participant
from conferences.sync.store.upsert import write_back

FIELDS = ["source", "superseded", "total_seconds", "reported_seconds", "first_joined_at", "last_left_at"]
AT_ONCE = 500  # people with their sessions in memory
BIGGEST = 2**31 - 1  # seconds that the columns hold


def recount(conference: Conference, sources: Sequence[str], only: Collection[int] | None = None) -> set[int]:
    """Totals from the best source that has anything; rows of the others stay, marked superseded, and count nothing.

    `only` limits the work to those whose sessions differ; a change of the best source always concerns all.
    Returns the participants that changed.
    """
    best, replaced = _settle_source(conference, sources)
    people = Participant.objects.filter(conference=conference).prefetch_related("sessions").order_by("pk")
    if only is not None and not replaced:
        # Besides them, those who stand on the wrong side since a source without any interval became the best.
        misplaced = Q(superseded=False) & ~Q(source=best) | Q(superseded=True, source=best)
        people = people.filter(Q(pk__in=only) | misplaced)
    changed = [person for person in people.iterator(chunk_size=AT_ONCE) if _recount_one(person, best)]
    write_back(Participant, changed, FIELDS)
    return {person.pk for person in changed}


def _settle_source(conference: Conference, sources: Sequence[str]) -> tuple[str, bool]:
    """Returns the best source, and whether sessions changed sides because of it."""
    sessions = AttendanceSession.objects.filter(participant__conference=conference)
    present = set(sessions.filter(gone_at__isnull=True).values_list("source", flat=True).distinct())
    present |= _reporting_sources(conference)
    best = next((source for source in sources if source in present), min(present, default=""))
    demoted = sessions.exclude(source=best).filter(superseded=False).update(superseded=True)
    promoted = sessions.filter(source=best, superseded=True).update(superseded=False)
    return best, bool(demoted or promoted)


def _reporting_sources(conference: Conference) -> set[str]:
    """Sources that named people without giving any interval."""
    people = Participant.objects.filter(conference=conference, gone_at__isnull=True, sessions__isnull=True)
    return set(people.exclude(source="").values_list("source", flat=True).distinct())


def _recount_one(person: Participant, best: str) -> bool:
    before = [getattr(person, name) for name in FIELDS]
    sessions = [session for session in person.sessions.all() if not session.superseded and session.gone_at is None]
    reported = [seconds for key, seconds in person.reported.items() if key.startswith(f"{best}:")]
    ends = [session.left_at for session in sessions if session.left_at]
    person.total_seconds = min(union_seconds((session.joined_at, session.left_at) for session in sessions), BIGGEST)
    # A total that cannot be one is no reason to lose the person; `reported` keeps it.
    person.reported_seconds = sum(reported) if reported and 0 <= sum(reported) <= BIGGEST else None
    person.first_joined_at = min((session.joined_at for session in sessions), default=None)
    person.last_left_at = max(ends) if ends and len(ends) == len(sessions) else None
    person.superseded = not sessions and not reported and person.source != best
    person.source = person.source if person.superseded else best
    return [getattr(person, name) for name in FIELDS] != before
