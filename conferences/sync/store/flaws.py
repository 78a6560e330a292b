"""Entries that failed validation: beside the data, never counted among it."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from conferences.models import FlawedEntry
from conferences.providers.records import FlawRecord
from conferences.providers.redaction import redact
from conferences.sync.store.content import KeyedStore
from conferences.sync.store.fitting import fit_key, storable
from conferences.sync.store.tally import Tally

KEY_LENGTH, REASON_LENGTH = 512, 255
# Whoever has one of these gets in somewhere: it is kept nowhere, not even of an entry that is kept as it came.
_SECRET = re.compile(r"(?i)token|secret|passw|passcode|authorization|cookie|(?:download|join|join_?web|start)_?url")

Place = Callable[[FlawRecord], Mapping[str, Any]]


class FlawStore:
    """`scope` is what all rows share: the connection, the operation and, but for a search, the conference.

    place  of a flaw, further values
    """

    def __init__(self, scope: Mapping[str, Any], seen_at: datetime, place: Place = lambda _flaw: {}) -> None:
        self._scope = scope
        self._seen_at = seen_at
        self._place = place
        self._store = KeyedStore(FlawedEntry, self._values, scope, seen_at, Tally(seen_at), authoritative=_authority)
        self._seen: dict[str, tuple[str, bool]] = {}  # key → what is wrong, whether stored

    @property
    def count(self) -> int:
        return len(self._seen)

    @property
    def hides_something(self) -> bool:
        """Whether an entry could not be stored at all: any row may be the one that it spoke of."""
        return not all(stored for _, stored in self._seen.values())

    def reasons(self) -> str:
        """As in “left before joining (1), no leave time (300)”."""
        counts = Counter(reasons for reasons, _ in self._seen.values())
        return ", ".join(f"{reason} ({count})" for reason, count in sorted(counts.items()))

    def store(self, records: Sequence[FlawRecord]) -> None:
        storable_ones = [replace(each, key=storable(each.key)) for each in records]
        self._store.store(storable_ones)
        # By key: a batch that was rolled back and comes again counts once.
        for each in storable_ones:
            self._seen[fit_key(each.key, KEY_LENGTH)] = (", ".join(each.reasons), each.stored)

    def close(self, *, clean: bool, listed: Collection[str] = ()) -> None:
        """A clean listing proves that the rest is gone; any listing, that what it `listed` without a flaw is right."""
        live = FlawedEntry.objects.filter(**self._scope, gone_at=None).exclude(provider_id__in=self._seen)
        if not clean:
            live = live.filter(provider_id__in=[fit_key(key, KEY_LENGTH) for key in listed])
        live.update(gone_at=self._seen_at)

    def _values(self, record: FlawRecord) -> Mapping[str, Any]:
        return {
            "about": storable(record.about),
            "reasons": [storable(reason)[:REASON_LENGTH] for reason in record.reasons],
            "raw": storable(_without_secrets(record.raw)),
            "stored": record.stored,
            **self._place(record),
        }


def _authority(_record: FlawRecord) -> Collection[str]:
    """What an entry says now replaces what it said before."""
    return ("about", "reasons", "raw")


def _without_secrets(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _without_secrets(each) for key, each in value.items() if not _SECRET.search(str(key))}
    if isinstance(value, list | tuple):
        return [_without_secrets(each) for each in value]
    return redact(value) if isinstance(value, str) else value
