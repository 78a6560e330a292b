"""The heartbeat of an item, which also carries its progress."""

import time

from conferences.sync.lease import Lease

BEAT_SECONDS = 2.0
# Without a stated total, progress approaches the end of its step more slowly the longer it takes.
HALF_WAY_ITEMS = 40


class Pulse:
    """Beats at most every two seconds, however often it is asked to. `done` steps were ended by an earlier worker."""

    def __init__(self, lease: Lease, steps: int, done: int = 0) -> None:
        self._lease = lease
        self._steps = max(steps, 1)
        self._done = done
        self._last_beat: float | None = None

    def step_done(self) -> None:
        self._done += 1
        self._last_beat = None

    def beat(self, label: str, items: int, total: int | None) -> bool:
        """Returns whether somebody asked to cancel. Raises LeaseLost, DatabaseUnavailable."""
        now = time.monotonic()
        if self._last_beat is not None and now - self._last_beat < BEAT_SECONDS:
            return False
        self._last_beat = now
        phase = f"{label}: {items} so far" if items else f"Fetching {label.lower()}"
        return self._lease.beat(self._progress(items, total), phase)

    def _progress(self, items: int, total: int | None) -> int:
        share = min(items / total, 0.95) if total else items / (items + HALF_WAY_ITEMS)
        return int(99 * (self._done + share) / self._steps)
