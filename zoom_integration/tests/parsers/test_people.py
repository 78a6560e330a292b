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


@pytest.mark.parametrize(
    ("name", "plain"),
    [("  Ann   LEE ", "ann lee"), ("Ａnn", "ann"), ("Lee# Ann", "lee, ann"), ("Straße", "strasse"), ("", "")],
)
def test_plain_name(name: str, plain: str) -> None:
    assert plain_name(name) == plain
