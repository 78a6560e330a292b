"""Stores listings as the steps of one run after another would, and looks at what is left in the tables."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from django.db import connection, models, transaction

from conferences.models import AttendanceSession, ChatMessage, Conference, Participant, Recording, SharedFile
from conferences.providers.records import AttendanceRecord, Interval, Record
from conferences.sync.store import StepStore

STARTS_AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SYNCED: tuple[type[models.Model], ...] = (Participant, AttendanceSession, Recording, ChatMessage, SharedFile)
Minutes = tuple[float, float | None]


def minute(value: float) -> datetime:
    return STARTS_AT + timedelta(minutes=value)


def interval(start: float, end: float | None, key: str = "") -> Interval:
    return Interval(minute(start), None if end is None else minute(end), key)


def attendance(name: str, *times: Minutes, source: str = "door_report", sitting: str = "s1", **more: Any) -> Record:
    values = {"identity_key": f"name:{name}", "intervals": tuple(interval(*each) for each in times), **more}
    return AttendanceRecord(sitting=sitting, source=source, name=name, **values)


class Listings:
    """Each call is one step of a run of its own, a day after the last one. Returns the step's counts."""

    def __init__(self, conference: Conference) -> None:
        self._conference = conference
        self._days = count(1)
        self.store: StepStore
        self.seen_at: datetime

    def __call__(
        self, *records: Record, operation: str = "attendance", clean: bool = True, batch: int = 200
    ) -> dict[str, int]:
        self.begin(operation)
        with transaction.atomic():
            for start in range(0, len(records), batch):
                self.store.store(records[start : start + batch])
            self.store.close(clean=clean)
        return self.store.tally.counts()

    def begin(self, operation: str) -> StepStore:
        self.seen_at = STARTS_AT + timedelta(days=next(self._days))
        self.store = StepStore(self._conference, self._conference.connection.config, operation, self.seen_at)
        return self.store


def counts(created: int = 0, updated: int = 0, unchanged: int = 0) -> dict[str, int]:
    return {"items": created + updated + unchanged, "created": created, "updated": updated, "unchanged": unchanged}


def totals(**filters: Any) -> dict[str, int]:
    """Minutes by name."""
    people = Participant.objects.filter(**filters).values_list("name", "total_seconds")
    return {name: seconds // 60 for name, seconds in people}


def every_row(tables: Iterable[type[models.Model]] = SYNCED) -> dict[str, list[tuple[Any, ...]]]:
    """All columns of all synced rows, and the number of the transaction that last wrote each."""
    rows = {}
    with connection.cursor() as cursor:
        for model in tables:
            cursor.execute(f'SELECT xmin::text, * FROM "{model._meta.db_table}" ORDER BY id')  # noqa: S608
            rows[model.__name__] = cursor.fetchall()
    return rows
