"""The open lecture's recording: stopped once and started again, so that every kind of file exists twice."""

import json
from datetime import datetime, timedelta

from zoom_integration.sandbox.naming import short, stamp
from zoom_integration.sandbox.stories.cast import JONAS, MIRA
from zoom_integration.sandbox.stories.people import LEARNERS
from zoom_integration.sandbox.world import Json, Recording

# Minutes after the start: two segments.
_SEGMENTS = ((2, 31), (36, 70))
# Type, extension, recording type, size; those without a recording type have no id, size or state either.
_KINDS = (
    ("MP4", "MP4", "shared_screen_with_speaker_view", 210_000_000),
    ("M4A", "M4A", "audio_only", 24_000_000),
    ("TRANSCRIPT", "VTT", "audio_transcript", 9_400),
    ("CHAT", "TXT", "chat_file", 610),
    ("CC", "VTT", "", 0),
    ("TIMELINE", "JSON", "", 0),
)
_SPOKEN = (
    ((MIRA.name, "Welcome, everybody."), (JONAS.name, "We have four hundred slides.\nNot really."), ("", "Laughter")),
    ((MIRA.name, "Back to your questions."), (LEARNERS[3].name, "Is shade a remedy?"), (JONAS.name, "For a while.")),
)
_WRITTEN = (
    ("Good afternoon!", "Is this recorded?", "Yes: the link comes by mail", "First line\nsecond line 🪸"),
    ("Thank you", "Bravo 👏"),
)


def recording(starts_at: datetime) -> Recording:
    files: list[Json] = []
    texts: dict[str, str] = {}
    for index, (first, last) in enumerate(_SEGMENTS):
        began_at, ended_at = starts_at + timedelta(minutes=first), starts_at + timedelta(minutes=last)
        files += [_file(kind, began_at, ended_at) for kind in _KINDS]
        spoken = _vtt(index)
        readable = {"TRANSCRIPT": spoken, "CC": spoken, "CHAT": _chat(index), "TIMELINE": json.dumps({"timeline": []})}
        texts |= {f"{kind} {stamp(began_at)}": text for kind, text in readable.items()}
    return Recording(files, texts)


def _file(kind: tuple[str, str, str, int], began_at: datetime, ended_at: datetime) -> Json:
    file_type, extension, recording_type, size = kind
    row: Json = {
        "recording_start": stamp(began_at),
        "recording_end": stamp(ended_at),
        "file_type": file_type,
        "file_extension": extension,
    }
    if not recording_type:
        return row
    key = short("recording", file_type, stamp(began_at))
    return {**row, "id": key, "file_size": size, "recording_type": recording_type, "status": "completed"}


def _vtt(segment: int) -> str:
    """Times count from the beginning of the segment."""
    cues = []
    for index, (speaker, text) in enumerate(_SPOKEN[segment]):
        said = f"{speaker}: {text}" if speaker else text
        cues.append(f"{index + 1}\n{_clock(index * 5)}.000 --> {_clock(index * 5 + 4)}.250\n{said}\n")
    return "WEBVTT\n\n" + "\n".join(cues)


def _chat(segment: int) -> str:
    """As Zoom writes it: time from the beginning of the segment, who, and the text."""
    lines = (
        f"{_clock(40 + 75 * index)}\tFrom {LEARNERS[index].name} : {text}\n"
        for index, text in enumerate(_WRITTEN[segment])
    )
    return "".join(lines)


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
