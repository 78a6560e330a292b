"""Each label of a chart stands under the bar that it names."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from pytest_django import Settings

from conferences.operations.report import Period
from conferences.operations.report.axis import MOST, Label, labels
from conferences.operations.report.chart import chart
from conferences.operations.report.counting import _moments
from conferences.operations.report.figures import Bucket
from conferences.operations.report.period import HOUR

NOW = datetime(2026, 3, 10, 12, 30, tzinfo=UTC)


def hours(count: int, first: datetime = NOW) -> list[datetime]:
    first = first.replace(minute=0)
    return [first + number * timedelta(hours=1) for number in range(count)]


def days(count: int) -> list[datetime]:
    return [datetime(2025, 12, 20, tzinfo=UTC) + timedelta(days=number) for number in range(count)]


def places(count: int) -> list[float]:
    """Of so many bars: their number instead of percents."""
    return [float(number) for number in range(count)]


def told(found: list[Label]) -> list[tuple[float, str, str]]:
    return [(label.percent, label.text, label.below) for label in found]


@pytest.mark.parametrize("count", [1, 2, 8, 9, 24, 25, 72, 168, 169, 170])
def test_hour_is_named_under_its_own_bar(count: int) -> None:
    moments = hours(count)
    for place, text, below in told(labels(moments, places(count), hourly=True)):
        assert (text, below) == (f"{moments[int(place)]:%H:%M}", f"{moments[int(place)]:%-d %b}")


@pytest.mark.parametrize("count", [8, 28, 29, 365, 366 * 3])
def test_day_is_named_under_its_own_bar(count: int) -> None:
    moments = days(count)
    found = told(labels(moments, places(count), hourly=False))
    assert found[0] == (0, "20 Dec", "2025")
    for place, text, below in found:
        assert (text, below) == (f"{moments[int(place)]:%-d %b}", f"{moments[int(place)]:%Y}")


@pytest.mark.parametrize("count", [1, 2, 9, 24, 169, 170])
def test_labels_of_hours_are_few_and_evenly_apart(count: int) -> None:
    found = labels(hours(count), places(count), hourly=True)
    assert 1 <= len(found) <= MOST
    assert len({later.percent - each.percent for each, later in pairwise(found)}) <= 1


@pytest.mark.parametrize("count", [8, 29, 365, 366 * 3])
def test_labels_of_days_are_few_and_evenly_apart(count: int) -> None:
    found = labels(days(count), places(count), hourly=False)
    assert 1 < len(found) <= MOST
    assert len({later.percent - each.percent for each, later in pairwise(found)}) == 1


def test_week_is_labelled_at_its_midnights() -> None:
    found = labels(hours(169), places(169), hourly=True)
    assert {label.text for label in found} == {"00:00"}
    assert [label.below for label in found] == [f"{day} Mar" for day in range(11, 18)]


def test_every_second_label_may_be_left_out() -> None:
    found = labels(hours(24), places(24), hourly=True)
    assert [label.between for label in found] == [False, True, False, True, False, True, False, True]


def test_hours_are_those_of_the_site_s_clock(settings: Settings) -> None:
    settings.TIME_ZONE = "Asia/Kolkata"
    assert told(labels(hours(8), places(8), hourly=True))[0] == (0, "17:30", "10 Mar")


def test_days_begin_at_the_site_s_midnight(settings: Settings) -> None:
    settings.TIME_ZONE = "Europe/Zurich"
    midnights = [datetime(2026, 7, day, 22, tzinfo=UTC) for day in range(1, 9)]
    assert told(labels(midnights, places(8), hourly=False))[0] == (0, "2 Jul", "2026")


def test_hour_that_the_clock_shows_twice_is_named_once(settings: Settings) -> None:
    settings.TIME_ZONE = "Europe/Zurich"
    found = labels(hours(12, datetime(2026, 10, 24, 22, tzinfo=UTC)), places(12), hourly=True)
    assert [label.text for label in found] == ["00:00", "02:00", "04:00", "06:00", "08:00", "10:00"]
    assert [label.percent for label in found] == [0, 2, 5, 7, 9, 11]


@pytest.mark.parametrize(("percent", "anchor"), [(0.3, "start"), (8, "middle"), (92, "middle"), (99.7, "end")])
def test_label_at_the_edge_is_not_cut_off(percent: float, anchor: str) -> None:
    assert Label(percent, "00:00", "1 Mar", between=False).anchor == anchor


def test_place_is_the_middle_of_the_bar() -> None:
    period = Period(NOW - timedelta(days=7), NOW)
    assert period.step == HOUR
    series = [Bucket(moment, 1, 0, 0, 0) for moment in _moments(period, "hour", UTC)]
    drawn = chart(series, hourly=True)
    assert drawn is not None
    for label in drawn.labels:
        named = f"{label.below}, {label.text}"
        (bar,) = [bar for bar in drawn.bars if f"{bar.bucket.starts_at:%-d %b, %H:%M}" == named]
        assert label.percent == pytest.approx(100 * (bar.x + drawn.bar_width / 2) / drawn.width, abs=0.01)
