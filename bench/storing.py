"""The store against what one would write without thinking, and against the ORM's own upsert, on the same rows."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from bench.measure import Pace, pace, seconds, table
from conferences.models import AttendanceSession, Conference, Connection, Participant
from conferences.providers.records import AttendanceRecord, Interval
from conferences.sync.store import StepStore

STARTS_AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
SOURCE = "attendance_report"
BATCH = 200
STATES = ("new", "unchanged", "1 % changed")
Store = Callable[[Conference, Sequence[AttendanceRecord]], None]

_numbers = count(1)


def listing(rows: int, *, changed_every: int = 0) -> list[AttendanceRecord]:
    """One person a row, there for an hour; every so many of them left a minute earlier than at first told."""
    return [
        _record(number, minutes=59 if changed_every and number % changed_every == 0 else 60) for number in range(rows)
    ]


def _record(number: int, *, minutes: int) -> AttendanceRecord:
    start = STARTS_AT + timedelta(milliseconds=number)
    address = f"person{number:06}@example.org"
    interval = Interval(start, start + timedelta(minutes=minutes))
    return AttendanceRecord(
        f"email:{address}", "s1", SOURCE, f"Person {number}", address, kind="member", intervals=(interval,)
    )


def a_class() -> Conference:
    connection_row, _ = Connection.objects.get_or_create(provider="teams", name="bench")
    return Conference.objects.create(
        connection=connection_row,
        title="Bench",
        external_id=f"bench-{next(_numbers)}",
        starts_at=STARTS_AT,
        ends_at=STARTS_AT + timedelta(hours=1),
    )


def by_the_store(conference: Conference, records: Sequence[AttendanceRecord]) -> None:
    store = StepStore(conference, conference.connection.config, "attendance", timezone.now())
    for batch in _batches(records):
        with transaction.atomic():
            store.store(batch)
    with transaction.atomic():
        store.close(clean=True)


def row_by_row(conference: Conference, records: Sequence[AttendanceRecord]) -> None:
    for record in records:
        person, _ = Participant.objects.update_or_create(
            conference=conference, identity_key=record.identity_key, defaults=_person(record)
        )
        AttendanceSession.objects.update_or_create(
            participant=person, source=SOURCE, session_key="s1", defaults=_session(record)
        )


def by_the_orm_s_upsert(conference: Conference, records: Sequence[AttendanceRecord]) -> None:
    for batch in _batches(records):
        with transaction.atomic():
            people = Participant.objects.bulk_create(
                [Participant(conference=conference, identity_key=each.identity_key, **_person(each)) for each in batch],
                update_conflicts=True,
                unique_fields=["conference", "identity_key"],
                update_fields=list(_person(batch[0])),
            )
            AttendanceSession.objects.bulk_create(
                [
                    AttendanceSession(participant=person, source=SOURCE, session_key="s1", **_session(each))
                    for person, each in zip(people, batch, strict=True)
                ],
                update_conflicts=True,
                unique_fields=["participant", "source", "session_key"],
                update_fields=list(_session(batch[0])),
            )


def _person(record: AttendanceRecord) -> dict[str, Any]:
    now, (interval,) = timezone.now(), record.intervals
    assert interval.left_at is not None  # noqa: S101
    total = round((interval.left_at - interval.joined_at).total_seconds())
    seen = {"first_seen_at": now, "last_seen_at": now, "source": SOURCE, "total_seconds": total}
    return {"name": record.name, "email": record.email, "kind": record.kind, **seen}


def _session(record: AttendanceRecord) -> dict[str, Any]:
    now, (interval,) = timezone.now(), record.intervals
    times = {"joined_at": interval.joined_at, "left_at": interval.left_at}
    return {"sitting": "s1", **times, "first_seen_at": now, "last_seen_at": now}


def _batches(records: Sequence[AttendanceRecord]) -> list[Sequence[AttendanceRecord]]:
    return [records[start : start + BATCH] for start in range(0, len(records), BATCH)]


def _measured(store: Store, rows: int, runs: int) -> list[Pace]:
    """One pace for each of STATES."""
    listings = (listing(rows), listing(rows), listing(rows, changed_every=100))
    durations: list[list[float]] = [[], [], []]
    for _ in range(runs):
        conference = a_class()
        for state, records in zip(durations, listings, strict=True):
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
            state.append(seconds(partial(store, conference, records)))
    return [pace(rows, each) for each in durations]


def report(rows: int, runs: int) -> str:
    """Rows a second, and how many times as fast as the store each way is. Row by row gets a tenth of the rows."""
    measured = {
        "this store": _measured(by_the_store, rows, runs),
        "bulk_create(update_conflicts)": _measured(by_the_orm_s_upsert, rows, runs),
        "update_or_create, row by row": _measured(row_by_row, max(rows // 10, 1), runs),
    }
    ours = measured["this store"]
    lines = [
        (name, *(f"{each}  ×{each.per_second / own.per_second:.2f}" for each, own in zip(paces, ours, strict=True)))
        for name, paces in measured.items()
    ]
    return table(f"Storing {rows:,} people with a session each, rows a second", ("", *STATES), lines)
