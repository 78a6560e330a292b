"""Whether a list holds what Zoom itself states of it. Zoom is known to cut lists short without a word."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from conferences.providers.errors import Malformed
from conferences.providers.paging import digest
from zoom_integration.client import Raw
from zoom_integration.listing import OnTotal


class Truncated(Malformed):
    """Zoom states more than it listed. What it did list is good."""

    def __init__(self, lost: int, what: str = "entries") -> None:
        super().__init__(
            f"Zoom states {lost:,} more {what} than it listed, so somebody may be missing.",
            code="truncated",
            advice="Sync again. If it stays so, ask Zoom's support about the report of this session.",
        )


def lacking(stated: int, listed: int, unique: int) -> int:
    """Entries that Zoom states and did not list. One listed twice stands for one that was left out, or for itself."""
    return max(0, stated - unique) if listed != stated else 0


@dataclass(slots=True)
class Whole:
    """The entries of a list, once through, and then whether they are all.

    stated  Zoom's own total, None when it gives none
    """

    ask: Callable[[OnTotal], Iterator[Raw]]
    stated: int | None = None
    _listed: int = 0
    # The same entry may come twice: on two pages, or in a list begun anew.
    _unique: set[bytes] = field(default_factory=set)

    def __iter__(self) -> Iterator[Raw]:
        for raw in self.ask(self._state):
            self._listed += 1
            self._unique.add(digest(raw))
            yield raw

    def _state(self, total: int) -> None:
        self.stated = total

    @property
    def lacks(self) -> int:
        return lacking(self.stated or 0, self._listed, len(self._unique))
