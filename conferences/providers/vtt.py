"""Transcripts: WebVTT as providers write it, which is not always WebVTT.

Speakers stand in voice tags (`<v Ann>Hello</v>`), in one JSON object per cue, or before a colon ("Ann Lee: Hello").
Times may be unpadded (0:0:5.320), and negative when the transcript began in the middle of the call.
"""

import html
import json
import re
from collections.abc import Iterator, Mapping

from conferences.providers.records import Cue
from conferences.providers.text import clean

_STAMP = r"-?(?:\d+:)?\d{1,2}:\d{1,2}(?:[.,]\d{1,7})?"
_TIMING = re.compile(rf"\s*({_STAMP})\s*-->\s*({_STAMP})(?:\s.*)?", re.ASCII)
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]*)>", re.IGNORECASE)
# A name is short, stands on the first line and ends in no sentence of its own.
_SPEAKER = re.compile(r"([^\n:.!?]{1,80}(?:\.[^\n:.!?]{1,40})?): (.+)", re.DOTALL)
_TAG = re.compile(r"</?[a-zA-Z0-9:.][^>]*>")


def cues(text: str) -> tuple[Cue, ...]:
    """Every cue that can be read; headers, notes and styles are skipped, broken ones too."""
    return tuple(cue for start, end, lines in _blocks(text) for cue in _cues(start, end, lines))


def spoken_cues(text: str) -> tuple[Cue, ...]:
    """Every cue of a transcript that names its speakers before a colon."""
    return tuple(_before_colon(cue) for cue in cues(text))


def words(text: str, length_seconds: float) -> tuple[Cue, ...]:
    """Text without speakers, and perhaps without times: a line of that may have been said at any time of the whole."""
    lines = (clean(line) for line in text.splitlines())
    return cues(text) or tuple(Cue(0.0, length_seconds, "", line) for line in lines if line)


def _blocks(text: str) -> Iterator[tuple[float, float, list[str]]]:
    """A timing line opens a cue; an empty line closes it."""
    current: tuple[float, float, list[str]] | None = None
    for line in text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        timing = _TIMING.fullmatch(line)
        if (timing or not line.strip()) and current:
            yield current
            current = None
        if timing:
            current = (_seconds(timing[1]), _seconds(timing[2]), [])
        elif current:
            current[2].append(line)
    if current:
        yield current


def _cues(start: float, end: float, lines: list[str]) -> Iterator[Cue]:
    payload = "\n".join(lines).strip()
    if payload.startswith("{"):
        spoken = _spoken(payload)
        if spoken is not None:
            yield Cue(start, end, *spoken)
        return
    for speaker, words in _voices(payload):
        if words:
            yield Cue(start, end, speaker, words)


def _spoken(payload: str) -> tuple[str, str] | None:
    """Speaker and text of a JSON cue; None when it is none."""
    try:
        value = json.loads(payload)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, Mapping) or not isinstance(value.get("spokenText"), str):
        return None
    speaker = value.get("speakerName")
    return clean(speaker) if isinstance(speaker, str) else "", clean(value["spokenText"])


def _before_colon(cue: Cue) -> Cue:
    match = None if cue.speaker else _SPEAKER.fullmatch(cue.text)
    return Cue(cue.starts_seconds, cue.ends_seconds, clean(match[1]), clean(match[2])) if match else cue


def _voices(payload: str) -> Iterator[tuple[str, str]]:
    """One cue may hold several voices."""
    before, *rest = _VOICE.split(payload)
    yield "", _words(before)
    for speaker, words in zip(rest[::2], rest[1::2], strict=True):
        yield clean(html.unescape(speaker)), _words(words)


def _words(marked_up: str) -> str:
    return clean(html.unescape(_TAG.sub("", marked_up)))


def _seconds(stamp: str) -> float:
    sign = -1.0 if stamp.startswith("-") else 1.0
    total = 0.0
    for part in stamp.lstrip("-").replace(",", ".").split(":"):
        total = total * 60 + float(part)
    return sign * round(total, 3)
