"""Was somebody there? Judged from intervals, the schedule and the course's thresholds.

The first rule that fits decides:

1. absent      no time at all
2. partial     covered less of the scheduled time than `present_percent`, also when only seen outside of it
3. late        first seen in class more than `late_after_minutes` after the start
4. left early  last seen in class more than `early_leave_minutes` before the end
5. present

Only scheduled time counts here: who came early was there at the start, and minutes after the end make up for nothing.
Who is known by a reported total alone, without times, is present or partial: late and left early cannot be told.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from django.db.models import TextChoices

from conferences.attendance import OpenSpan, clipped, closed, length


class Presence(TextChoices):
    PRESENT = "present"
    LATE = "late"
    LEFT_EARLY = "left_early", "Left early"
    PARTIAL = "partial"
    ABSENT = "absent"


class Thresholds(Protocol):
    """What a Course has."""

    late_after_minutes: int
    early_leave_minutes: int
    present_percent: int


@dataclass(frozen=True, slots=True)
class Schedule:
    """Kept in UTC, where the night of a clock change is as long as it really is."""

    starts_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "starts_at", self.starts_at.astimezone(UTC))
        object.__setattr__(self, "ends_at", self.ends_at.astimezone(UTC))

    @property
    def length(self) -> timedelta:
        return self.ends_at - self.starts_at


def judge(
    intervals: Iterable[OpenSpan],
    schedule: Schedule,
    thresholds: Thresholds,
    as_of: datetime,
    reported_seconds: int | None = None,
) -> Presence:
    """Presence in a class that is over. `as_of` is when the provider last answered: open intervals lasted that long."""
    spans = closed(intervals, as_of)
    if not spans:
        return _by_total(reported_seconds or 0, schedule, thresholds)
    if not length(spans):
        return Presence.ABSENT
    inside = clipped(spans, schedule.starts_at, schedule.ends_at)
    if not inside or not _enough(length(inside), schedule, thresholds):
        return Presence.PARTIAL
    if inside[0][0] - schedule.starts_at > timedelta(minutes=thresholds.late_after_minutes):
        return Presence.LATE
    if schedule.ends_at - inside[-1][1] > timedelta(minutes=thresholds.early_leave_minutes):
        return Presence.LEFT_EARLY
    return Presence.PRESENT


def _by_total(seconds: int, schedule: Schedule, thresholds: Thresholds) -> Presence:
    if not seconds:
        return Presence.ABSENT
    return Presence.PRESENT if _enough(timedelta(seconds=seconds), schedule, thresholds) else Presence.PARTIAL


def _enough(covered: timedelta, schedule: Schedule, thresholds: Thresholds) -> bool:
    # In whole multiples of the exact lengths: a share of precisely 75 % must not fail for a rounded fraction.
    return covered * 100 >= schedule.length * thresholds.present_percent
