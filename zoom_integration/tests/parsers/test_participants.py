"""One row of a participants list."""

from typing import Any

import pytest

from conferences.providers.records import Interval
from zoom_integration.parsers.participants import Row, row
from zoom_integration.tests.zoom import UUID, at

WHOLE = {
    "id": "oldId",
    "participant_user_id": "uAnn",
    "user_id": "16778240",
    "registrant_id": "regAnn",
    "name": "Ann Lee",
    "user_email": " Ann@Example.org ",
    "join_time": "2026-03-02T10:00:00Z",
    "leave_time": "2026-03-02T10:10:00Z",
    "duration": 600,
    "status": "in_meeting",
    "customer_key": "stu-17",
}


def read(**values: Any) -> Row:
    return row({**WHOLE, **values}, UUID)


def test_keys_are_in_the_order_of_their_worth() -> None:
    assert read().keys == ("registrant:regAnn", "user:uAnn", "email:ann@example.org", "customer:stu-17")


def test_old_name_of_the_account_id_will_do() -> None:
    assert read(participant_user_id="").account_id == "oldId"


@pytest.mark.parametrize("email", ["", "not an address", None, 5])
def test_what_is_no_address_identifies_nobody(email: Any) -> None:
    assert (read(user_email=email).email, len(read(user_email=email).keys)) == ("", 3)


def test_key_outlives_a_corrected_end() -> None:
    assert read().key == read(leave_time="2026-03-02T10:30:00Z", duration=1800).key


@pytest.mark.parametrize(
    "other",
    [
        {"user_id": "2"},
        {"join_time": "2026-03-02T10:00:01Z"},
        {"status": "in_waiting_room"},
        {"bo_mtg_id": "room"},
    ],
)
def test_key_differs_with_join_status_and_room(other: dict[str, str]) -> None:
    assert read().key != read(**other).key


def test_key_without_a_user_id_is_made_of_who_it_is() -> None:
    assert read(user_id="").key == read(user_id=None).key
    assert read(user_id="").key != read(user_id="", name="Bo").key


@pytest.mark.parametrize("status", ["in_waiting_room", "In_Waiting_Room"])
def test_waiting_room_is_known_by_its_status(status: str) -> None:
    assert read(status=status).is_waiting
    assert not read(status="").is_waiting


@pytest.mark.parametrize(
    ("values", "left_at", "flaws"),
    [
        ({}, at("10:10"), ()),
        ({"leave_time": ""}, at("10:10"), ("no leave time",)),
        ({"leave_time": None, "duration": 0}, at("10:00"), ("no leave time",)),
        ({"leave_time": "", "duration": -600}, at("10:00"), ("no leave time", "negative length")),
        ({"leave_time": "", "duration": None}, None, ("no leave time", "no length")),
        ({"leave_time": "soon", "duration": "long"}, None, ("no leave time", "no length")),
        ({"leave_time": "", "duration": 10**18}, None, ("no leave time",)),
        ({"leave_time": "2026-03-02T09:00:00Z"}, at("10:00"), ("left before joining",)),
        ({"duration": -1}, at("10:10"), ("negative length",)),
        ({"duration": None}, at("10:10"), ("no length",)),
        ({"duration": 0}, at("10:10"), ("length of zero",)),
        ({"leave_time": "2026-03-02T10:00:00Z", "duration": 0}, at("10:00"), ()),
    ],
)
def test_times_that_make_no_sense_are_flagged(values: dict[str, Any], left_at: Any, flaws: tuple[str, ...]) -> None:
    found = read(**values)

    assert (found.interval, found.flaws) == (Interval(at("10:00"), left_at, found.key), flaws)


@pytest.mark.parametrize(
    ("values", "left_at", "flaws"),
    [
        ({"leave_time": None, "duration": 0}, None, ("no leave time",)),
        ({"leave_time": "", "duration": -600}, None, ("no leave time", "negative length")),
        ({"leave_time": "", "duration": 600}, at("10:10"), ("no leave time",)),
        ({"leave_time": "2026-03-02T09:00:00Z"}, at("10:00"), ("left before joining",)),
        ({"duration": 0}, at("10:10"), ()),
    ],
)
def test_row_without_an_end_stays_open_while_zoom_does_its_sums(
    values: dict[str, Any], left_at: Any, flaws: tuple[str, ...]
) -> None:
    found = row({**WHOLE, **values}, UUID, is_settling=True)

    assert (found.interval, found.flaws) == (Interval(at("10:00"), left_at, found.key), flaws)


def test_row_that_is_closed_at_its_join_keeps_its_raw_values_and_its_key() -> None:
    values = {**WHOLE, "leave_time": "", "duration": 0}

    assert row(values, UUID).raw == values
    assert row(values, UUID).key == row(values, UUID, is_settling=True).key


def test_row_without_a_join_has_no_interval_and_keeps_its_raw_values() -> None:
    found = read(join_time="yesterday")

    assert found.interval is None
    assert found.raw["join_time"] == "yesterday"


@pytest.mark.parametrize("raw", [{}, {"name": None}, {"duration": []}, {"join_time": {}}, {"user_email": ["x"]}])
def test_row_of_nonsense_is_still_a_row(raw: dict[str, Any]) -> None:
    assert row(raw, UUID).interval is None
