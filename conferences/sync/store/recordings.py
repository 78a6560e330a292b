"""Recordings: one row each, whichever way and under however many ids it was found."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from conferences.models import Conference, Recording
from conferences.providers.records import RecordingRecord
from conferences.sync.store.fitting import fit, fit_key
from conferences.sync.store.tally import Tally
from conferences.sync.store.upsert import Upsert, in_order, mark_gone, missing_from

KEY_LENGTH = 1024


class RecordingStore:
    """Finds the row by any shared key, so that a recording first met in a drive and later in the API stays one."""

    def __init__(self, conference: Conference, seen_at: datetime, tally: Tally) -> None:
        self._conference = conference
        self._seen_at = seen_at
        self._tally = tally
        self._describing: dict[str, str] = {}  # key → the best key of the record that describes the recording

    def store(self, records: Sequence[RecordingRecord]) -> None:
        keyed = [([fit_key(key, KEY_LENGTH) for key in record.keys], record) for record in records]
        every_key = [key for keys, _ in keyed for key in keys]
        by_key = {}
        for row in self._rows().filter(keys__overlap=every_key).order_by("-id"):
            by_key.update(dict.fromkeys(row.keys, row))
        upsert = Upsert(Recording, self._seen_at)
        written = [self._put(upsert, by_key, keys, record) for keys, record in keyed]
        upsert.write()
        for row, changed in written:
            self._tally.note(row, changed=changed)

    def _put(
        self, upsert: Upsert, by_key: dict[str, Recording], keys: list[str], record: RecordingRecord
    ) -> tuple[Recording, bool]:
        row = next((by_key[key] for key in keys if key in by_key), None)
        values: Mapping[str, Any] = fit(Recording, _values(record))
        describes = self._describes(keys)
        if row is None:
            row, changed = upsert.add(conference=self._conference, provider_id=keys[0], keys=keys, **values), False
        else:
            values = values if describes else missing_from(row, values)
            if row.name and not record.named:
                values = {**values, "name": row.name}
            values = in_order(row, values, "started_at", "ended_at")
            changed = upsert.change(row, {**values, "keys": list(dict.fromkeys([*row.keys, *keys]))})
        by_key.update(dict.fromkeys(keys, row))
        return row, changed

    def _describes(self, keys: Sequence[str]) -> bool:
        """A step's first record of a recording describes it; what was found in other ways fills in what is missing."""
        describing = next((self._describing[key] for key in keys if key in self._describing), keys[0])
        self._describing.update(dict.fromkeys(keys, describing))
        return describing == keys[0]

    def close(self, *, clean: bool) -> None:
        if clean:
            mark_gone(self._rows(), self._tally.seen(Recording), self._seen_at)

    def _rows(self) -> Any:
        return Recording.objects.filter(conference=self._conference)


def _values(record: RecordingRecord) -> Mapping[str, Any]:
    return {
        "name": record.name,
        "kind": record.kind,
        "url": record.url,
        "started_at": record.started_at,
        "ended_at": record.ended_at,
        "size": record.size,
        "cues": None if record.cues is None else [asdict(cue) for cue in record.cues],
        "extra": dict(record.extra),
    }
