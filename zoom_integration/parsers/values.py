"""Reading one value leniently: what Zoom leaves out, sends empty or sends as another type must not cost the entry.

A value that cannot be read counts as absent; callers keep the raw entry beside it.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from conferences.providers import times
from conferences.providers.shape import LARGEST
from conferences.providers.text import clean

Raw = Mapping[str, Any]

TRUE, FALSE = frozenset({"true", "yes", "1"}), frozenset({"false", "no", "0"})


def text(raw: Raw, key: str) -> str:
    """Cleaned. Numbers are written out, since ids come as either."""
    value = raw.get(key)
    if isinstance(value, str):
        return clean(value)
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def number(raw: Raw, key: str) -> int | None:
    """A whole number, also as text, negative ones too; a fraction is rounded down."""
    value = raw.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = math.floor(float(value)) if not isinstance(value, int) else value
    except (ValueError, OverflowError):
        return None
    return found if abs(found) <= LARGEST else None


def count(raw: Raw, key: str) -> int | None:
    """A number from zero."""
    found = number(raw, key)
    return found if found is not None and found >= 0 else None


def moment(raw: Raw, key: str) -> datetime | None:
    try:
        return times.moment(text(raw, key))
    except ValueError:
        return None


def flag(raw: Raw, key: str) -> bool | None:
    value = raw.get(key)
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    return True if word in TRUE else False if word in FALSE else None


def mapping(raw: Raw, key: str) -> dict[str, Any]:
    value = raw.get(key)
    return dict(value) if isinstance(value, Mapping) else {}


def objects(raw: Raw, key: str) -> list[dict[str, Any]]:
    value = raw.get(key)
    return [dict(each) for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def unread(raw: Raw, readers: Mapping[str, tuple[Callable[[Raw, str], Any], str]]) -> tuple[str, ...]:
    """What is there and cannot be read. `readers`: by key, how it is read and what people call it."""
    told = {key: raw.get(key) for key in readers}
    return tuple(
        f"{label} not readable"
        for key, (read, label) in readers.items()
        if told[key] not in (None, "") and read(raw, key) is None
    )


def without(raw: Raw, keys: Iterable[str]) -> dict[str, Any]:
    """What is left of an entry, to be kept as it came."""
    taken = set(keys)
    return {key: value for key, value in raw.items() if key not in taken}
