"""Reading JSON that may have any shape."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from conferences.providers import shape
from conferences.providers.errors import Malformed

Accessor = Callable[[shape.Raw, str], Any]


@pytest.mark.parametrize("value", ["Ann", "  Ann\u0000 "])
def test_text_is_cleaned(value: str) -> None:
    assert shape.text({"name": value}, "name") == "Ann"


@pytest.mark.parametrize("raw", [{}, {"name": None}, {"name": ""}, {"name": " \u0000"}, {"name": 7}, {"name": ["Ann"]}])
def test_text_is_required(raw: dict[str, Any]) -> None:
    with pytest.raises(Malformed) as raised:
        shape.text(raw, "name")

    assert raised.value.message == "The provider sent an entry that we do not understand: “name” should be text."


@pytest.mark.parametrize("raw", [{}, {"name": None}, {"name": ""}])
def test_optional_text_may_be_missing(raw: dict[str, Any]) -> None:
    assert shape.optional_text(raw, "name") == ""


@pytest.mark.parametrize(("value", "expected"), [(0, 0), (12, 12), (12.0, 12), (2**63 - 1, 2**63 - 1)])
def test_number_is_whole(value: float, expected: int) -> None:
    found = shape.number({"count": value}, "count")

    assert (found, type(found)) == (expected, int)


@pytest.mark.parametrize("value", [-1, 1.5, True, "12", [12], {}, 2**63, 1e300])
def test_number_refuses_what_is_none_or_does_not_fit(value: Any) -> None:
    with pytest.raises(Malformed):
        shape.optional_number({"count": value}, "count")


def test_number_is_required_and_its_optional_twin_is_not() -> None:
    assert shape.optional_number({"count": None}, "count") is None
    with pytest.raises(Malformed):
        shape.number({}, "count")


def test_moment_and_length_are_read() -> None:
    raw = {"at": "2026-03-04T10:00:00Z", "for": "PT1M"}

    assert shape.moment(raw, "at") == datetime(2026, 3, 4, 10, tzinfo=UTC)
    assert shape.optional_length(raw, "for") == timedelta(minutes=1)


@pytest.mark.parametrize("value", [None, "", "0001-01-01T00:00:00Z"])
def test_moment_that_is_none_is_refused_only_where_it_is_required(value: str | None) -> None:
    assert shape.optional_moment({"at": value}, "at") is None
    with pytest.raises(Malformed):
        shape.moment({"at": value}, "at")


@pytest.mark.parametrize(
    ("accessor", "value"),
    [
        (shape.optional_moment, "soon"),
        (shape.optional_moment, 1772618000),
        (shape.optional_length, "an hour"),
        (shape.optional_length, 60),
        (shape.optional_object, []),
        (shape.optional_object, "x"),
        (shape.objects, {}),
        (shape.objects, "x"),
        (shape.objects, [{}, None]),
        (shape.objects, [{}, 5]),
    ],
)
def test_accessors_name_the_field_and_never_the_value(accessor: Accessor, value: Any) -> None:
    with pytest.raises(Malformed) as raised:
        accessor({"field": value}, "field")

    assert raised.value.message.startswith("The provider sent an entry that we do not understand: “field” should be ")
    assert str(value) == "x" or str(value) not in raised.value.message + raised.value.detail


def test_objects_are_read() -> None:
    assert shape.optional_object({"a": {"b": 1}}, "a") == {"b": 1}
    assert shape.objects({"a": [{"b": 1}]}, "a") == [{"b": 1}]


@pytest.mark.parametrize("raw", [{}, {"a": None}])
def test_missing_objects_are_empty(raw: dict[str, Any]) -> None:
    assert shape.optional_object(raw, "a") == {}
    assert shape.objects(raw, "a") == []


def test_entry_has_to_be_an_object() -> None:
    assert shape.entry({"a": 1}, "value") == {"a": 1}
    with pytest.raises(Malformed):
        shape.entry("a", "value")
