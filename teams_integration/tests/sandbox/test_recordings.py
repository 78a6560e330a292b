import json
import re

import pytest

from teams_integration.sandbox.stories import odd_ones, seminar
from teams_integration.sandbox.stories.cast import TOMAS
from teams_integration.tests.sandbox.asking import Asker, asking, meeting_path, segment

TIMING = re.compile(r"(-?\d+:\d+:\d+\.\d{3}) --> (-?\d+:\d+:\d+\.\d{3})")


@pytest.fixture
def path(graph: Asker) -> str:
    return meeting_path(graph.meeting(seminar.THREAD))


def _transcript(graph: Asker, path: str, part: str) -> str:
    key = graph.rows(f"{path}/transcripts")[0]["id"]
    answer = graph.get(f"{path}/transcripts/{segment(key)}/{part}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/vtt")
    return answer.content.decode()


def test_recordings_of_all_weeks_are_listed(graph: Asker, path: str) -> None:
    assert [row["createdDateTime"][:10] for row in graph.rows(f"{path}/recordings")] == [
        "2025-11-13",
        "2025-11-20",
        "2025-11-20",
    ]


def test_recordings_page(graph: Asker, path: str) -> None:
    assert [len(page) for page in graph.pages(f"{path}/recordings", top="2")] == [2, 1]


def test_ids_need_encoding_in_an_address(graph: Asker, path: str) -> None:
    assert all(row["id"].endswith("=") for row in graph.rows(f"{path}/recordings"))


def test_recording_s_content_is_a_video_for_the_token_only(graph: Asker, path: str) -> None:
    address = f"{path}/recordings/{segment(graph.rows(f'{path}/recordings')[0]['id'])}/content"
    assert graph.get(address).headers["Content-Type"] == "video/mp4"
    assert graph.get(address, {"Authorization": ""}).status_code == 401


def test_recording_and_transcript_are_paired(graph: Asker, path: str) -> None:
    recorded, written = (
        {row["contentCorrelationId"] for row in graph.rows(f"{path}/{kind}")} for kind in ("recordings", "transcripts")
    )
    assert (len(written), written <= recorded) == (2, True)


def test_transcript_has_speakers_and_unpadded_times_some_negative(graph: Asker, path: str) -> None:
    text = _transcript(graph, path, "content")
    timings = TIMING.findall(text)
    assert (text[:6], len(timings), timings[0]) == ("WEBVTT", 40, ("-0:0:3.640", "-0:0:1.140"))
    assert "<v Tomás Ferreira>Last week we asked who owns a prediction.</v>" in text
    assert "Consent to x &lt; y is not consent to y &gt; x &amp; everything after it." in text


def test_transcript_s_metadata_is_one_object_a_cue(graph: Asker, path: str) -> None:
    cues = [json.loads(line) for line in _transcript(graph, path, "metadataContent").splitlines() if line[:1] == "{"]
    assert len(cues) == 40
    assert cues[0] == {
        "startDateTime": "2025-11-20T14:02:08.860000+00:00",
        "endDateTime": "2025-11-20T14:02:11.360000+00:00",
        "speakerName": "Ingrid Solheim",
        "spokenText": "Welcome back, everybody. Can you all hear me?",
        "spokenLanguage": "en-us",
    }


def test_transcripts_can_be_switched_off_for_a_tenant() -> None:
    with asking(tenant="lakeside") as graph:
        path = meeting_path(graph.meeting(odd_ones.CLOSED))
        error = graph.get(f"{path}/transcripts").json()["error"]
        assert (error["code"], error["innerError"]["code"]) == ("Forbidden", "GraphAccessToTranscriptsDisabled")
        assert len(graph.rows(f"{path}/recordings")) == 1


@pytest.mark.parametrize("part", ["content", "metadataContent"])
def test_hidden_speakers_leave_a_text_without_names(part: str) -> None:
    with asking("speakers-hidden") as graph:
        path = meeting_path(graph.meeting(seminar.THREAD))
        address = f"{path}/transcripts/{segment(graph.rows(f'{path}/transcripts')[0]['id'])}"
        error = graph.get(f"{address}/{part}").json()["error"]
        plain = graph.get(f"{address}/content", {"Accept": "application/vnd.microsoft.graph.transcript+text"})
    assert error["innerError"]["code"] == "SpeakerAttributionNotAllowed"
    assert (plain.status_code, "Ferreira" in plain.text) == (200, False)


def test_unknown_artifact_is_not_found(graph: Asker, path: str) -> None:
    assert graph.refusal(f"{path}/recordings/nothing")[0] == 404


def test_artifacts_are_the_organizer_s(graph: Asker, path: str) -> None:
    other = path.replace(graph.meeting(seminar.THREAD).organizer.id, TOMAS.id)
    assert graph.refusal(f"{other}/recordings")[0] == 403
