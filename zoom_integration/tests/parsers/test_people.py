"""Who is who: properties that hold for any list of rows."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoom_integration.parsers.participants import row
from zoom_integration.parsers.people import Crew, people, plain_name, records

ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "user_id": st.sampled_from(["", "1", "2", "3"]),
            "registrant_id": st.sampled_from(["", "", "r1", "r2"]),
            "participant_user_id": st.sampled_from(["", "", "u1"]),
            "user_email": st.sampled_from(["", "a@x.org", "b@x.org"]),
            "name": st.sampled_from(["", "Ann", "ann ", "Bo"]),
            "join_time": st.sampled_from(["", "2026-03-02T10:00:00Z", "2026-03-02T10:10:00Z"]),
            "leave_time": st.sampled_from(["", "2026-03-02T10:10:00Z", "2026-03-02T10:20:00Z"]),
            "duration": st.sampled_from([0, 600, -5, "x", None]),
        }
    ),
    max_size=8,
)


@given(ROWS)
def test_every_row_belongs_to_exactly_one_person(raw: list[dict[str, Any]]) -> None:
    found = people([row(each, "run") for each in raw])

    assert sum(len(person.rows) for person in found) == len(raw)
    assert len({person.key for person in found}) == len(found)


@given(ROWS)
def test_rows_that_share_a_sure_key_are_never_apart(raw: list[dict[str, Any]]) -> None:
    owners: dict[str, set[str]] = {}
    for person in people([row(each, "run") for each in raw]):
        for each in person.rows:
            for key in each.keys:
                owners.setdefault(key, set()).add(person.key)

    assert all(len(names) == 1 for names in owners.values())


@given(ROWS, st.randoms())
def test_order_of_the_list_changes_nobody(raw: list[dict[str, Any]], chance: Any) -> None:
    rows = list({each.key: each for each in (row(entry, "run") for entry in raw)}.values())
    shuffled = chance.sample(rows, len(rows))

    assert {person.key for person in people(rows)} == {person.key for person in people(shuffled)}


@given(ROWS)
def test_records_raise_nothing(raw: list[dict[str, Any]]) -> None:
    listed = list(records([row(each, "run") for each in raw], "participant_report", Crew()))

    assert all(record.kind in {"member", "guest", "bot", "dial_in"} for record in listed)


def test_join_that_two_identified_people_share_owns_no_nameless_row() -> None:
    rows = [
        row({"user_id": "1", "registrant_id": "a", "name": "Ann"}, "run"),
        row({"user_id": "1", "registrant_id": "b", "name": "Bo"}, "run"),
        row({"user_id": "1", "name": "Who"}, "run"),
    ]

    assert [person.key.partition(":")[0] for person in people(rows)] == ["registrant", "registrant", "guest"]


def guest(name: str, start: int, end: int | None, user_id: str = "", **more: Any) -> dict[str, Any]:
    """Minutes after ten."""
    moments = {"join_time": start, "leave_time": end}
    times = {key: f"2026-03-02T10:{at:02}:00Z" for key, at in moments.items() if at is not None}
    return {"user_id": user_id or f"{name}{start}{end}", "name": name, **times, **more}


def starts(*raw: dict[str, Any]) -> list[list[str]]:
    """Of every person the minutes at which their rows begin, in whatever order they are listed."""
    found = people([row(each, "run") for each in reversed(raw)])
    return sorted(sorted(str(each.raw.get("join_time"))[14:16] for each in person.rows) for person in found)


def test_guest_who_comes_back_is_one_guest() -> None:
    assert starts(guest("Tri Ple", 0, 10), guest("tri  ple", 10, 20), guest("Tri Ple", 30, 40)) == [["00", "10", "30"]]


def test_guests_of_one_name_are_all_apart_as_soon_as_two_overlap() -> None:
    """Promise: nobody is given another's time. Which of the first two came back cannot be known."""
    assert starts(guest("Tri Ple", 0, 10), guest("Tri Ple", 5, 15), guest("Tri Ple", 30, 40)) == [
        ["00"],
        ["05"],
        ["30"],
    ]


def test_join_inside_a_long_one_overlaps_although_others_lie_between() -> None:
    assert starts(guest("Kim", 0, 50), guest("Kim", 5, 10), guest("Kim", 20, 30)) == [["00"], ["05"], ["20"]]


@pytest.mark.parametrize("end", [None, 40])
def test_join_without_an_end_may_overlap_what_follows(end: int | None) -> None:
    assert starts(guest("Kim", 0, None), guest("Kim", 30, end)) == [["00"], ["30"]]


def test_names_do_not_part_each_other() -> None:
    rows = [guest("Kim", 0, 10), guest("Kim", 5, 15), guest("Lee", 0, 10), guest("Lee", 20, 30)]
    assert starts(*rows) == [["00"], ["00", "20"], ["05"]]


def test_breakout_rooms_of_a_join_stay_with_it_where_others_overlap() -> None:
    rooms = [guest("Kim", 0, 10, "7"), guest("Kim", 10, 20, "7", bo_mtg_id="room")]
    assert starts(*rooms, guest("Kim", 5, 15, "8")) == [["00", "10"], ["05"]]


def test_rooms_of_one_join_do_not_overlap_each_other() -> None:
    rooms = [guest("Kim", 0, 20, "7"), guest("Kim", 5, 15, "7", bo_mtg_id="room")]
    assert starts(*rooms, guest("Kim", 20, 30, "8")) == [["00", "05", "20"]]


@pytest.mark.parametrize("second", [5, 30])
def test_guest_is_marked_as_weakly_known_either_way(second: int) -> None:
    rows = [row(each, "run") for each in (guest("Kim", 0, 10), guest("Kim", second, 40))]
    assert all(each.extra["identity_weak"] for each in records(rows, "participant_report", Crew()))


@pytest.mark.parametrize(
    ("name", "plain"),
    [("  Ann   LEE ", "ann lee"), ("Ａnn", "ann"), ("Lee# Ann", "lee, ann"), ("Straße", "strasse"), ("", "")],
)
def test_plain_name(name: str, plain: str) -> None:
    assert plain_name(name) == plain
