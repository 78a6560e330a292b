"""One recording out of up to three finds."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from conferences.providers.window import Window
from teams_integration.parsers.chat_events import RecordingEvent
from teams_integration.parsers.files import DriveItem
from teams_integration.parsers.recording_matches import Announcement, Matches
from teams_integration.parsers.recordings import Artifact
from teams_integration.tests.graph import WINDOW, at

TITLES = ("Seminar",)
NAMED = "Seminar-20260304_110000-Meeting Recording.mp4"


def artifact(key: str, start: str, end: str | None = None, call: str = "call") -> Artifact:
    return Artifact(key, at(start), at(end) if end else None, call)


def announced(url: str, sent: str, minutes: float | None = None, call: str = "call", name: str = "") -> Announcement:
    length = timedelta(minutes=minutes) if minutes is not None else None
    return Announcement(RecordingEvent("1", call, "success", name, url, length), at(sent))


def item(key: str, created: str, name: str = NAMED, minutes: float | None = None, **values: Any) -> DriveItem:
    length = timedelta(minutes=minutes) if minutes is not None else None
    given = {"drive_id": "d", "url": f"https://x.example/{key}", "size": 1, "mime_type": "video/mp4", **values}
    return DriveItem(key, name=name, created_at=at(created), length=length, is_folder=False, **given)


def matched(*finds: Artifact | Announcement | DriveItem, window: Window = WINDOW) -> list[tuple[str, ...]]:
    """The keys of each recording, without addresses."""
    matches = Matches(window, TITLES)
    matches.add_artifacts([find for find in finds if isinstance(find, Artifact)])
    matches.add_announcements([find for find in finds if isinstance(find, Announcement)])
    matches.add_files([find for find in finds if isinstance(find, DriveItem)])
    return [tuple(key for key in record.keys if not key.startswith("url:")) for record in matches.records("x")]


def test_listing_and_announcement_of_one_call_are_one() -> None:
    assert matched(artifact("a", "10:00", "10:30"), announced("https://x.example/1", "10:31")) == [
        ("graph:a", "call:call")
    ]


def test_listing_and_announcement_of_different_calls_are_two() -> None:
    found = matched(artifact("a", "10:00", "10:30", "one"), announced("https://x.example/1", "10:31", 30, "other"))

    assert found == [("graph:a", "call:one"), ("call:other",)]


def test_two_recordings_of_one_call_are_joined_by_length_only() -> None:
    found = matched(
        artifact("a", "10:00", "10:20"),
        artifact("b", "10:25", "10:59"),
        announced("https://x.example/b", "11:00", 34),
        announced("https://x.example/a", "10:21", 20),
        item("a", "10:00"),
        item("b", "10:25"),
    )

    assert found == [("graph:a", "drive:d:a"), ("graph:b", "drive:d:b")]


def test_two_recordings_of_one_call_that_nothing_tells_apart_stay_apart() -> None:
    found = matched(
        artifact("a", "10:00", "10:20"), artifact("b", "10:25", "10:59"), announced("https://x.example/1", "11:00")
    )

    assert found == [("graph:a",), ("graph:b",), ()]


def test_an_announcement_long_before_the_recording_is_another_one() -> None:
    found = matched(
        artifact("a", "10:30", "10:50"), artifact("b", "10:52", "10:59"), announced("https://x.example/1", "10:20", 20)
    )

    assert len(found) == 3


def test_an_announcement_without_a_call_is_joined_by_its_length() -> None:
    assert len(matched(artifact("a", "10:00", "10:20"), announced("https://x.example/1", "10:21", 20, call=""))) == 1


def test_a_file_with_the_name_of_the_announcement_is_its_file() -> None:
    found = matched(
        announced("https://x.example/:v:/g/share", "10:31", 30, name="Any name.mp4"), item("f", "10:00", "Any name.mp4")
    )

    assert found == [("drive:d:f", "call:call")]


def test_a_file_under_the_announced_address_is_its_file_whenever_it_was_made() -> None:
    assert matched(announced("https://x.example/f?web=1", "10:31", 30), item("f", "23:00", "Renamed.mp4")) == [
        ("drive:d:f", "call:call")
    ]


def test_the_better_fit_takes_the_place() -> None:
    """Both files carry the name; only one has the length."""
    found = matched(
        artifact("a", "10:00", "10:30"), item("short", "10:01", minutes=5), item("right", "10:02", minutes=30)
    )

    assert found[0] == ("graph:a", "drive:d:right", "call:call")


@pytest.mark.parametrize(
    ("file", "joined"),
    [
        (item("f", "10:00", "Other.mp4", minutes=30), True),
        (item("f", "10:00", "Other.mp4", minutes=20), False),
        (item("f", "10:00", "Other.mp4"), False),
        (item("f", "10:00"), True),
        (item("f", "10:00", minutes=20), True),
        (item("f", "09:54", minutes=30), False),
        (item("f", "12:30", minutes=30), True),
        (item("f", "12:31", minutes=30), False),
    ],
)
def test_a_file_is_never_joined_by_time_alone(file: DriveItem, joined: bool) -> None:
    assert (("graph:a", "drive:d:f", "call:call") in matched(artifact("a", "10:00", "10:30"), file)) is joined


@pytest.mark.parametrize(
    ("file", "kept"),
    [
        (item("f", "10:00"), True),
        (item("f", "09:29"), False),
        (item("f", "13:00"), False),
        (item("f", "10:00", "Other.mp4"), False),
        (item("f", "10:00", "Seminar.docx", mime_type="application/msword"), False),
        (item("f", "10:00", "Seminar", mime_type="audio/mp4"), True),
    ],
)
def test_a_file_on_its_own_needs_name_and_time(file: DriveItem, kept: bool) -> None:
    assert matched(file) == ([("drive:d:f",)] if kept else [])


def test_a_file_of_the_class_before_is_left_to_that_class() -> None:
    close = Window(at("10:00"), at("11:00"), neighbours=((at("09:00"), at("10:00")),))

    assert matched(item("f", "09:58"), window=close) == []


def test_a_file_found_in_two_places_is_one() -> None:
    assert matched(item("f", "10:00"), item("f", "10:00")) == [("drive:d:f",)]


def test_two_finds_never_share_a_key() -> None:
    matches = Matches(WINDOW, TITLES)
    matches.add_artifacts([artifact("a", "10:00", "10:20"), artifact("b", "10:25", "10:59")])
    matches.add_files([item("a", "10:00", minutes=20), item("b", "10:25", minutes=34)])
    one, other = matches.records("x")

    assert not set(one.keys) & set(other.keys)


def test_times_of_a_file_alone_are_when_it_was_made_and_how_long_it_is() -> None:
    matches = Matches(WINDOW, TITLES)
    matches.add_files([item("f", "10:00", minutes=30)])
    [record] = matches.records("x")

    assert (record.started_at, record.ended_at) == (at("10:00"), at("10:30"))


def test_many_old_files_are_ruled_out_quickly() -> None:
    long_ago = datetime.fromisoformat("2024-01-01T10:00:00+00:00")
    old = [
        DriveItem(str(n), "d", NAMED, f"https://x.example/{n}", 1, "video/mp4", long_ago, None, False)
        for n in range(20_000)
    ]

    assert matched(artifact("a", "10:00", "10:30"), *old, item("f", "10:00")) == [("graph:a", "drive:d:f", "call:call")]


def test_a_recording_that_only_the_meeting_names_says_so() -> None:
    matches = Matches(WINDOW, TITLES)
    matches.add_artifacts([artifact("a", "10:00", "10:30"), artifact("b", "10:40", "10:50", call="other")])
    matches.add_announcements([announced("https://x.example/b", "10:51", 10, call="other", name=NAMED)])

    assert [(record.name, record.named) for record in matches.records("Seminar")] == [("Seminar", False), (NAMED, True)]
