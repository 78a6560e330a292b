"""The page's first sentence: did it work, and whom am I missing?"""

from collections.abc import Sequence
from datetime import datetime

from conferences.models import Conference, SyncRun
from conferences.presence import Presence
from conferences.register import Register, Row, Summary
from conferences.wording import counted

UNTIMED = (None, Presence.ABSENT)


def headline(conference: Conference, run: SyncRun | None, register: Register, now: datetime) -> str:
    seen = sum(1 for row in register.rows if _is_listed(row) and row.presence != Presence.ABSENT)
    if run and run.is_active and not seen:
        return "Finding out who was there."
    if not register.why_unknown:
        return _counted(register.summary, register.rows)
    if conference.gone_at and not seen:
        return "This class is no longer planned: it was cancelled, deleted or moved."
    if now < conference.starts_at:
        return "This class has not taken place yet."
    if run is None:
        return "Nobody has asked who was there yet."
    return f"{_people(seen)} seen so far." if seen else "We do not know yet who was there."


def _is_listed(row: Row) -> bool:
    return bool(row.participants) and not row.is_bot


def _counted(counts: Summary, rows: Sequence[Row]) -> str:
    if not counts.learners:
        return _there(rows)
    came = counts.learners - counts.absent - counts.unknown
    told = [f"{came} of {counted(counts.learners, 'learner')} came."]
    if counts.absent:
        told.append(f"{counts.absent} {_are(counts.absent)} missing.")
    if counts.unknown:
        told.append(f"{counts.unknown} {_are(counts.unknown)} listed without any time.")
    return " ".join(told if len(told) > 1 else [*told, "Nobody is missing."])


def _there(rows: Sequence[Row]) -> str:
    """Whose presence says so; who is listed, but joined and left in one moment or at no time that can be read, is said
    apart."""
    there = sum(row.presence not in UNTIMED for row in rows)
    untimed = sum(_is_listed(row) and row.presence in UNTIMED and not row.correction for row in rows)
    if there:
        came = f"{_people(there)} {'was' if there == 1 else 'were'} there."
    else:
        came = "Nobody is known to have been there." if untimed else "Nobody was there."
    more = " more" if there else ""
    return f"{came} {untimed}{more} {_are(untimed)} listed without any time." if untimed else came


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"
