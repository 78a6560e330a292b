"""Runs that are peculiar as a whole: one peculiarity each."""

from datetime import UTC, datetime, timedelta
from typing import Any

from zoom_integration.sandbox import naming
from zoom_integration.sandbox.naming import at
from zoom_integration.sandbox.shapes import Attendee, registrant, row
from zoom_integration.sandbox.stories.cast import GONE, JONAS, PRIYA
from zoom_integration.sandbox.stories.people import LEARNERS, guest
from zoom_integration.sandbox.world import WEBINAR, Account, Computed, Host, Json, Occurrence, Series

FIRST_DAY = at("2026-10-01 09:00")
HOUR = timedelta(hours=1)
SIZES = (0, 1, 300, 301, 5_000)
_EXPIRED = (400, 12_702, "Can not access a webinar a year ago.")
_UNKNOWN = (404, 3_001, "Webinar not found or has expired.")
_NO_PLAN = (400, 200, "Only available for Paid or ZMP account.")
# An error that comes as a success.
_STILL_AN_ERROR = (200, 200, "Webinar plan is missing. You must subscribe to the webinar plan.")
SLASHES = {
    "leading_slash": naming.uuid("leading slash", start="/"),
    "two_slashes": naming.uuid("two slashes", inside="//"),
    "both_slashes": naming.uuid("both slashes", start="//", inside="//"),
    "one_slash": naming.uuid("one slash", start="a+", inside="/"),
}
REFUSED: dict[str, dict[str, tuple[int, int, str]]] = {
    "expired": {"participants": _EXPIRED, "report": _EXPIRED, "fallback": _EXPIRED},
    "unreported": {"participants": _UNKNOWN, "report": _UNKNOWN},
    "plan_too_low": {"participants": _NO_PLAN, "report": _NO_PLAN},
    "error_as_success": {"absentees": _STILL_AN_ERROR},
}


def uuid(story: str) -> str:
    return SLASHES.get(story) or naming.uuid("odd runs", story)


def number(story: str) -> int:
    return naming.number("odd runs", story)


def size_rows(size: int, starts_at: datetime) -> Computed:
    """Everybody comes a second after the one before, and stays to the end."""
    ends_at = starts_at + HOUR
    return Computed(size, lambda index: row(guest(index), (starts_at + timedelta(seconds=index % 600), ends_at), index))


def _rows(starts_at: datetime, *people: Attendee) -> list[Json]:
    return [row(who, (starts_at, starts_at + HOUR), index) for index, who in enumerate(people)]


def _run(account: Account, story: str, day: int, host: Host = PRIYA, **changes: Any) -> Occurrence:
    """An ordinary hour of the host and three learners, but for the changes."""
    starts_at = FIRST_DAY + timedelta(days=day)
    series = Series(WEBINAR, number(story), f"Odd run: {story.replace('_', ' ')}", host, starts_at)
    rows = _rows(starts_at, Attendee.of(host), *LEARNERS[:3])
    plain = Occurrence(series, uuid(story), starts_at, starts_at + HOUR, rows)
    for name, value in changes.items():
        setattr(plain, name, value)
    return account.hold(plain)


def tell(account: Account) -> None:
    for day, size in enumerate(SIZES):
        starts_at = FIRST_DAY + timedelta(days=day)
        _run(account, f"size_{size}", day, rows=size_rows(size, starts_at))
    for day, story in enumerate((*SLASHES, *REFUSED), len(SIZES)):
        run = _run(account, story, day, answers=REFUSED.get(story, {}))
        if story == "error_as_success":
            run.series.registrants = []
    _tell_histories(account)
    _tell_restart(account)
    _tell_deleted(account)
    _tell_crowd(account)
    _tell_never_held(account)


def _tell_histories(account: Account) -> None:
    """What the history says of them is blank, differs from the rows, or crosses midnight."""
    _run(account, "blank_times", 20, history={"start_time": "", "end_time": "", "duration": 0})
    _run(account, "counts_differ", 21, history={"participants": 9, "unique_viewers": 4, "max_concurrent_views": 3})
    alone = _run(account, "single_attendee", 22)
    alone.rows = alone.rows[:1]
    midnight = at("2026-10-31 23:30")
    rows = _rows(midnight, *LEARNERS[:3])
    _run(account, "midnight", 23, rows=rows, starts_at=midnight, ends_at=midnight + HOUR)


def _tell_restart(account: Account) -> None:
    """The host lost the connection: the series goes on six minutes later under another uuid."""
    first = _run(account, "restart", 24)
    first.ends_at = first.starts_at + timedelta(minutes=25)
    people = [Attendee.of(PRIYA), *LEARNERS[:3]]
    first.rows = [row(who, (first.starts_at, first.ends_at), index) for index, who in enumerate(people)]
    again, end = first.ends_at + timedelta(minutes=6), first.starts_at + HOUR
    rows = [row(who, (again, end), index) for index, who in enumerate(people)]
    account.hold(Occurrence(first.series, uuid("restarted"), again, end, rows))


def _tell_deleted(account: Account) -> None:
    """Its host has left and Zoom has dropped the series; the report is still there."""
    _run(account, "deleted", 25, GONE).series.deleted = True


def _tell_crowd(account: Account) -> None:
    """More registrants than a page holds; most stay away."""
    run = _run(account, "crowd", 26)
    opened = run.starts_at - timedelta(days=9)
    run.series.registrants = Computed(320, lambda index: registrant(guest(index), opened + timedelta(minutes=index)))
    run.rows = [row(guest(index), (run.starts_at, run.ends_at), index) for index in range(12)]


def _tell_never_held(account: Account) -> None:
    """One whose day has passed, and one to come: the only one that follows the clock."""
    missed = FIRST_DAY + timedelta(days=27)
    account.plan(Series(WEBINAR, number("never_held"), "Odd run: never held", JONAS, missed))
    tomorrow = datetime.now(UTC).replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=7)
    account.plan(Series(WEBINAR, number("to_come"), "Odd run: to come", JONAS, tomorrow, upcoming=[tomorrow]))
