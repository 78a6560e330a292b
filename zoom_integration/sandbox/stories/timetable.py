"""A year of weekly webinars: what ran is a function of the date, so that the year moves along with the clock."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from zoom_integration.sandbox import naming
from zoom_integration.sandbox.naming import choice
from zoom_integration.sandbox.shapes import Attendee, row
from zoom_integration.sandbox.stories.cast import GONE, JONAS, MIRA, PRIYA
from zoom_integration.sandbox.stories.people import guest
from zoom_integration.sandbox.world import WEBINAR, Account, Computed, Host, Json, Occurrence, Series

WEEK = timedelta(weeks=1)
YEAR = timedelta(days=365)
# Monday of a week from which all weeks are counted.
_BEGINNING = datetime(2024, 1, 1, tzinfo=UTC)
_LARGEST_CLASS = 45


@dataclass(frozen=True, slots=True)
class Slot:
    """A weekly hour. Type 9 has fixed times, type 6 none; the host may have left `until_weeks` ago."""

    topic: str
    host: Host
    weekday: int
    hour: int
    type: int = 9
    until_weeks: int = 0


SLOTS = (
    Slot("Cell Biology", MIRA, 0, 8),
    Slot("Office Hours", MIRA, 2, 16, type=6),
    Slot("Linear Algebra", JONAS, 1, 10),
    Slot("Statistics for Everybody", JONAS, 3, 14),
    Slot("History of Medicine", PRIYA, 4, 9),
    Slot("Library Tour", PRIYA, 0, 12, type=6),
    Slot("Photography", GONE, 2, 18, until_weeks=20),
)


def tell(account: Account, now: datetime) -> None:
    """Every slot's runs of the year before yesterday, and the next three."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    for slot in SLOTS:
        last = today - timedelta(days=1) - slot.until_weeks * WEEK
        moments = list(_moments(slot, today - YEAR, last))
        series = account.plan(_series(slot, moments[0]))
        if not slot.until_weeks:
            series.upcoming = list(_moments(slot, now, now + 3 * WEEK))
        for moment in moments:
            account.hold(_run(series, slot, moment))


def _series(slot: Slot, first: datetime) -> Series:
    key = naming.number("timetable", slot.topic)
    series = Series(WEBINAR, key, slot.topic, slot.host, first, type=slot.type)
    if slot.type == 9:
        series.recurrence = {"type": 2, "repeat_interval": 1, "weekly_days": str((slot.weekday + 1) % 7 + 1)}
    return series


def _moments(slot: Slot, first: datetime, last: datetime) -> Iterator[datetime]:
    moment = _BEGINNING + timedelta(days=slot.weekday, hours=slot.hour)
    moment += max((first - moment) // WEEK + 1, 0) * WEEK
    while moment < last:
        yield moment
        moment += WEEK


def _run(series: Series, slot: Slot, moment: datetime) -> Occurrence:
    """Some begin late and some end early."""
    day = moment.date()
    starts_at = moment + timedelta(seconds=choice(240, "late", slot.topic, day))
    ends_at = moment + timedelta(minutes=60) - timedelta(seconds=choice(600, "early", slot.topic, day))
    people = choice(_LARGEST_CLASS, "people", slot.topic, day)
    rows = Computed(people, lambda index: _row(slot, starts_at, ends_at, index))
    return Occurrence(series, naming.uuid("timetable", slot.topic, day), starts_at, ends_at, rows)


def _row(slot: Slot, starts_at: datetime, ends_at: datetime, index: int) -> Json:
    """The host comes first; everybody else is one of two hundred."""
    if not index:
        return row(Attendee.of(slot.host), (starts_at, ends_at), 0)
    who = guest(index + choice(150, slot.topic))
    late = timedelta(seconds=choice(900, starts_at, index))
    return row(who, (starts_at + late, ends_at - late / 9), index)
