"""Keeps calls of one kind apart, so that a published limit is never reached."""

import threading
import time
from collections.abc import Callable
from typing import Protocol

_MANY = 1_000


class Pacer(Protocol):
    """Hands out moments. Safe between threads; never raises."""

    def reserve(self, key: str, interval_seconds: float) -> float:
        """Takes this key's next free slot, and keeps the interval behind it free. Returns the seconds until then."""
        ...

    def push_back(self, key: str, seconds: float) -> None:
        """Gives out no slot of this key before so many seconds from now. Whoever has one already keeps it."""
        ...


class LocalPacer:
    """For the threads of one process."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._free_at: dict[str, float] = {}
        self._lock = threading.Lock()

    def reserve(self, key: str, interval_seconds: float) -> float:
        return self._take(key, interval_seconds, 0.0)

    def push_back(self, key: str, seconds: float) -> None:
        self._take(key, 0.0, seconds)

    def _take(self, key: str, interval_seconds: float, not_within_seconds: float) -> float:
        with self._lock:
            now = self._monotonic()
            slot = max(now + not_within_seconds, self._free_at.get(key, now))
            self._free_at[key] = slot + interval_seconds
            if len(self._free_at) > _MANY:
                self._free_at = {kept: free for kept, free in self._free_at.items() if free > now}
        return slot - now
