"""Typed reading of a provider's JSON: each accessor returns what it promises or raises Malformed naming the field."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from conferences.providers import times
from conferences.providers.errors import Malformed
from conferences.providers.text import clean

Raw = Mapping[str, Any]

LARGEST = 2**63 - 1  # what a bigint column holds


def wrong(field: str, wanted: str, value: object) -> Malformed:
    """The value itself goes nowhere: it may be anything, a secret too."""
    return Malformed(
        f"The provider sent an entry that we do not understand: “{field}” should be {wanted}.",
        detail=f"{field}: {type(value).__name__} where {wanted} is due",
    )


def entry(value: object, field: str) -> Raw:
    """A member of a listing, which has to be an object."""
    if not isinstance(value, Mapping):
        raise wrong(field, "an object", value)
    return value


def optional_text(raw: Raw, field: str) -> str:
    """Cleaned; "" when absent or null."""
    value = raw.get(field)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise wrong(field, "text", value)
    return clean(value)


def text(raw: Raw, field: str) -> str:
    """Cleaned, and never empty."""
    value = optional_text(raw, field)
    if not value:
        raise wrong(field, "text", raw.get(field))
    return value


def optional_number(raw: Raw, field: str) -> int | None:
    """A whole number from 0 to what the database holds; None when absent or null."""
    value = raw.get(field)
    if value is None:
        return None
    whole = (
        isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= LARGEST and value == int(value)
    )
    if not whole:
        raise wrong(field, "a whole number", value)
    return int(value)


def number(raw: Raw, field: str) -> int:
    value = optional_number(raw, field)
    if value is None:
        raise wrong(field, "a whole number", None)
    return value


def optional_moment(raw: Raw, field: str) -> datetime | None:
    """None when absent, null, empty or the provider's sentinel for "never"."""
    value = optional_text(raw, field)
    try:
        return times.moment(value) if value else None
    except ValueError:
        raise wrong(field, "a moment in ISO 8601", value) from None


def moment(raw: Raw, field: str) -> datetime:
    value = optional_moment(raw, field)
    if value is None:
        raise wrong(field, "a moment in ISO 8601", raw.get(field))
    return value


def optional_length(raw: Raw, field: str) -> timedelta | None:
    """An ISO 8601 duration; None when absent, null or empty."""
    value = optional_text(raw, field)
    try:
        return times.length(value) if value else None
    except ValueError:
        raise wrong(field, "a length of time in ISO 8601", value) from None


def optional_object(raw: Raw, field: str) -> Raw:
    """An empty mapping when absent or null."""
    value = raw.get(field)
    return {} if value is None else entry(value, field)


def objects(raw: Raw, field: str) -> list[Raw]:
    """A list of objects; an empty one when absent or null."""
    value = raw.get(field)
    if value is None:
        return []
    if not isinstance(value, list):
        raise wrong(field, "a list", value)
    return [entry(member, field) for member in value]
