"""What became of each item of a step. Counted per row, however often it was listed."""

from datetime import datetime
from typing import Any

from conferences.models.seen import Seen

FATES = ("unchanged", "updated", "created")


class Tally:
    """seen_at stands for the whole run: a row that carries it as `first_seen_at` was created in this run, whichever
    attempt or worker did it."""

    def __init__(self, seen_at: datetime) -> None:
        self._seen_at = seen_at
        self._fates: dict[tuple[type, int], str] = {}

    def note(self, row: Seen, *, changed: bool) -> None:
        fate = "created" if row.first_seen_at == self._seen_at else "updated" if changed else "unchanged"
        key = (type(row), row.pk)
        self._fates[key] = max(fate, self._fates.get(key, "unchanged"), key=FATES.index)

    def mark(self) -> dict[tuple[type, int], str]:
        """What `back_to` needs, should the rows counted from now on be rolled back."""
        return dict(self._fates)

    def back_to(self, mark: dict[tuple[type, int], str]) -> None:
        self._fates = dict(mark)

    def seen(self, model: type[Any]) -> set[int]:
        return {pk for kind, pk in self._fates if kind is model}

    def counts(self) -> dict[str, int]:
        """items, created, updated and unchanged."""
        fates = list(self._fates.values())
        return {"items": len(fates), **{fate: fates.count(fate) for fate in FATES}}
