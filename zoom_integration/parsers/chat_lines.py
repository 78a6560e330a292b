"""The chat file of a recording: plain text, in the forms that Zoom has written over the years.

    00:05:12\t From Ann Lee : Hello
    00:05:12\tAnn Lee:\tHello
    10:05:12 From Ann Lee to Everyone:
    \tHello
    2026-03-02 10:05:12 From Ann Lee to Bo Chen (Direct Message): Hello

Lines without a time belong to the message before them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import takewhile

from conferences.providers.text import clean

_START = re.compile(
    r"(?:(?P<day>\d{4}-\d{2}-\d{2})[ T])?(?P<clock>\d{1,3}:[0-5]\d:[0-5]\d)[ \t]+(?P<rest>\S.*)", re.ASCII
)
# A colon and a tab end every name, whatever it contains; without a tab it is the first colon before a space. The oldest
# files have a space on either side. The bounds keep odd lines from costing much time.
_SAID = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<from>From)\s++(?P<who>(?:(?!\s:\s).){0,500}?):\t(?P<text>.*)",
        r"(?P<from>From)\s++(?P<who>.{0,500}?)(?:\s++:|:(?=\s|$))\s*(?P<text>.*)",
        r"(?P<from>)(?P<who>.{0,200}?)\s*+:\t(?P<text>.*)",
        r"(?P<from>)(?P<who>[^\t]{1,200}?)\s*+:(?:\s+|$)(?P<text>.*)",
    )
)
_TO = re.compile(r"(?:(?P<sender>.+?)\s+(?i:to)|to)\s+(?P<recipient>.+)")


@dataclass(frozen=True, slots=True)
class Line:
    """`seconds` of the time as it is written, since midnight or since the start; `day` "" for the forms without it."""

    seconds: int
    day: str
    sender: str
    recipient: str
    text: str


def lines(text: str) -> Iterator[Line]:
    current: Line | None = None
    for raw in _written(text):
        started = _started(raw)
        if started:
            if current:
                yield _finished(current)
            current = started
        elif current:
            current = replace(current, text=f"{current.text}\n{raw.strip()}")
    if current:
        yield _finished(current)


def before(text: str) -> str:
    """What stands before the first message and is none itself."""
    return clean("\n".join(takewhile(lambda raw: _started(raw) is None, _written(text))))


def _written(text: str) -> list[str]:
    return text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _started(raw: str) -> Line | None:
    match = _START.fullmatch(raw)
    said = next((found for each in _SAID if (found := each.fullmatch(match["rest"]))), None) if match else None
    if match is None or said is None:
        return None
    addressed = _TO.fullmatch(said["who"].strip()) if said["from"] else None
    sender, recipient = (addressed["sender"] or "", addressed["recipient"]) if addressed else (said["who"], "")
    return Line(_seconds(match["clock"]), match["day"] or "", clean(sender), clean(recipient), said["text"])


def _finished(line: Line) -> Line:
    return replace(line, text=clean(line.text))


def _seconds(clock: str) -> int:
    hours, minutes, seconds = (int(part) for part in clock.split(":"))
    return (hours * 60 + minutes) * 60 + seconds
