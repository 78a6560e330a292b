"""Counts and lists, as sentences need them."""

from collections.abc import Iterable


def listed(names: Iterable[str]) -> str:
    """As in “one, two and three”; whatever is empty is left out."""
    *most, last = [name for name in names if name] or [""]
    return f"{', '.join(most)} and {last}" if most else last


def counted(count: int, one: str, many: str = "") -> str:
    """As in “1 class” and “1,200 classes”. `many` is `one` with an s where nothing is said."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"
