"""The chat, from the recording's file."""

from typing import Any

import pytest

from conferences.providers.errors import CredentialsRefused, Missing, NotPermitted, ServerTrouble
from conferences.providers.records import ChatRecord, FlawRecord
from zoom_integration.services.session import ZoomSession
from zoom_integration.tests.zoom import (
    HOUR_LATER,
    FakeZoom,
    at,
    fetched,
    inquiry,
    nothing,
    of_kind,
    payload,
    problems,
    text,
    webinar_zoom,
)


def chatty(file: str = "chat_old.txt", **answers: Any) -> FakeZoom:
    return webinar_zoom(**{"recordings": payload("recordings_all_kinds"), "file_text": text(file), **answers})


def test_messages_have_times_senders_and_text() -> None:
    said = of_kind(ChatRecord, fetched(chatty(), "chat"))

    assert [(each.sent_at, each.sender, each.text, each.extra) for each in said] == [
        (at("10:00:22"), "Ann Lee", "Hello: all", {}),
        (at("10:01:10"), "Bo Chen", "two\nlines", {}),
        (at("10:01:10"), "Bo Chen", "two\nlines", {}),
        (at("11:00:15"), "Ann Lee", "psst", {"to": "Bo Chen(Direct Message)"}),
    ]


def test_file_without_an_end_is_measured_by_the_session() -> None:
    files = payload("recordings_all_kinds")["recording_files"]
    endless = [{**each, "recording_end": ""} if each["file_type"] == "CHAT" else each for each in files]
    recordings = {"timezone": "Europe/Berlin", "recording_files": endless}

    said = of_kind(ChatRecord, fetched(chatty("chat_new.txt", recordings=recordings), "chat"))

    assert [each.sent_at for each in said] == [at("10:00:30"), at("10:59")]


def test_keys_are_the_same_at_every_sync_and_differ_for_what_was_said_twice() -> None:
    first, second = ([each.key for each in of_kind(ChatRecord, fetched(chatty(), "chat"))] for _ in range(2))

    assert first == second
    assert len(set(first)) == 4


def test_only_the_chat_file_is_downloaded() -> None:
    zoom = chatty()
    fetched(zoom, "chat")

    assert [call for call in zoom.asked if call[0] == "file_text"] == [
        ("file_text", "https://example.zoom.us/rec/download/c1")
    ]


def test_recording_is_asked_for_once_for_recordings_and_chat() -> None:
    zoom = chatty()
    session = ZoomSession(inquiry(zoom))
    list(session.fetch("recordings"))
    list(session.fetch("chat"))

    assert zoom.times_asked("recordings") == 1


@pytest.mark.parametrize(("now", "code"), [(HOUR_LATER, "not_ready"), (at("12:00", "2026-03-05"), "none_found")])
@pytest.mark.parametrize("recordings", [Missing("None.", code="no_recording"), {"recording_files": []}])
def test_without_a_chat_file_there_is_none_yet_or_never(recordings: Any, now: Any, code: str) -> None:
    assert nothing(fetched(chatty(recordings=recordings), "chat", now=now)) == [code]


def test_recording_without_a_chat_file_says_so() -> None:
    only_video = {"recording_files": payload("recordings_all_kinds")["recording_files"][:2]}

    assert nothing(fetched(chatty(recordings=only_video), "chat")) == ["none_found"]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (CredentialsRefused("Protected."), "file_refused"),
        (Missing("Binned."), "file_refused"),
        (ServerTrouble("Oops."), "provider_trouble"),
    ],
)
def test_file_that_cannot_be_read_is_a_problem_and_not_silence(error: Exception, code: str) -> None:
    records = fetched(chatty(file_text=error), "chat")

    assert (problems(records), nothing(records)) == ([code], [])


@pytest.mark.parametrize("odd", ["{}", "[]", "null", '{"code": 300, "message": "No."}', "Nobody said a word", " "])
def test_file_without_a_message_is_a_problem_and_not_silence(odd: str) -> None:
    """Zoom makes one only when somebody has written something: what was stored is not gone."""
    records = fetched(chatty(file_text=odd), "chat")

    assert (problems(records), nothing(records)) == (["unreadable_chat"], [])


def test_lines_that_are_no_message_are_told_beside_those_that_are() -> None:
    records = fetched(chatty(file_text="Saved chat\n00:00:05\tAnna:\tfirst"), "chat")

    assert [each.text for each in of_kind(ChatRecord, records)] == ["first"]
    (flaw,) = of_kind(FlawRecord, records)
    assert (flaw.reasons, flaw.raw, flaw.stored) == (("lines before the first message",), {"text": "Saved chat"}, False)
    assert flaw.key in {
        each.key for each in of_kind(FlawRecord, fetched(chatty(file_text="Saved\n00:00:05 A: b"), "chat"))
    }


def test_file_of_messages_only_has_no_flaw() -> None:
    assert of_kind(FlawRecord, fetched(chatty(), "chat")) == []


def test_refused_recordings_are_passed_on() -> None:
    with pytest.raises(NotPermitted):
        fetched(chatty(recordings=NotPermitted("No.")), "chat")
