"""An account of any size for benchmarks. No row is kept: every one is made up when its page is asked for."""

from datetime import datetime, timedelta

from zoom_integration.sandbox import naming
from zoom_integration.sandbox.shapes import row
from zoom_integration.sandbox.stories.cast import JONAS, MIRA, PRIYA
from zoom_integration.sandbox.stories.people import guest
from zoom_integration.sandbox.world import WEBINAR, Account, Computed, Json, Occurrence, Series

_HOSTS = (MIRA, JONAS, PRIYA)
_RUNS_OF_A_SERIES = 20
_YEAR = timedelta(days=360)
_LENGTH = timedelta(minutes=50)


def tell(account: Account, webinars: int, participants: int, now: datetime) -> None:
    """So many webinars over the past year, at equal distances, each of so many people who all come twice."""
    last = now.replace(hour=8, minute=0, second=0, microsecond=0) - timedelta(days=2)
    for index in range(webinars):
        starts_at = (last - _YEAR * index / max(webinars, 1)).replace(microsecond=0)
        account.hold(_run(account, index, participants, starts_at))


def _run(account: Account, index: int, participants: int, starts_at: datetime) -> Occurrence:
    series = _series(account, index // _RUNS_OF_A_SERIES, starts_at)
    rows = Computed(2 * participants, lambda number: _row(starts_at, number))
    run = Occurrence(series, naming.uuid("large", index), starts_at, starts_at + _LENGTH, rows)
    run.people = participants
    return run


def _series(account: Account, index: int, starts_at: datetime) -> Series:
    key = naming.number("large", index)
    made = Series(WEBINAR, key, f"Large series {index}", _HOSTS[index % 3], starts_at, minutes=50, type=6)
    return account.series.setdefault(key, made)


def _row(starts_at: datetime, number: int) -> Json:
    """First and second join of the same person stand next to each other."""
    person, again = divmod(number, 2)
    first = starts_at + timedelta(minutes=27 if again else 0, seconds=person % 300)
    return row(guest(person), (first, first + timedelta(minutes=17)), number)
