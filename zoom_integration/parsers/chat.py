"""The chat file of a recording: plain text, in the forms that Zoom has written over the years.

    00:05:12\t From Ann Lee : Hello
    00:05:12\tAnn Lee:\tHello
    10:05:12 From Ann Lee to Everyone:
    \tHello
    2026-03-02 10:05:12 From Ann Lee to Bo Chen (Direct Message): Hello

Lines without a time belong to the message before them. Times count from the start of the recording, or are those of the
clock on the wall: whichever brings most messages into the recording, or nearest to it, holds for the whole file.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from conferences.providers.records import ChatRecord
from conferences.providers.text import clean

_START = re.compile(
    r"(?:(?P<day>\d{4}-\d{2}-\d{2})[ T])?(?P<clock>\d{1,3}:[0-5]\d:[0-5]\d)[ \t]+(?P<rest>\S.*)", re.ASCII
)
_FROM = re.compile(r"From\s+(?P<who>.+?)(?:\s+:|:(?=\s|$))\s*(?P<text>.*)", re.DOTALL)
_NAME = re.compile(r"(?P<who>[^\t]{1,200}?)\s*:(?:\t|\s+|$)(?P<text>.*)", re.DOTALL)
_TO = re.compile(r"(?P<sender>.+?)\s+to\s+(?P<recipient>.+)", re.IGNORECASE)
# People write a little before and after, and clocks differ.
_SLACK = timedelta(minutes=2)
_DAY, _NONE = timedelta(days=1), timedelta()


@dataclass(frozen=True, slots=True)
class Line:
    """`seconds` of the time as it is written, since midnight or since the start; `day` "" for the forms without it."""

    seconds: int
    day: str
    sender: str
    recipient: str
    text: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What the times of a file are relative to: the recording, or else the session. `length` None: not known."""

    starts_at: datetime
    length: timedelta | None
    time_zone: str = ""


def lines(text: str) -> Iterator[Line]:
    current: Line | None = None
    for raw in text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        started = _started(raw)
        if started:
            if current:
                yield _finished(current)
            current = started
        elif current:
            current = replace(current, text=f"{current.text}\n{raw.strip()}")
    if current:
        yield _finished(current)


def messages(text: str, frame: Frame, file_key: str) -> Iterator[ChatRecord]:
    """Keys are the same at every reading; what is alike to the letter is numbered."""
    said = list(lines(text))
    seen: Counter[str] = Counter()
    for line, sent_at in zip(said, _moments(said, frame), strict=True):
        marks = (file_key, line.day, str(line.seconds), line.sender, line.text)
        key = "chat:" + hashlib.sha256("\n".join(marks).encode()).hexdigest()[:32]
        seen[key] += 1
        yield ChatRecord(
            key=key if seen[key] == 1 else f"{key}:{seen[key]}",
            sent_at=sent_at,
            sender=line.sender,
            text=line.text,
            extra={"to": line.recipient} if line.recipient else {},
        )


def _started(raw: str) -> Line | None:
    match = _START.fullmatch(raw.rstrip())
    if match is None:
        return None
    said = _FROM.fullmatch(match["rest"]) or _NAME.fullmatch(match["rest"])
    if said is None:
        return None
    addressed = _TO.fullmatch(said["who"]) if match["rest"].startswith("From") else None
    sender, recipient = (addressed["sender"], addressed["recipient"]) if addressed else (said["who"], "")
    return Line(_seconds(match["clock"]), match["day"] or "", clean(sender), clean(recipient), said["text"])


def _finished(line: Line) -> Line:
    return replace(line, text=clean(line.text))


def _seconds(clock: str) -> int:
    hours, minutes, seconds = (int(part) for part in clock.split(":"))
    return (hours * 60 + minutes) * 60 + seconds


def _moments(said: list[Line], frame: Frame) -> list[datetime]:
    zone = _zone(frame.time_zone)
    since_start = [frame.starts_at + timedelta(seconds=line.seconds) for line in said]
    on_the_wall = [_on_the_wall(line, frame, zone) for line in said]
    undated = [number for number, line in enumerate(said) if not line.day]
    readings = [since_start, on_the_wall] if undated and frame.length is not None else [since_start]
    likely = min(readings, key=lambda moments: _distance([moments[number] for number in undated], frame))
    return [on_the_wall[number] if line.day else likely[number] for number, line in enumerate(said)]


def _distance(moments: list[datetime], frame: Frame) -> tuple[timedelta, int, timedelta]:
    """From the recording: the median, which a few late messages do not move; how many are too early, which is rarer
    than too late; and the total."""
    starts_at, ends_at = frame.starts_at - _SLACK, frame.starts_at + max(_NONE, frame.length or _NONE) + _SLACK
    distances = sorted(max(_NONE, starts_at - moment, moment - ends_at) for moment in moments)
    early = sum(moment < starts_at for moment in moments)
    return (distances[len(distances) // 2] if distances else _NONE, early, sum(distances, _NONE))


def _on_the_wall(line: Line, frame: Frame, zone: tzinfo) -> datetime:
    """Without a day, a time before the start belongs to the day after: the recording went past midnight."""
    start = frame.starts_at.astimezone(zone)
    day = _day(line.day) or start.date()
    try:
        moment = datetime.combine(day, time(), zone) + timedelta(seconds=line.seconds)
        if not line.day and moment < start - timedelta(hours=12):
            moment += _DAY
        return moment.astimezone(UTC)
    except OverflowError:  # a day at the ends of the calendar, which nobody can have written on
        return datetime.combine(day, time(), UTC)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name) if name else UTC
    except (ValueError, OSError, KeyError):
        return UTC
