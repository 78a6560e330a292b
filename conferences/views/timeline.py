"""The class as a picture: one lane a person, one bar a stretch of attendance. Percentages fit any width."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from conferences.attendance import closed, union
from conferences.models import Conference
from conferences.register import Row

LANES = 80  # more than this is read in the table


@dataclass(frozen=True, slots=True)
class Bar:
    """`x` and `width` in percent of the picture."""

    x: str
    width: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Lane:
    row: Row
    bars: Sequence[Bar]


@dataclass(frozen=True, slots=True)
class Timeline:
    """`schedule` is the planned time within the picture; `hidden` counts people for whom there was no lane. `guesses`:
    a bar ends where somebody may have left, for nobody knows when they did."""

    starts_at: datetime
    ends_at: datetime
    schedule: Bar
    ticks: Sequence[Bar]
    lanes: Sequence[Lane]
    hidden: int
    guesses: bool


def timeline(conference: Conference, rows: Sequence[Row], open_until: datetime) -> Timeline | None:
    """None when nobody was seen. Sessions without an end are drawn up to `open_until`."""
    spans = [(row, union(closed(_intervals(row), open_until))) for row in rows if row.sessions]
    drawn = [(row, stretches) for row, stretches in spans if stretches]
    if not drawn:
        return None
    starts_at = min([conference.starts_at, *(stretches[0][0] for _, stretches in drawn)])
    ends_at = max([conference.ends_at, *(stretches[-1][1] for _, stretches in drawn)])
    scale = _Scale(starts_at, ends_at)
    drawn.sort(key=lambda each: (each[1][0][0], each[0].name))
    return Timeline(
        starts_at,
        ends_at,
        scale.bar(conference.starts_at, conference.ends_at),
        scale.ticks(),
        [Lane(row, [scale.bar(*span) for span in stretches]) for row, stretches in drawn[:LANES]],
        max(0, len(drawn) - LANES),
        any(row.lacks_leave for row, _ in drawn[:LANES]),
    )


def _intervals(row: Row) -> list[tuple[datetime, datetime | None]]:
    return [(session.joined_at, session.left_at) for session in row.sessions]


@dataclass(frozen=True, slots=True)
class _Scale:
    starts_at: datetime
    ends_at: datetime

    def bar(self, start: datetime, end: datetime) -> Bar:
        whole = self.ends_at - self.starts_at
        # Half a percent at least: somebody who looked in for a moment was there, too.
        x, width = (start - self.starts_at) / whole, max(0.005, (end - start) / whole)
        return Bar(f"{x:.2%}", f"{width:.2%}", start, end)

    def ticks(self) -> list[Bar]:
        """Full steps of 15 minutes or more, at most eight of them."""
        whole = self.ends_at - self.starts_at
        steps = (timedelta(minutes=each) for each in (15, 30, 60, 120, 240, 480))
        step = next((each for each in steps if whole / each <= 8), whole)  # noqa: PLR2004
        past = timedelta(seconds=self.starts_at.timestamp() % step.total_seconds())
        tick, found = self.starts_at - past + step, []
        while tick < self.ends_at:
            found.append(self.bar(tick, tick))
            tick += step
        return found
