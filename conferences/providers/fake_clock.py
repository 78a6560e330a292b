"""A clock for tests: time passes only where somebody waits."""

import threading
from datetime import UTC, datetime, timedelta

from conferences.providers.waiting import Clock

STARTS_AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class FakeClock:
    """`clock` is what the code under test gets; `seconds` is how long it has waited. `chance` decides jitter."""

    def __init__(self, chance: float = 1.0, starts_at: datetime = STARTS_AT) -> None:
        self.seconds = 0.0
        self.stop_after: float | None = None
        self._starts_at = starts_at
        self.clock = Clock(lambda: self.seconds, self.now, self._wait, lambda: chance)

    def now(self) -> datetime:
        return self._starts_at + timedelta(seconds=self.seconds)

    def _wait(self, stop: threading.Event, seconds: float) -> bool:
        """Passes time; sets the event once `stop_after` seconds have gone by, like a person who cancels."""
        self.seconds += seconds
        if self.stop_after is not None and self.seconds >= self.stop_after:
            stop.set()
        return stop.is_set()
