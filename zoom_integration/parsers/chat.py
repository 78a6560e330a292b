"""Chat messages, and when they were sent.

Times count from the start of the recording, or are those of the clock on the wall: whichever brings most messages into
the recording, or nearest to it, holds for the whole file.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from conferences.providers.records import ChatRecord
from zoom_integration.parsers.chat_lines import Line, lines

# People write a little before and after, and clocks differ.
_SLACK = timedelta(minutes=2)
_DAY, _NONE = timedelta(days=1), timedelta()


@dataclass(frozen=True, slots=True)
class Frame:
    """What the times of a file are relative to: the recording, or else the session. `length` None: not known."""

    starts_at: datetime
    length: timedelta | None
    time_zone: str = ""


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
