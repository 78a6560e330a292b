"""Values as Zoom may send them."""

from typing import Any

import pytest

from zoom_integration.parsers import values, webinar
from zoom_integration.tests.zoom import at, payload


@pytest.mark.parametrize(("value", "found"), [("a\x00 ", "a"), (7, "7"), (None, ""), (True, ""), ([], ""), ({}, "")])
def test_text(value: Any, found: str) -> None:
    assert values.text({"x": value}, "x") == found


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (0, 0),
        ("0", 0),
        (-3, -3),
        (1.9, 1),
        ("", None),
        ("x", None),
        (None, None),
        (True, None),
        (1e400, None),
        (2**70, None),
    ],
)
def test_number(value: Any, found: int | None) -> None:
    assert values.number({"x": value}, "x") == found


def test_count_is_a_number_from_zero() -> None:
    assert [values.count({"x": value}, "x") for value in (0, 5, -1)] == [0, 5, None]


@pytest.mark.parametrize(
    ("value", "found"), [("2026-03-02T10:00:00Z", at("10:00")), ("", None), ("soon", None), (5, None)]
)
def test_moment(value: Any, found: Any) -> None:
    assert values.moment({"x": value}, "x") == found


@pytest.mark.parametrize(
    ("value", "found"), [(True, True), (False, False), ("true", True), (0, False), ("", None), (None, None)]
)
def test_flag(value: Any, found: bool | None) -> None:
    assert values.flag({"x": value}, "x") is found


def test_series_without_a_key_has_no_column_for_it() -> None:
    assert webinar.series({"topic": "T"}) == {"topic": "T", "detail_missing_at": None, "extra": {}}


def test_series_with_explicit_nothing_says_so() -> None:
    told = webinar.series({"agenda": None, "duration": 0, "is_simulive": False, "recurrence": None})

    assert (told["agenda"], told["scheduled_duration_minutes"], told["is_simulive"], told["recurrence"]) == (
        "",
        0,
        False,
        {},
    )


def test_series_keeps_what_is_unknown_but_neither_passcodes_nor_the_hosts_key() -> None:
    told = webinar.series(payload("webinar_full"))

    assert told["extra"] == {"simulive_delay_start": {"enable": False}}
    assert (told["has_passcode"], told["has_encrypted_passcode"], told["has_h323_passcode"]) == (True, True, False)


def test_report_with_blank_times_says_nothing_about_them() -> None:
    told = webinar.report({"start_time": "", "end_time": None, "duration": "", "participants_count": 0})

    assert told == {"participants_count": 0, "status": "ended"}
