"""F50: every form of Retry-After that has been seen, and any that has not."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conferences.providers.retry_after import retry_after_seconds

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("2", 2.0),
        ("0", 0.0),
        ("0.5", 0.5),
        ("2.128", 2.128),
        (" 7 ", 7.0),
        ("7s", 7.0),
        ("-3", 0.0),
        ("86400", 86_400.0),
        ("Mon, 02 Mar 2026 09:00:30 GMT", 30.0),
        ("Mon, 02 Mar 2026 08:00:00 GMT", 0.0),
        ("2026-03-02T09:00:30Z", 30.0),
        ("2026-03-02T09:00:30", 30.0),
        ("2026-03-02T10:00:30+01:00", 30.0),
        ("2020-01-01T00:00:00Z", 0.0),
        ("banana", None),
        ("NaN", None),
        ("inf", None),
        ("1e999", None),
        ("٣", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_of_each_form(value: str | None, seconds: float | None) -> None:
    assert retry_after_seconds(value, NOW) == seconds


@given(st.text(max_size=40))
def test_retry_after_of_any_text_is_usable_or_none(value: str) -> None:
    seconds = retry_after_seconds(value, NOW)
    assert seconds is None or 0 <= seconds < float("inf")


@given(st.integers(min_value=-10_000, max_value=10_000_000))
def test_retry_after_of_a_date_agrees_with_the_number(offset: int) -> None:
    moment = NOW + timedelta(seconds=offset)
    assert retry_after_seconds(format_datetime(moment, usegmt=True), NOW) == max(0, offset)
    assert retry_after_seconds(moment.isoformat(), NOW) == max(0, offset)


@given(st.floats(min_value=0, max_value=1e9))
def test_retry_after_of_a_number_is_that_number(seconds: float) -> None:
    assert retry_after_seconds(f"{seconds:.3f}", NOW) == pytest.approx(seconds, abs=0.001)
