"""Keeps calls of one kind apart, so that a published limit is never reached. One pacer serves the whole process."""

import threading

from conferences.providers.base import Link
from conferences.providers.waiting import Clock, pause

_MANY = 1_000


class Pacer:
    def __init__(self) -> None:
        self._free_at: dict[str, float] = {}
        self._lock = threading.Lock()

    def turn(self, key: str, interval_seconds: float, link: Link, clock: Clock) -> float:
        """Waits for this key's next free slot and takes it. Returns the seconds waited. Raises Cancelled."""
        with self._lock:
            now = clock.monotonic()
            slot = max(now, self._free_at.get(key, now))
            self._free_at[key] = slot + interval_seconds
            if len(self._free_at) > _MANY:
                self._free_at = {kept: free for kept, free in self._free_at.items() if free > now}
        pause(slot - now, link, clock)
        return slot - now


PACER = Pacer()
