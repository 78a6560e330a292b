"""Counts, shares and lists, as sentences need them."""

import math
from collections.abc import Iterable

# Smaller than whatever is counted, and larger than what the machine loses of it.
NOISE = 1e-6


def listed(names: Iterable[str]) -> str:
    """As in “one, two and three”; whatever is empty is left out."""
    *most, last = [name for name in names if name] or [""]
    return f"{', '.join(most)} and {last}" if most else last


def counted(count: int, one: str, many: str = "") -> str:
    """As in “1 class” and “1,200 classes”. `many` is `one` with an s where nothing is said."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


def floored(value: float, digits: int = 0) -> str:
    """Never rounded up to a perfection that is none: 99.96 is 99.9."""
    return f"{math.floor(value * 10**digits + NOISE) / 10**digits:,.{digits}f}"
