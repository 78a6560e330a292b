"""System events of a chat, as sentences. https://learn.microsoft.com/graph/system-messages"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from conferences.providers import shape
from conferences.providers.errors import Malformed
from conferences.providers.shape import Raw

Names = Mapping[str, str]

_SUFFIX = "EventMessageDetail"
_MEMBERS = {
    "membersAdded": "{} added to the chat.",
    "membersDeleted": "{} removed from the chat.",
    "membersJoined": "{} joined.",
    "membersLeft": "{} left.",
}


@dataclass(frozen=True, slots=True)
class RecordingEvent:
    """A recording, as the chat announces it. `status`: initial, chunkFinished, success or failure."""

    message_id: str
    call_id: str
    status: str
    name: str
    url: str
    length: timedelta | None


def kind(event: Raw) -> str:
    """E.g. "callEnded"; "" for a type that does not follow the pattern."""
    name = shape.optional_text(event, "@odata.type").rpartition(".")[2]
    return name.removesuffix(_SUFFIX) if name.endswith(_SUFFIX) else ""


def recording(event: Raw, message_id: str) -> RecordingEvent | None:
    """None for any other event."""
    if kind(event) != "callRecording":
        return None
    return RecordingEvent(
        message_id=message_id,
        call_id=shape.optional_text(event, "callId"),
        status=shape.optional_text(event, "callRecordingStatus"),
        name=shape.optional_text(event, "callRecordingDisplayName"),
        url=shape.optional_text(event, "callRecordingUrl"),
        length=shape.optional_length(event, "callRecordingDuration"),
    )


def sentence(event: Raw, names: Names) -> str:
    """What happened, in words; `names` by lower-case id complete those that Graph leaves out."""
    what = kind(event)
    if what in _MEMBERS:
        return _MEMBERS[what].format(_people(event, names))
    return _SENTENCES[what](event) if what in _SENTENCES else _in_words(what)


def _started(event: Raw) -> str:
    return "The call started." if event.get("callEventType") == "call" else "The meeting started."


def _ended(event: Raw) -> str:
    what = "The call" if event.get("callEventType") == "call" else "The meeting"
    try:
        length = shape.optional_length(event, "callDuration")
    except Malformed:
        length = None
    return f"{what} ended after {_spoken(length)}." if length else f"{what} ended."


def _recording(event: Raw) -> str:
    name = shape.optional_text(event, "callRecordingDisplayName")
    by_status = {
        "initial": "The recording started.",
        "chunkFinished": "The recording is being saved.",
        "success": f"The recording is available: {name}" if name else "The recording is available.",
        "failure": "The recording failed.",
    }
    return by_status.get(shape.optional_text(event, "callRecordingStatus"), "The recording changed.")


def _transcript(_event: Raw) -> str:
    return "The transcript is available."


def _renamed(event: Raw) -> str:
    return f"The chat was renamed to “{shape.optional_text(event, 'chatDisplayName')}”."


_SENTENCES: Mapping[str, Callable[[Raw], str]] = {
    "callStarted": _started,
    "callEnded": _ended,
    "callRecording": _recording,
    "callTranscript": _transcript,
    "chatRenamed": _renamed,
}


def _people(event: Raw, names: Names) -> str:
    found = [
        shape.optional_text(each, "displayName") or names.get(shape.optional_text(each, "id").lower(), "")
        for each in shape.objects(event, "members")
    ]
    unnamed = found.count("")
    listed = [name for name in found if name]
    if unnamed:
        listed.append("1 person" if unnamed == 1 else f"{unnamed} people")
    return ", ".join(listed) or "Somebody"


def _spoken(length: timedelta) -> str:
    minutes, seconds = divmod(round(length.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [f"{hours} h" if hours else "", f"{minutes} min" if minutes else "", f"{seconds} s" if seconds else ""]
    return " ".join(part for part in parts if part) or "0 s"


def _in_words(what: str) -> str:
    """ "teamsAppInstalled" → "Teams app installed."."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", what).lower()
    return f"{words[:1].upper()}{words[1:]}." if words else "System message."
