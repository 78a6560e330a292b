from datetime import UTC, date, datetime

import pytest
from pytest_django import Settings

from conferences.intake.days import range_of, whole_days
from conferences.providers.base import InvalidInput, Span


@pytest.fixture(autouse=True)
def zurich(settings: Settings) -> None:
    settings.TIME_ZONE = "Europe/Zurich"


def test_days_are_whole_ones_of_the_site_and_the_last_is_included() -> None:
    """The night of 29 March is an hour short there."""
    assert whole_days(date(2026, 3, 28), date(2026, 3, 29)) == Span(
        datetime(2026, 3, 27, 23, tzinfo=UTC), datetime(2026, 3, 29, 22, tzinfo=UTC)
    )


def test_day_that_is_not_named_is_as_far_as_it_goes() -> None:
    assert whole_days(None, None) == Span()
    assert whole_days(date(2026, 1, 2), None) == Span(datetime(2026, 1, 1, 23, tzinfo=UTC))


ENDS = [date.min, date(1, 1, 2), date(1999, 12, 31), date(2100, 1, 1), date(9999, 12, 30), date.max]


@pytest.mark.parametrize("day", ENDS)
def test_range_at_the_ends_of_the_calendar_is_refused_in_a_sentence(day: date) -> None:
    for first, last, field in ((day, None, "from"), (date(2026, 1, 2), day, "to")):
        with pytest.raises(InvalidInput) as refused:
            range_of(first, last)
        assert (str(refused.value), refused.value.field) == (f"The year {day.year} cannot be right.", field)


def test_range_takes_every_day_on_which_there_can_be_conferences() -> None:
    assert range_of(date(2000, 1, 1), date(2099, 12, 31)) == Span(
        datetime(1999, 12, 31, 23, tzinfo=UTC), datetime(2099, 12, 31, 23, tzinfo=UTC)
    )


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Los_Angeles"])
@pytest.mark.parametrize("day", ENDS)
def test_filter_at_the_ends_of_the_calendar_leaves_out_no_conference(settings: Settings, zone: str, day: date) -> None:
    settings.TIME_ZONE = zone
    nearest = date(2000, 1, 1) if day.year < 2000 else date(2099, 12, 31)

    assert whole_days(day, day) == whole_days(nearest, nearest)
