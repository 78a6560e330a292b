"""What stands below a chart's bars: each label under the bar that it names, in percent of the width.

Percents and not units of the view box, so that letters keep their shape however wide the chart is drawn.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format

MOST = 8
HOURS = (1, 2, 3, 4, 6, 12, 24)
DAYS = (1, 2, 7, 14, 28, 56, 91, 182)
# A label in the middle of its bar would be cut off beyond these.
LEFT, RIGHT = 8, 92


@dataclass(frozen=True, slots=True)
class Label:
    """`percent`: the middle of its bar. `text` is the hour with the day `below` it, or the day with its year.

    between  may be left out where there is little room
    """

    percent: float
    text: str
    below: str
    between: bool

    @property
    def anchor(self) -> str:
        return "start" if self.percent < LEFT else "end" if self.percent > RIGHT else "middle"


def labels(moments: Sequence[datetime], middles: Sequence[float], *, hourly: bool) -> list[Label]:
    """Of some of the bars, told in the site's time zone. `middles`: where each stands, in percent of the width."""
    local = [timezone.localtime(moment) for moment in moments]
    chosen = _hours(local) if hourly else range(0, len(local), _step(DAYS, len(local)))
    first, second = ("H:i", "j M") if hourly else ("j M", "Y")
    return [
        Label(middles[at], date_format(local[at], first), date_format(local[at], second), bool(number % 2))
        for number, at in enumerate(chosen)
    ]


def _hours(moments: Sequence[datetime]) -> list[int]:
    """Every so many hours from midnight on; an hour that the clock shows twice is named once."""
    step, hours = _step(HOURS, len(moments)), [moment.hour for moment in moments]
    return [at for at, hour in enumerate(hours) if hour % step == 0 and (at == 0 or hour != hours[at - 1])]


def _step(steps: Sequence[int], bars: int) -> int:
    return next((step for step in steps if bars <= step * MOST), steps[-1])
