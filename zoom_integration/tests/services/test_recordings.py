"""Cloud recordings, with all kinds of files."""

from typing import Any

import pytest

from conferences.providers.errors import CredentialsRefused, DailyLimit, Missing, NotPermitted, ServerTrouble
from conferences.providers.records import Cue, FlawRecord, Record, RecordingRecord
from zoom_integration.tests.zoom import (
    DAYS_LATER,
    HOUR_LATER,
    UUID,
    FakeZoom,
    at,
    by_number,
    fetched,
    nothing,
    notices,
    of_kind,
    payload,
    problems,
    proves,
    text,
)

NO_RECORDING = Missing("None.", code="no_recording")
CUES = (Cue(1.0, 2.5, "Ann Lee", "Good morning."), Cue(3.0, 4.0, "", "Nobody named"))


def recorded(**answers: Any) -> FakeZoom:
    given = {"recordings": payload("recordings_all_kinds"), "file_text": text("transcript.vtt")}
    return FakeZoom(**{**given, **answers})


def listed(records: list[Record]) -> list[RecordingRecord]:
    return of_kind(RecordingRecord, records)


def test_every_file_is_listed_with_its_kind_those_without_an_id_too() -> None:
    records = listed(fetched(recorded(), "recordings"))

    assert [(record.keys[0], record.kind) for record in records] == [
        ("zoom:v1", "video"),
        ("zoom:v2", "video"),
        ("zoom:a1", "audio"),
        ("zoom:c1", "chat"),
        ("zoom:t1", "transcript"),
        (f"zoom:{UUID}|CC|2026-03-02T10:00:10Z", "transcript"),
        (f"zoom:{UUID}|TIMELINE|2026-03-02T10:00:10Z", "timeline"),
        ("zoom:s1", "other"),
        ("zoom:pa1", "audio"),
    ]


def test_file_has_its_page_size_and_times() -> None:
    assert listed(fetched(recorded(), "recordings"))[0] == RecordingRecord(
        keys=("zoom:v1",),
        name="Algebra for everybody (shared screen with speaker view)",
        kind="video",
        url="https://example.zoom.us/rec/play/v1",
        started_at=at("10:00:10"),
        ended_at=at("11:00:10"),
        size=7220,
        extra={"file_type": "MP4", "recording_type": "shared_screen_with_speaker_view", "status": "completed"},
    )


def test_size_of_zero_is_kept_and_a_missing_one_stays_unknown() -> None:
    records = {record.keys[0]: record.size for record in listed(fetched(recorded(), "recordings"))}

    assert (records["zoom:v2"], records["zoom:s1"]) == (0, None)


def test_addresses_are_pages_and_never_downloads() -> None:
    urls = {record.url for record in listed(fetched(recorded(), "recordings"))}

    assert urls == {
        "https://example.zoom.us/rec/play/v1",
        "https://example.zoom.us/rec/play/v2",
        "https://example.zoom.us/rec/play/a1",
        "https://example.zoom.us/rec/share/abc",
    }


def test_secrets_of_the_recording_are_kept_nowhere() -> None:
    assert "secret" not in repr(listed(fetched(recorded(), "recordings")))


def test_transcript_and_captions_have_their_words() -> None:
    words = {record.keys[0]: record.cues for record in listed(fetched(recorded(), "recordings")) if record.cues}

    assert words == {"zoom:t1": CUES, f"zoom:{UUID}|CC|2026-03-02T10:00:10Z": CUES}


@pytest.mark.parametrize("error", [NotPermitted("No.", code="no"), CredentialsRefused("Who?", code="no")])
def test_transcript_whose_text_is_refused_is_listed_without_it(error: Exception) -> None:
    records = fetched(recorded(file_text=error), "recordings")

    assert {record.cues for record in listed(records)} == {None}
    assert (len(listed(records)), notices(records), problems(records)) == (9, ["no", "no"], [])


def test_fault_while_reading_a_transcript_is_a_problem_and_costs_no_file() -> None:
    records = fetched(recorded(file_text=ServerTrouble("Oops.")), "recordings")

    assert (len(listed(records)), problems(records)) == (9, ["provider_trouble", "provider_trouble"])


def test_daily_limit_ends_it() -> None:
    with pytest.raises(DailyLimit):
        fetched(recorded(file_text=DailyLimit("Enough.")), "recordings")


def test_files_still_processed_are_listed_and_more_is_to_come() -> None:
    zoom = recorded(recordings=payload("recordings_processing"))

    records = fetched(zoom, "recordings")

    assert ([record.extra["status"] for record in listed(records)], nothing(records)) == (
        ["processing", "processing"],
        ["not_ready"],
    )
    assert zoom.times_asked("file_text") == 0


@pytest.mark.parametrize(("now", "code"), [(HOUR_LATER, "not_ready"), (at("12:00", "2026-03-05"), "none_found")])
def test_no_recording_is_normal(now: Any, code: str) -> None:
    assert nothing(fetched(recorded(recordings=NO_RECORDING), "recordings", now=now)) == [code]


def test_session_that_zoom_no_longer_knows_proves_nothing_about_what_is_stored() -> None:
    zoom = recorded(recordings=Missing("Unknown.", code="not_found"))

    assert nothing(fetched(zoom, "recordings")) == ["unavailable"]


def test_every_run_of_the_occurrence_is_asked_and_one_may_have_none() -> None:
    def recordings(uuid: str) -> Any:
        if uuid == UUID:
            raise NO_RECORDING
        return payload("recordings_all_kinds")

    zoom = recorded(recordings=recordings, past_instances=payload("instances_series")["webinars"])
    records = fetched(zoom, "recordings", by_number())

    assert (zoom.times_asked("recordings"), len(listed(records)), nothing(records)) == (2, 9, ["none_found"])
    assert proves(records) is False


@pytest.mark.parametrize("kept", [HOUR_LATER, DAYS_LATER])
def test_that_there_is_no_recording_is_zooms_word_and_no_list(kept: Any) -> None:
    """Never lose: what was stored of it is not gone."""
    assert proves(fetched(recorded(recordings=NO_RECORDING), "recordings", now=kept)) is False


@pytest.mark.parametrize(
    ("broken", "good"),
    [
        ({}, 0),
        ({"recording_files": None}, 0),
        ({"recording_files": "x"}, 0),
        ({"recording_files": [None, 3]}, 0),
        ({"recording_files": [{"id": "v1", "file_type": "MP4"}, None]}, 1),
        ({"recording_files": [{"id": "v1", "file_type": "MP4"}], "participant_audio_files": {}}, 1),
    ],
)
@pytest.mark.parametrize("operation", ["recordings", "chat"])
def test_answer_without_a_proper_list_proves_nothing(broken: Any, good: int, operation: str) -> None:
    """Only a listing that ended cleanly says what is gone; its good entries are kept."""
    records = fetched(recorded(recordings=broken), operation)

    assert (problems(records), nothing(records)) == (["malformed_answer"], [])
    assert len(listed(records)) == (good if operation == "recordings" else 0)


def test_refusal_is_passed_on() -> None:
    with pytest.raises(NotPermitted):
        fetched(recorded(recordings=NotPermitted("No.")), "recordings")


def test_before_the_start_nobody_is_asked() -> None:
    assert nothing(fetched(FakeZoom(), "recordings", now=at("09:00"))) == ["not_started"]


def test_file_whose_times_or_size_make_no_sense_is_listed_and_flagged() -> None:
    files = [
        {"id": "v1", "file_type": "MP4", "recording_start": "2026-03-02T11:00:00Z", "file_size": -5},
        {"id": "v2", "file_type": "MP4", "recording_start": "2026-03-02T11:00:00Z", "file_size": 0},
        {"id": "v3", "file_type": "CC", "recording_start": "at noon"},
    ]
    files[1]["recording_end"] = "2026-03-02T10:00:00Z"
    records = fetched(recorded(recordings={"recording_files": files, "topic": "Algebra"}), "recordings")

    assert [(record.keys[0], record.size, record.ended_at) for record in listed(records)] == [
        ("zoom:v1", None, None),
        ("zoom:v2", 0, None),
        ("zoom:v3", None, None),
    ]
    assert [(flaw.key, flaw.reasons, flaw.raw) for flaw in of_kind(FlawRecord, records)] == [
        ("zoom:v1", ("size not readable",), files[0]),
        ("zoom:v2", ("ends before it starts",), files[1]),
        ("zoom:v3", ("start not readable",), files[2]),
    ]
