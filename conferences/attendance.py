"""Time spent in class: intervals are half-open `[joined_at, left_at)`, and what overlaps counts once.

An interval without an end was still running when it was fetched, or nobody knows when it ended. It adds nothing to a
total, because its length is not known; `closed` gives it a provisional end where presence has to be judged.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

OpenSpan = tuple[datetime, datetime | None]
Span = tuple[datetime, datetime]


def union(intervals: Iterable[OpenSpan]) -> list[Span]:
    """The intervals in UTC and in order, without overlap. Open, empty and reversed ones are left out."""
    merged: list[Span] = []
    for start, end in sorted(_closed_in_utc(intervals)):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _closed_in_utc(intervals: Iterable[OpenSpan]) -> Iterable[Span]:
    # Python compares and subtracts two times of one zone by the clock on the wall, which is wrong across a
    # daylight-saving change; in UTC there is none.
    spans = ((start.astimezone(UTC), end.astimezone(UTC)) for start, end in intervals if end is not None)
    return ((start, end) for start, end in spans if start < end)


def length(intervals: Iterable[OpenSpan]) -> timedelta:
    """The exact length of the union."""
    return sum((end - start for start, end in union(intervals)), timedelta())


def union_seconds(intervals: Iterable[OpenSpan]) -> int:
    """Whole seconds of the union, rounded once at the end; open intervals are ignored."""
    return round(length(intervals).total_seconds())


def closed(intervals: Iterable[OpenSpan], as_of: datetime) -> list[Span]:
    """The intervals with `as_of` for an end where they had none; those that begin later are left out."""
    return [(start, end or as_of) for start, end in intervals if end or start < as_of]


def clipped(intervals: Iterable[OpenSpan], starts_at: datetime, ends_at: datetime) -> list[Span]:
    """The part of the union that lies within `[starts_at, ends_at)`."""
    first, last = starts_at.astimezone(UTC), ends_at.astimezone(UTC)
    inside = ((max(start, first), min(end, last)) for start, end in union(intervals))
    return [(start, end) for start, end in inside if start < end]
