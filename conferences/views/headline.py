"""The page's first sentence: did it work, and whom am I missing?"""

from datetime import datetime

from conferences.models import Conference, SyncRun
from conferences.register import Register, Summary


def headline(conference: Conference, run: SyncRun | None, register: Register, now: datetime) -> str:
    seen = sum(1 for row in register.rows if row.participants and not row.is_bot)
    if run and run.is_active and not seen:
        return "Finding out who was there."
    if not register.why_unknown:
        return _counted(register.summary, seen)
    if conference.gone_at and not seen:
        return "This class is no longer planned: it was cancelled, deleted or moved."
    if now < conference.starts_at:
        return "This class has not taken place yet."
    if run is None:
        return "Nobody has asked who was there yet."
    return f"{_people(seen)} seen so far." if seen else "We do not know yet who was there."


def _counted(counts: Summary, seen: int) -> str:
    if not counts.learners:
        return f"{_people(seen)} {'was' if seen == 1 else 'were'} there." if seen else "Nobody was there."
    came = counts.learners - counts.absent - counts.unknown
    return f"{came} of {counts.learners} learners came. {_missing(counts)}"


def _missing(counts: Summary) -> str:
    if not counts.absent:
        return "Nobody is missing." if not counts.unknown else ""
    return f"{counts.absent} {'is' if counts.absent == 1 else 'are'} missing."


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"
