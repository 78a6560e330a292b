from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from zoom_integration.sandbox.stories import timetable
from zoom_integration.sandbox.stories.cast import GONE, northfield
from zoom_integration.sandbox.world import Account, Json

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def _told(now: datetime) -> Account:
    account = northfield()
    timetable.tell(account, now)
    return account


@pytest.fixture(scope="module")
def year() -> Account:
    return _told(NOW)


def _facts(account: Account) -> dict[str, tuple[datetime, datetime, list[Json]]]:
    runs = account.occurrences.values()
    return {run.uuid: (run.starts_at, run.ends_at, list(run.rows)) for run in runs}


def test_year_has_hundreds_of_runs_under_seven_numbers(year: Account) -> None:
    counts = Counter(run.series.topic for run in year.occurrences.values())
    assert len(counts) == len(year.series) == 7
    assert counts.pop("Photography") == 32
    assert set(counts.values()) == {52}


def test_year_is_the_same_at_every_start(year: Account) -> None:
    assert _facts(_told(NOW)) == _facts(year)


def test_year_moves_along_and_what_ran_stays_as_it_was(year: Account) -> None:
    before, later = _facts(year), _facts(_told(NOW + timedelta(weeks=2)))
    common = before.keys() & later.keys()
    assert len(later.keys() - before.keys()) == 14
    assert {uuid: later[uuid] for uuid in common} == {uuid: before[uuid] for uuid in common}


def test_runs_have_ended_more_than_a_day_ago(year: Account) -> None:
    assert max(run.ends_at for run in year.occurrences.values()) < NOW - timedelta(days=1)
    assert min(run.starts_at for run in year.occurrences.values()) > NOW - timedelta(days=366)


def test_next_three_are_planned_but_not_by_who_has_left(year: Account) -> None:
    planned = {series.host: len(series.upcoming) for series in year.series.values()}
    assert planned.pop(GONE) == 0
    assert set(planned.values()) == {3}
    assert min(moment for series in year.series.values() for moment in series.upcoming) > NOW


def test_some_are_empty_and_none_has_two_pages(year: Account) -> None:
    sizes = Counter(len(run.rows) for run in year.occurrences.values())
    assert sizes[0] > 0
    assert max(sizes) < 45


def test_some_uuids_want_encoding_twice(year: Account) -> None:
    assert any(uuid.startswith("/") or "//" in uuid for uuid in year.occurrences)


def test_nobody_stays_longer_than_the_run(year: Account) -> None:
    for run in year.occurrences.values():
        for row in run.rows:
            joined, left = (datetime.fromisoformat(row[name]) for name in ("join_time", "leave_time"))
            assert run.starts_at <= joined <= left <= run.ends_at
