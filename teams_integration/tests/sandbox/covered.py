"""How much time a set of spans covers, by another way than the product's."""

from collections.abc import Iterable
from datetime import datetime, timedelta


def union_seconds(spans: Iterable[tuple[datetime, datetime]]) -> float:
    """An independent sum of the time covered, by sweeping over the ends."""
    ends = sorted([(start, 1) for start, _ in spans] + [(end, -1) for _, end in spans])
    total, inside, since = timedelta(), 0, ends[0][0]
    for moment, step in ends:
        since = moment if inside == 0 else since
        inside += step
        total += moment - since if inside == 0 else timedelta()
    return total.total_seconds()
