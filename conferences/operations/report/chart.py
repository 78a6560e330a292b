"""Bars for a page, drawn without script or style: plain rectangles in a view box, for people who can see them.

The same figures stand in a table beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from conferences.operations.report.axis import Label, labels
from conferences.operations.report.figures import Bucket

HEIGHT, SLOT, GAP = 100, 10, 2


@dataclass(frozen=True, slots=True)
class Bar:
    """Of one bucket, in units of the view box; `failed_height` is the lower part of it."""

    x: int
    y: float
    height: float
    failed_height: float
    bucket: Bucket

    @property
    def failed_y(self) -> float:
        return HEIGHT - self.failed_height


@dataclass(frozen=True, slots=True)
class Chart:
    """`tallest` is what a bar of full height stands for."""

    bars: Sequence[Bar]
    labels: Sequence[Label]
    width: int
    tallest: int
    height: int = HEIGHT
    bar_width: int = SLOT - GAP


def chart(series: Sequence[Bucket], *, hourly: bool) -> Chart | None:
    """Runs per bucket, which is an hour or a day. None when there were none at all: an empty frame says nothing."""
    tallest = max((bucket.runs for bucket in series), default=0)
    if not tallest:
        return None
    bars = [_bar(number, bucket, HEIGHT / tallest) for number, bucket in enumerate(series)]
    width = len(series) * SLOT
    middles = [round(100 * (bar.x + (SLOT - GAP) / 2) / width, 2) for bar in bars]
    below = labels([bucket.starts_at for bucket in series], middles, hourly=hourly)
    return Chart(bars, below, width, tallest)


def _bar(number: int, bucket: Bucket, unit: float) -> Bar:
    height = round(bucket.runs * unit, 2)
    return Bar(number * SLOT, HEIGHT - height, height, round(bucket.failed * unit, 2), bucket)
