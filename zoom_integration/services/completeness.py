"""Whether a list holds what Zoom itself states of it. Zoom is known to cut lists short without a word."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from conferences.providers.errors import Malformed
from zoom_integration.client import Raw
from zoom_integration.listing import OnTotal


class Truncated(Malformed):
    """Zoom states more than it listed. What it did list is good."""

    def __init__(self, lost: int) -> None:
        super().__init__(
            f"Zoom states {lost} more entries than it listed, so somebody may be missing.",
            code="truncated",
            advice="Sync again. If it stays so, ask Zoom's support about the report of this session.",
        )


@dataclass(slots=True)
class _Count:
    """The same entry may come twice: on two pages, or in a list begun anew."""

    stated: int = 0
    listed: int = 0
    unique: set[bytes] = field(default_factory=set)

    def state(self, total: int) -> None:
        self.stated = max(total, self.stated)

    def add(self, raw: Raw) -> None:
        self.listed += 1
        self.unique.add(hashlib.sha256(json.dumps(raw, sort_keys=True, default=str).encode()).digest())

    @property
    def lacks(self) -> int:
        return lacking(self.stated, self.listed, len(self.unique))


def lacking(stated: int, listed: int, unique: int) -> int:
    """Entries that Zoom states and did not list. One listed twice stands for one that was left out, or for itself."""
    return max(0, stated - unique) if listed != stated else 0


def whole(ask: Callable[[OnTotal], Iterator[Raw]]) -> Iterator[Raw]:
    """The entries of a list. Raises Truncated after them when Zoom states more than it lists."""
    count = _Count()
    for raw in ask(count.state):
        count.add(raw)
        yield raw
    if count.lacks:
        raise Truncated(count.lacks)
