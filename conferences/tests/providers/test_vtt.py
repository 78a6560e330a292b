"""Transcripts as providers write them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conferences.providers import vtt
from conferences.providers.records import Cue

PAYLOADS = Path(__file__).parent / "payloads"


def text(name: str) -> str:
    return (PAYLOADS / name).read_text(encoding="utf-8")


def test_cues_of_metadata_content_have_speakers_and_times() -> None:
    assert vtt.cues(text("transcript_metadataContent.vtt")) == (
        Cue(16.246, 17.726, "Ann Lee", "Good morning, <everybody>."),
        Cue(-5.32, 1.5, "", "Before it began."),
        Cue(3622.5, 3623.75, "Bo Chen", "Bye"),
    )


def test_cues_of_plain_content_survive_whatever_stands_around_them() -> None:
    assert vtt.cues(text("transcript_content.vtt")) == (
        Cue(5.32, 7.1, "Ann Lee", "Good & well,\nfriends"),
        Cue(8.0, 9.0, "Bo Chen", "One"),
        Cue(8.0, 9.0, "Ann Lee", "Two"),
        Cue(10.0, 11.0, "", "nobody in particular"),
        Cue(14.0, 15.0, "Ann Lee", "The end"),
    )


@pytest.mark.parametrize(
    "source", ["", "WEBVTT", "WEBVTT\n\n", "<html>Sign in</html>", "00:00 -->", "00:00:01.000 --> 00:00:02.000"]
)
def test_cues_of_what_is_no_transcript_are_none(source: str) -> None:
    assert vtt.cues(source) == ()


def test_cues_keep_braces_that_are_no_json_out() -> None:
    assert vtt.cues("00:01.0 --> 00:02.0\n[1, 2]") == (Cue(1.0, 2.0, "", "[1, 2]"),)
    assert vtt.cues('00:01.0 --> 00:02.0\n{"a": ' + "[" * 100_000) == ()


def test_words_keep_times_where_there_are_any() -> None:
    assert vtt.words("00:01.0 --> 00:02.0\nHi", 60.0) == (Cue(1.0, 2.0, "", "Hi"),)
    assert vtt.words("Hi\n\n  there ", 60.0) == (Cue(0.0, 60.0, "", "Hi"), Cue(0.0, 60.0, "", "there"))


def test_spoken_cues_find_the_speaker_before_the_colon() -> None:
    source = "WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.000\nAnn M. Lee: At 10:30, then.\n\n2\n00:03.0 --> 00:04.0\nYes."
    assert vtt.spoken_cues(source) == (Cue(1.0, 2.0, "Ann M. Lee", "At 10:30, then."), Cue(3.0, 4.0, "", "Yes."))


@given(st.text(alphabet='0123456789:.,-> \n<v>{}"Ax', max_size=200))
def test_cues_raise_nothing(source: str) -> None:
    assert all(isinstance(cue, Cue) for cue in vtt.cues(source))
