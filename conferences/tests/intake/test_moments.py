from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from pytest_django import Settings

from conferences.intake.moments import moment, period, zone
from conferences.providers.base import InvalidInput

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    "typed",
    [
        "2025-11-26T14:00:00Z",
        "2025-11-26T15:00+01:00",
        "2025-11-26 15:00",
        " 2025-11-26T15:00\n",
        "2025-11-26T09:00-05:00",
    ],
)
def test_moment_in_every_spelling_is_the_same_utc_time(typed: str) -> None:
    assert moment(typed, BERLIN, "starts_at") == datetime(2025, 11, 26, 14, tzinfo=UTC)


def test_moment_without_a_zone_follows_daylight_saving() -> None:
    assert moment("2025-07-01T15:00", BERLIN, "starts_at") == datetime(2025, 7, 1, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "The time is missing."),
        ("tomorrow", "“tomorrow” is not a date and time."),
        ("2025-11-26", "“2025-11-26” has no time of day."),
        ("2025-02-30T10:00", "“2025-02-30T10:00” is not a date and time."),
        ("2025-11-26T25:00", "“2025-11-26T25:00” is not a date and time."),
        ("26.11.2025 14:00", "“26.11.2025 14:00” is not a date and time."),
    ],
)
def test_moment_that_is_none_says_how_to_write_one(typed: str, sentence: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        moment(typed, UTC, "ends_at")
    assert str(refused.value) == f"{sentence} Write it like 2025-11-26T14:00:00Z or 2025-11-26T15:00+01:00."
    assert refused.value.field == "ends_at"


@pytest.mark.parametrize("typed", ["0001-01-01T00:00+14:00", "9999-12-31T23:59-12:00", "1969-07-20T20:17Z"])
def test_moment_of_an_impossible_year(typed: str) -> None:
    with pytest.raises(InvalidInput, match=r"^The year \d+ cannot be right\.$"):
        moment(typed, UTC, "starts_at")


@pytest.mark.parametrize(
    ("typed", "happens"), [("2025-03-30T02:30", "does not exist"), ("2025-10-26T02:30", "comes twice")]
)
def test_moment_on_the_night_clocks_change_is_not_guessed(typed: str, happens: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        moment(typed, BERLIN, "starts_at")
    assert str(refused.value) == (
        f"{typed.replace('T', ' ')} {happens} in Europe/Berlin, because clocks change that night. "
        "Add the offset from UTC, for example +01:00."
    )


def test_moment_on_the_night_clocks_change_with_an_offset() -> None:
    assert moment("2025-10-26T02:30+01:00", BERLIN, "starts_at") == datetime(2025, 10, 26, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "end", "sentence"),
    [
        ("10:00", "10:00", "The conference ends at the moment it starts. Give it a later end."),
        ("10:00", "09:59", "The conference ends before it starts. Check both times and their zones."),
    ],
)
def test_period_that_is_empty_or_reversed(start: str, end: str, sentence: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        period(f"2025-11-26T{start}Z", f"2025-11-26T{end}Z", UTC)
    assert (str(refused.value), refused.value.field) == (sentence, "ends_at")


def test_period_compares_moments_and_not_clocks() -> None:
    assert period("2025-11-26T15:00+01:00", "2025-11-26T14:30Z", UTC) == (
        datetime(2025, 11, 26, 14, tzinfo=UTC),
        datetime(2025, 11, 26, 14, 30, tzinfo=UTC),
    )


def test_period_of_a_day_is_the_longest() -> None:
    assert period("2025-11-26T00:00Z", "2025-11-27T00:00Z", UTC)[1] == datetime(2025, 11, 27, tzinfo=UTC)
    with pytest.raises(InvalidInput) as refused:
        period("2025-11-26T00:00Z", "2025-12-26T00:00Z", UTC)
    assert str(refused.value) == (
        "The conference would last 720 hours; at most 24 are possible. "
        "Enter each occurrence of a series as a conference of its own."
    )


def test_zone_without_a_name_is_the_sites(settings: Settings) -> None:
    settings.TIME_ZONE = "Asia/Tokyo"
    assert zone("") == ZoneInfo("Asia/Tokyo")


@pytest.mark.parametrize("name", ["Mars/Olympus", "Europe", "../etc/passwd", "Eur\u00f6pe/Berlin", "/etc/localtime"])
def test_zone_that_does_not_exist(name: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        zone(name)
    assert str(refused.value) == f"There is no time zone “{name}”. Write it like Europe/Berlin."
    assert refused.value.field == "time_zone"
