"""Entries that make no sense."""

from conferences.providers.errors import Malformed
from conferences.providers.records import FlawRecord, Problem
from teams_integration.parsers.flaws import flaw, unreadable


def test_flaw_is_named_by_its_entrys_id() -> None:
    raw = {"id": "s1", "startDateTime": "soon"}

    assert flaw(raw, "no start", about="Ann") == FlawRecord("s1", ("no start",), raw, "Ann")


def test_flaw_of_an_entry_without_an_id_has_the_same_name_every_time() -> None:
    first, again, other = (flaw(raw, "odd").key for raw in ({"a": 1, "b": 2}, {"b": 2, "a": 1}, {"a": 1}))

    assert first == again
    assert first != other


def test_unreadable_entry_is_kept_beside_its_problem() -> None:
    error = Malformed("An entry that we do not understand.", detail="id: int where text is due")

    assert list(unreadable({"id": 5}, error)) == [
        FlawRecord("5", ("not readable: id: int where text is due",), {"id": 5}, stored=False),
        Problem(error),
    ]
