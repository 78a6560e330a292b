"""Storing one step: sorts records by kind, counts what became of them, and closes the listing."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Protocol

from django.db import transaction

from conferences.models import Conference
from conferences.providers.base import ProviderConfig
from conferences.providers.records import (
    AttendanceRecord,
    ChatRecord,
    DetailRecord,
    FileRecord,
    FlawRecord,
    QuestionRecord,
    Record,
    RecordingRecord,
    RegistrantRecord,
    ResponseRecord,
)
from conferences.sync.store.attendance import AttendanceStore
from conferences.sync.store.content import chat_store, file_store
from conferences.sync.store.detail import learn_times, learn_zone, store_detail
from conferences.sync.store.flaws import FlawStore
from conferences.sync.store.participation import question_store, registrant_store, response_store
from conferences.sync.store.recordings import RecordingStore
from conferences.sync.store.tally import Tally

# What an operation lists in full, so that what is missing from a clean listing is gone.
LISTED: dict[str, type] = {
    "attendance": AttendanceRecord,
    "recordings": RecordingRecord,
    "chat": ChatRecord,
    "files": FileRecord,
    "registrants": RegistrantRecord,
    "absentees": RegistrantRecord,
    "questions": QuestionRecord,
    "polls": ResponseRecord,
    "survey": ResponseRecord,
}


class KindStore(Protocol):
    """What stores one kind of record."""

    def store(self, records: Sequence[Any]) -> None: ...

    def close(self, *, clean: bool) -> None: ...


class StepStore:
    """Everything that one operation stores for one conference. Call it inside a transaction."""

    def __init__(self, conference: Conference, config: ProviderConfig, operation: str, seen_at: datetime) -> None:
        self._conference = conference
        self._config = config
        self._listed = LISTED.get(operation)
        self.tally = Tally(seen_at)
        self._attendance = AttendanceStore(conference, config.attendance_sources, seen_at, self.tally)
        scope = {"connection": conference.connection, "conference": conference, "operation": operation}
        self.flaws = FlawStore(scope, seen_at)
        self._kinds: dict[type, KindStore] = {
            FlawRecord: self.flaws,
            AttendanceRecord: self._attendance,
            RecordingRecord: RecordingStore(conference, seen_at, self.tally),
            ChatRecord: chat_store(conference, seen_at, self.tally),
            FileRecord: file_store(conference, seen_at, self.tally),
            RegistrantRecord: registrant_store(conference, operation, seen_at, self.tally),
            QuestionRecord: question_store(conference, seen_at, self.tally),
            ResponseRecord: response_store(conference, operation, seen_at, self.tally),
        }

    @property
    def source(self) -> str:
        """Where attendance came from, when this step stored any."""
        return self._attendance.source

    def store(self, records: Iterable[Record]) -> None:
        """All of the records, or none and an exception; what is not stored is not counted either."""
        mark = self.tally.mark()
        try:
            with transaction.atomic():
                self._store(records)
        except BaseException:
            self.tally.back_to(mark)
            raise

    def _store(self, records: Iterable[Record]) -> None:
        groups: dict[type, list[Any]] = {}
        for record in records:
            if isinstance(record, DetailRecord):
                store_detail(self._config, self._conference, record.values, explicit=record.explicit)
                learn_zone(self._conference, record.time_zone)
                learn_times(self._conference, record.starts_at, record.ends_at)
            elif type(record) in self._kinds:
                groups.setdefault(type(record), []).append(record)
        for kind, group in groups.items():
            self._kinds[kind].store(group)

    def close(self, *, clean: bool) -> None:
        """The listing is over. Only a clean end proves that what was not listed is gone, and only if all that was
        listed could be read."""
        mark = self.tally.mark()
        try:
            with transaction.atomic():
                self._close(clean=clean)
        except BaseException:
            self.tally.back_to(mark)
            raise

    def _close(self, *, clean: bool) -> None:
        if clean:
            self._attendance.note_clean_end()
        if self._listed is not None:
            self._kinds[self._listed].close(clean=clean and not self.flaws.hides_something)
        self.flaws.close(clean=clean)
