"""Promise: a second sync of the same answers writes no row at all."""

from conferences.providers.records import ChatRecord, Cue, FileRecord, Record, RecordingRecord
from conferences.tests.sync.store.listings import Listings, attendance, counts, every_row, minute

PEOPLE: list[Record] = [
    attendance("Ann", (0, 30), (0, 45), sitting="s1", role="presenter", reported_seconds=2700),
    attendance("Ann", (50, 60), sitting="s2", role="attendee", reported_seconds=600, email="ann@example.org"),
    attendance("Ben", (0, None), kind="guest", extra={"raw": ["x", 1, None]}),
    attendance("Cat " * 400, (1.0001, 2)),
    attendance("Dan", reported_seconds=60),
    attendance("Eve", (0, 90), source="camera_guess"),
    attendance("Ann", (0, 90), source="camera_guess"),
]
REST: dict[str, list[Record]] = {
    "recordings": [
        RecordingRecord(("api:1", "call:1"), "Lecture", url="https://a.example.org", started_at=minute(0)),
        RecordingRecord(("drive:1", "call:1"), "Lecture.mp4", size=2**40),
        RecordingRecord(("api:2",), "Words", "transcript", cues=(Cue(0.1, 0.2, "Ann", "Hi"),)),
    ],
    "chat": [
        ChatRecord("m1", minute(1), "Ann", text="Hi", html="<b>Hi</b>", extra={"n": 1.5}),
        ChatRecord("m2", minute(2), "Ben", deleted_at=minute(3)),
        ChatRecord("m3", minute(2), kind="system", text="Ann joined"),
    ],
    "files": [FileRecord("f1", "Slides.pdf", size=10**30), FileRecord("f2", "Gone", status="missing")],
}


def test_second_sync_writes_no_row(sync: Listings) -> None:
    """Every column, and the transaction that last wrote each row, are as they were."""
    listings = {"attendance": PEOPLE, **REST}
    for operation, records in listings.items():
        sync(*records, operation=operation)
    before = every_row()
    for operation, records in listings.items():
        told = sync(*records, operation=operation)
        assert told == counts(unchanged=told["items"])
    assert every_row() == before


def test_other_batches_write_no_row_either(sync: Listings) -> None:
    sync(*PEOPLE)
    before = every_row()
    assert sync(*PEOPLE, batch=1) == counts(unchanged=5)
    assert every_row() == before


def test_pages_in_another_order_leave_the_same_totals(sync: Listings) -> None:
    sync(*PEOPLE)
    before = [row[1:] for row in every_row()["AttendanceSession"]]
    sync(*reversed(PEOPLE), batch=1)
    assert [row[1:] for row in every_row()["AttendanceSession"]] == before
