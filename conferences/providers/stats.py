"""What asking a provider has cost so far."""

import threading
from dataclasses import dataclass, field


@dataclass(slots=True)
class Stats:
    """Counted by every client of one link, from any of its threads.

    throttled       how often we were asked to slow down
    waited_seconds  for our own pace, after faults, and because we were asked to
    """

    requests: int = 0
    retries: int = 0
    throttled: int = 0
    waited_seconds: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    def counts(self) -> dict[str, float]:
        """All of them, by name, as they were at one moment."""
        with self._lock:
            return {
                "requests": self.requests,
                "retries": self.retries,
                "throttled": self.throttled,
                "waited_seconds": self.waited_seconds,
            }

    def add(self, *, requests: int = 0, retries: int = 0, throttled: int = 0, waited_seconds: float = 0.0) -> None:
        with self._lock:
            self.requests += requests
            self.retries += retries
            self.throttled += throttled
            self.waited_seconds += waited_seconds
