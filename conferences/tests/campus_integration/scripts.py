"""What the campus answers. Tests add scripts of their own; the named ones here also work in a worker process."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from conferences.providers.base import Link, Span, Target
from conferences.providers.errors import Cancelled
from conferences.providers.records import AttendanceRecord, ChatRecord, ConferenceRecord, Interval, Record

Script = Callable[[str, Target, Link], Iterator[Record]]
Timetable = Callable[[Span, Link], Iterator[Record]]
TERM_STARTS_AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def person(
    target: Target,
    name: str,
    *,
    source: str = "door_report",
    sitting: str = "s1",
    minutes: tuple[float, float | None] = (0, 60),
) -> AttendanceRecord:
    """Somebody who was there from one minute of the class to another; None: still there."""
    start, end = (None if each is None else target.window.starts_at + timedelta(minutes=each) for each in minutes)
    assert start is not None
    email = f"{name.lower()}@example.org"
    interval = Interval(start, end)
    return AttendanceRecord(
        f"email:{email}", sitting, source, name, email, kind="member", lasting=True, intervals=(interval,)
    )


def message(target: Target, number: int) -> ChatRecord:
    return ChatRecord(
        f"m{number}", target.window.starts_at + timedelta(seconds=number), "Ann", text=f"Message {number}"
    )


def quick(operation: str, target: Target, link: Link) -> Iterator[Record]:
    """Three people, two messages, nothing else."""
    if operation == "attendance":
        yield from (person(target, name) for name in ("Ann", "Ben", "Cleo"))
    if operation == "chat":
        yield from (message(target, number) for number in range(2))


def slow(operation: str, target: Target, link: Link) -> Iterator[Record]:
    """Forty people, one every quarter of a second, so that there is time to watch, to cancel and to kill."""
    if operation == "attendance":
        for number in range(40):
            if link.stop.wait(0.25):
                raise Cancelled
            yield person(target, f"Person{number:02}")
    else:
        yield from quick(operation, target, link)


def steady(operation: str, target: Target, link: Link) -> Iterator[Record]:
    """Twenty people and twenty messages in four seconds: long enough to be killed in the middle."""
    listings = {"attendance": lambda n: person(target, f"Person{n:02}"), "chat": lambda n: message(target, n)}
    for number in range(20 if operation in listings else 0):
        if link.stop.wait(0.1):
            raise Cancelled
        yield listings[operation](number)


def timetable(span: Span, link: Link) -> Iterator[Record]:
    """Six lessons in as many days, and one that is still to come."""
    for day in range(6):
        starts_at = TERM_STARTS_AT + timedelta(days=day)
        if (span.starts_at or starts_at) <= starts_at < (span.ends_at or datetime.max.replace(tzinfo=UTC)):
            yield lesson(f"lesson-{day}", starts_at)
    yield replace(lesson("lesson-to-come", datetime(2999, 1, 1, tzinfo=UTC)), planned=True)


def lesson(key: str, starts_at: datetime) -> ConferenceRecord:
    return ConferenceRecord(key, f"Lesson {key}", starts_at, starts_at + timedelta(hours=1), series_id="algebra")


SCRIPTS: dict[str, Script] = {"quick": quick, "slow": slow, "steady": steady}
TIMETABLES: dict[str, Timetable] = dict.fromkeys(SCRIPTS, timetable)
