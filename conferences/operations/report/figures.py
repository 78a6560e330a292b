"""The figures of a report. Moments are UTC, lengths in seconds; no person occurs in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from conferences.models import SyncRun
from conferences.operations.report.period import Period

PERCENTILES = (50, 90, 95, 99)


@dataclass(frozen=True, slots=True)
class Durations:
    """How long things took. `percentiles` by PERCENTILES; empty where nothing has ended."""

    count: int
    mean: float | None
    longest: float | None
    percentiles: Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Runs:
    """`states` counts all runs that were asked for; `success_rate` is in percent of those that have ended."""

    total: int
    states: Mapping[str, int]
    durations: Durations

    @property
    def ended(self) -> int:
        return self.good + self.states.get(SyncRun.State.FAILED, 0)

    @property
    def good(self) -> int:
        return sum(self.states.get(state, 0) for state in SyncRun.GOOD)

    @property
    def success_rate(self) -> float | None:
        return 100 * self.good / self.ended if self.ended else None


@dataclass(frozen=True, slots=True)
class OperationFigures:
    """One operation over all conferences; `outcomes` counts them, those that have not ended left out."""

    operation: str
    outcomes: Mapping[str, int]
    items: int
    created: int
    updated: int
    requests: int
    durations: Durations


@dataclass(frozen=True, slots=True)
class Traffic:
    """What was asked of the providers and what was stored of it."""

    requests: int
    retries: int
    throttled: int
    waited_seconds: float
    items: int
    created: int
    updated: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class ErrorFigures:
    """One kind of error; the example is its latest."""

    error_class: str
    code: str
    times: int
    runs: int
    last_at: datetime
    example: str
    request_id: str


@dataclass(frozen=True, slots=True)
class Slow:
    """A conference whose syncs took long; `seconds` is the longest one."""

    conference: int
    title: str
    connection: str
    seconds: float
    requests: int
    items: int


@dataclass(frozen=True, slots=True)
class Bucket:
    """One bar of the series: what was asked for in the time that begins then."""

    starts_at: datetime
    runs: int
    failed: int
    requests: int
    items: int


@dataclass(frozen=True, slots=True)
class Report:
    period: Period
    connections: Sequence[str]
    runs: Runs
    operations: Sequence[OperationFigures]
    traffic: Traffic
    errors: Sequence[ErrorFigures]
    slowest: Sequence[Slow]
    series: Sequence[Bucket]
