from datetime import UTC, date, datetime

import pytest
from pytest_django import Settings

from conferences.intake.days import whole_days
from conferences.providers.base import Span


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
