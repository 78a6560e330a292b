"""System events as sentences."""

from typing import Any

import pytest

from teams_integration.parsers import chat_events


def event(kind: str, **details: Any) -> dict[str, Any]:
    return {"@odata.type": f"#microsoft.graph.{kind}EventMessageDetail", **details}


@pytest.mark.parametrize(
    ("detail", "sentence"),
    [
        (event("callStarted", callEventType="meeting"), "The meeting started."),
        (event("callStarted", callEventType="call"), "The call started."),
        (event("callEnded", callEventType="meeting", callDuration="PT59S"), "The meeting ended after 59 s."),
        (event("callEnded", callEventType="call", callDuration="PT2H"), "The call ended after 2 h."),
        (event("callEnded", callDuration="a while"), "The meeting ended."),
        (event("callEnded"), "The meeting ended."),
        (event("callRecording", callRecordingStatus="initial"), "The recording started."),
        (event("callRecording", callRecordingStatus="chunkFinished"), "The recording is being saved."),
        (event("callRecording", callRecordingStatus="success"), "The recording is available."),
        (
            event("callRecording", callRecordingStatus="success", callRecordingDisplayName="A.mp4"),
            "The recording is available: A.mp4",
        ),
        (event("callRecording", callRecordingStatus="failure"), "The recording failed."),
        (event("callRecording", callRecordingStatus="unknownFutureValue"), "The recording changed."),
        (event("callTranscript"), "The transcript is available."),
        (event("membersJoined", members=[{"displayName": "Ann"}, {"displayName": "Bo"}]), "Ann, Bo joined."),
        (event("membersAdded", members=[{"id": "A"}]), "Ann added to the chat."),
        (event("membersLeft", members=[{"id": "x"}, {"id": "y"}]), "2 people left."),
        (event("membersDeleted", members=[]), "Somebody removed from the chat."),
        (event("chatRenamed", chatDisplayName="Week 6"), "The chat was renamed to “Week 6”."),
        (event("teamsAppInstalled"), "Teams app installed."),
        ({"@odata.type": "#microsoft.graph.somethingElse"}, "System message."),
        ({}, "System message."),
    ],
)
def test_sentence_says_what_happened(detail: dict[str, Any], sentence: str) -> None:
    assert chat_events.sentence(detail, {"a": "Ann"}) == sentence


def test_recording_is_none_for_other_events() -> None:
    assert chat_events.recording(event("callEnded"), "1") is None
