"""A school's whole term, for runs of whole accounts. What goes wrong in it is named by the script."""

import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from conferences.providers.base import Link, Span, Target
from conferences.providers.errors import Cancelled, DailyLimit
from conferences.providers.records import AttendanceRecord, Interval, Record, RecordingRecord
from conferences.tests.campus_integration.scripts import (
    SCRIPTS,
    TERM_STARTS_AT,
    TIMETABLES,
    Script,
    lesson,
    message,
    person,
)

LESSONS = 60
TO_COME = 2
DEADLY, BROKEN, LAST_OF_THE_DAY = "lesson-013", "lesson-021", "lesson-030"
RESUMES_AT = datetime(2026, 6, 1, tzinfo=UTC)
# Between two records. Nothing unless a process is to be caught in the middle.
PACE_SECONDS = float(os.environ.get("CAMPUS_PACE_SECONDS", "0"))


def paced(records: Iterator[Record], link: Link) -> Iterator[Record]:
    for record in records:
        if link.stop.wait(PACE_SECONDS):
            raise Cancelled
        yield record


def left_behind(operation: str, target: Target) -> Iterator[Record]:
    """Three who stay, one who drops out and comes back, the same three in a worse source; messages, a recording."""
    if operation == "attendance":
        yield from (person(target, name) for name in ("Ann", "Ben", "Cleo"))
        yield restless(target)
        yield from (person(target, name, source="camera_guess", sitting="c1") for name in ("Ann", "Ben", "Cleo"))
    elif operation == "chat":
        yield from (message(target, number) for number in range(3))
    elif operation == "recordings":
        yield RecordingRecord((f"film:{target.external_id}",), "The lesson", started_at=target.window.starts_at)


def restless(target: Target) -> AttendanceRecord:
    start = target.window.starts_at
    minutes = ((0, 20), (15, 30), (40, 60))
    intervals = (Interval(start + timedelta(minutes=a), start + timedelta(minutes=b)) for a, b in minutes)
    return AttendanceRecord("guest:dan", "s1", "door_report", "Dan", kind="guest", intervals=tuple(intervals))


def term(operation: str, target: Target, link: Link) -> Iterator[Record]:
    yield from paced(left_behind(operation, target), link)


def deadly(operation: str, target: Target, link: Link) -> Iterator[Record]:
    """One lesson costs every worker that touches it its life, another meets an error of our own."""
    if target.external_id == BROKEN:
        raise ValueError("This lesson trips us up.")
    for number, record in enumerate(term(operation, target, link)):
        if target.external_id == DEADLY and number == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        yield record


def rationed(operation: str, target: Target, link: Link) -> Iterator[Record]:
    """The day's budget is used up half way through the term, in the middle of a lesson."""
    for number, record in enumerate(term(operation, target, link)):
        if target.external_id >= LAST_OF_THE_DAY and number == 2:
            raise _no_more_today()
        yield record


def _no_more_today() -> DailyLimit:
    error = DailyLimit("Campus allows no more requests today.")
    error.resumes_at = RESUMES_AT
    return error


def whole_term(span: Span, link: Link) -> Iterator[Record]:
    """A lesson a day, every tenth listed twice, and some that are still to come."""
    yield from paced(_lessons(), link)


def _lessons() -> Iterator[Record]:
    for day in range(LESSONS):
        yield from [lesson(f"lesson-{day:03}", TERM_STARTS_AT + timedelta(days=day))] * (2 if day % 10 == 0 else 1)
    for day in range(TO_COME):
        yield lesson(f"lesson-to-come-{day}", datetime(2999, 1, 1 + day, tzinfo=UTC))


NAMED: dict[str, Script] = {"term": term, "deadly": deadly, "rationed": rationed}
SCRIPTS.update(NAMED)
TIMETABLES.update(dict.fromkeys(NAMED, whole_term))
