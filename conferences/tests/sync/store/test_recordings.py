"""Recordings: one row each, whichever way and under however many ids one was found."""

from typing import Any

import pytest

from conferences.models import Recording
from conferences.providers.records import Cue, RecordingRecord
from conferences.tests.sync.store.listings import Listings, counts, every_row, minute


def recording(*keys: str, name: str = "Lecture", **more: Any) -> RecordingRecord:
    return RecordingRecord(keys, name, **more)


def rows() -> list[tuple[str, list[str]]]:
    return list(Recording.objects.order_by("id").values_list("name", "keys"))


def test_borrowed_name_never_replaces_a_real_one(sync: Listings) -> None:
    sync(recording("api:7", name="Algebra-20260302-Recording.mp4"), operation="recordings")
    assert sync(recording("api:7", name="Algebra", named=False), operation="recordings") == counts(unchanged=1)
    assert rows() == [("Algebra-20260302-Recording.mp4", ["api:7"])]


def test_borrowed_name_serves_a_new_recording(sync: Listings) -> None:
    sync(recording("api:7", name="Algebra", named=False), operation="recordings")
    sync(recording("api:7", name="Algebra-20260302-Recording.mp4"), operation="recordings")
    assert rows() == [("Algebra-20260302-Recording.mp4", ["api:7"])]


def test_found_in_a_drive_first_and_in_the_api_later_stays_one(sync: Listings) -> None:
    sync(recording("drive:1", "call:9", size=500), operation="recordings")
    assert sync(recording("api:7", "call:9", started_at=minute(0)), operation="recordings") == counts(updated=1)
    row = Recording.objects.get()
    assert (row.keys, row.size, row.started_at, row.provider_id) == (
        ["drive:1", "call:9", "api:7"],
        500,
        minute(0),
        "drive:1",
    )


@pytest.mark.parametrize("batch", [1, 200])
def test_two_ways_to_one_recording_in_one_step_do_not_flap(sync: Listings, batch: int) -> None:
    """The first record describes, the second one fills in."""
    found = [
        recording("api:7", "call:9", name="Lecture", url="https://a.example.org"),
        recording("drive:1", "call:9", name="Lecture-20260302.mp4", url="https://d.example.org", size=500),
    ]
    assert sync(*found, operation="recordings", batch=batch) == counts(created=1)
    before = every_row()
    assert sync(*found, operation="recordings", batch=batch) == counts(unchanged=1)
    assert every_row() == before
    assert list(Recording.objects.values_list("name", "url", "size")) == [("Lecture", "https://a.example.org", 500)]


def test_recordings_without_a_shared_key_stay_two(sync: Listings) -> None:
    assert sync(recording("api:1"), recording("api:2"), operation="recordings") == counts(created=2)


def test_recordings_of_other_conferences_are_not_met(sync: Listings) -> None:
    sync(recording("api:1"), operation="recordings")
    conference = Recording.objects.get().conference
    conference.pk, conference.external_id = None, "another"
    conference.save()
    assert Listings(conference)(recording("api:1"), operation="recordings") == counts(created=1)


def test_clean_listing_marks_a_missing_recording_and_keeps_it(sync: Listings) -> None:
    """Promise: a sync deletes no recording."""
    sync(recording("api:1", name="A"), recording("api:2", name="B"), operation="recordings")
    sync(recording("api:2", name="B"), operation="recordings")
    assert rows() == [("A", ["api:1"]), ("B", ["api:2"])]
    assert [row.gone_at for row in Recording.objects.order_by("id")] == [sync.seen_at, None]


def test_link_that_went_missing_is_kept(sync: Listings) -> None:
    sync(recording("api:1", url="https://a.example.org"), operation="recordings")
    assert sync(recording("api:1"), operation="recordings") == counts(unchanged=1)
    assert Recording.objects.get().url == "https://a.example.org"


def test_transcript_is_kept_when_it_may_no_longer_be_read(sync: Listings) -> None:
    cue = Cue(-0.5, 2, "Ann", "Good morning")
    sync(recording("api:1", kind="transcript", cues=(cue,)), operation="recordings")
    sync(recording("api:1", kind="transcript", cues=None), operation="recordings")
    assert Recording.objects.get().cues == [
        {"starts_seconds": -0.5, "ends_seconds": 2, "speaker": "Ann", "text": "Good morning"}
    ]


def test_unchanged_transcript_counts_as_unchanged(sync: Listings) -> None:
    found = recording("api:1", kind="transcript", cues=(Cue(0, 2.25, "Ann", "Good morning"),))
    sync(found, operation="recordings")
    assert sync(found, operation="recordings") == counts(unchanged=1)


def test_keys_that_are_too_long_still_meet(sync: Listings) -> None:
    long = "k" * 5_000
    sync(recording(f"{long}1"), recording(f"{long}2"), operation="recordings")
    assert sync(recording(f"{long}1"), recording(f"{long}2"), operation="recordings") == counts(unchanged=2)


def test_end_that_runs_against_the_stored_start_changes_neither_time(sync: Listings) -> None:
    """Found again without its start, and with an end that cannot be: what is stored stays, at every sync."""
    sync(RecordingRecord(("film:1",), "Film", started_at=minute(10), ended_at=minute(60)), operation="recordings")
    for _ in range(2):
        odd = RecordingRecord(("film:1",), "Film", ended_at=minute(5), size=7)
        sync(odd, operation="recordings")
        row = Recording.objects.get()
        assert (row.started_at, row.ended_at, row.size) == (minute(10), minute(60), 7)
    assert sync(odd, operation="recordings") == counts(unchanged=1)


def test_kind_that_nobody_has_heard_of_is_kept_in_full(sync: Listings) -> None:
    sync(RecordingRecord(("film:1",), "Film", kind="hologram"), operation="recordings")
    row = Recording.objects.get()
    assert (row.kind, row.extra) == ("other", {"kind": "hologram"})
