"""Timing, and tables to print."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Pace:
    """Rows a second: the median of several runs, and the extremes."""

    per_second: float
    slowest: float
    fastest: float

    def __str__(self) -> str:
        return f"{self.per_second:,.0f} ({self.slowest:,.0f}–{self.fastest:,.0f})"


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def pace(rows: int, durations: Iterable[float]) -> Pace:
    paces = [rows / each for each in durations]
    return Pace(median(paces), min(paces), max(paces))


def table(title: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Aligned columns under a title, the first one to the left."""
    cells = [[str(cell) for cell in row] for row in [heads, *rows]]
    widths = [max(len(row[column]) for row in cells) for column in range(len(heads))]
    lines = ["  ".join(_aligned(row, widths)) for row in cells]
    return "\n".join([title, lines[0], "-" * len(lines[0]), *lines[1:]])


def _aligned(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    first, *others = [(cell, width) for cell, width in zip(row, widths, strict=True)]
    return [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]
