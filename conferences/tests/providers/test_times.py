"""Moments and lengths, in every spelling that providers have been seen to use."""

import contextlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conferences.providers import times


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-04T10:00:00Z", datetime(2026, 3, 4, 10, tzinfo=UTC)),
        ("2026-03-04T10:00:00z", datetime(2026, 3, 4, 10, tzinfo=UTC)),
        ("2026-03-04T10:00Z", datetime(2026, 3, 4, 10, tzinfo=UTC)),
        ("2026-03-04T10:00:00.5Z", datetime(2026, 3, 4, 10, 0, 0, 500000, tzinfo=UTC)),
        ("2021-10-05T04:43:49.77Z", datetime(2021, 10, 5, 4, 43, 49, 770000, tzinfo=UTC)),
        ("2021-03-16T18:59:52.2782182Z", datetime(2021, 3, 16, 18, 59, 52, 278218, tzinfo=UTC)),
        ("2023-03-08T08:22:30.0461639+00:00", datetime(2023, 3, 8, 8, 22, 30, 46163, tzinfo=UTC)),
        ("2026-03-04T12:00:00+02:00", datetime(2026, 3, 4, 10, tzinfo=UTC)),
        ("2026-03-04T12:00:00+0200", datetime(2026, 3, 4, 10, tzinfo=UTC)),
        ("2026-03-04T04:30:00-05:30", datetime(2026, 3, 4, 10, tzinfo=UTC)),
        ("2021-03-1706:47:05.123Z", datetime(2021, 3, 17, 6, 47, 5, 123000, tzinfo=UTC)),
        ("2026-03-04 10:00:00", datetime(2026, 3, 4, 10, tzinfo=UTC)),
        ("  2026-03-04T10:00:00Z\n", datetime(2026, 3, 4, 10, tzinfo=UTC)),
        ("2024-02-29T23:59:59.9999999Z", datetime(2024, 2, 29, 23, 59, 59, 999999, tzinfo=UTC)),
    ],
)
def test_moment_in_every_spelling(text: str, expected: datetime) -> None:
    found = times.moment(text)

    assert found == expected
    assert found is not None
    assert found.tzinfo is UTC


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00.0000000+05:00", "0001-01-01T00:00:00"])
def test_moment_of_the_year_one_means_never(text: str) -> None:
    assert times.moment(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2026-03-04",
        "20260304T100000Z",
        "2026-W10-3T10:00:00Z",
        "2026-02-30T10:00:00Z",
        "2026-03-04T24:30:00Z",
        "2026-03-04T10:60:00Z",
        "2026-03-04T10:00:00+99:00",
        "9999-12-31T23:59:59-10:00",
        "2026-03-04T10:00:00Z; DROP",
        "٢٠٢٦-03-04T10:00:00Z",
        "2026-03-04T10:00:00.12345678901Z",
    ],
)
def test_moment_refuses_what_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a moment|out of range|must be in|hour|minute|day|offset|strictly"):
        times.moment(text)


@given(st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2200, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_moment_reads_back_every_moment(moment: datetime) -> None:
    assert times.moment(moment.isoformat()) == moment
    assert times.moment(moment.isoformat().replace("+00:00", "Z")) == moment


@given(st.text(max_size=40))
def test_moment_raises_nothing_but_value_error(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert times.moment(text) is not text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PT59S", timedelta(seconds=59)),
        ("PT40M19.26S", timedelta(minutes=40, seconds=19.26)),
        ("PT1H", timedelta(hours=1)),
        ("P1DT2H3M4S", timedelta(days=1, hours=2, minutes=3, seconds=4)),
        ("P2W", timedelta(weeks=2)),
        ("-PT5S", timedelta(seconds=-5)),
        ("PT0S", timedelta()),
    ],
)
def test_length_in_every_spelling(text: str, expected: timedelta) -> None:
    assert times.length(text) == expected


@pytest.mark.parametrize("text", ["", "P", "PT", "40:19", "P1Y", "P1M", "PT1X", "PT٥S", "P99999999999999D"])
def test_length_refuses_what_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a length of time|is out of range"):
        times.length(text)
