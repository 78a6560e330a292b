"""Zoom's limits by label, of one account and all apps on it: https://developers.zoom.us/docs/api/rate-limits/ (Pro)."""

import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from zoom_integration.sandbox.naming import stamp
from zoom_integration.sandbox.refusals import Refusal

PER_SECOND = {"Light": 30, "Medium": 20, "Heavy": 10}
_QPS = "You have reached the maximum per-second rate limit for this API. Try again later."
_DAILY = "You have reached the maximum daily rate limit for this API. Refer to the response header for details."


@dataclass(slots=True)
class Pace:
    """Counts what was asked in the last second. `left` are the requests of the day that remain, by label."""

    throttled: bool = True
    now: Callable[[], float] = time.time
    left: dict[str, int] = field(default_factory=dict)
    _asked: dict[tuple[str, str], deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def check(self, account: str, label: str) -> dict[str, str]:
        """The headers that go with the answer. Raises the refusal."""
        with self._lock:
            self._count_day(label)
            return self._count_second(account, label) if self.throttled else {}

    def _count_day(self, label: str) -> None:
        if label not in self.left:
            return
        if self.left[label] <= 0:
            raise Refusal(429, 429, _DAILY, headers=_headers(label, "Daily-limit", 30_000, 0, self._tomorrow()))
        self.left[label] -= 1

    def _count_second(self, account: str, label: str) -> dict[str, str]:
        limit, now, asked = PER_SECOND[label], self.now(), self._asked[account, label]
        while asked and asked[0] <= now - 1:
            asked.popleft()
        if len(asked) >= limit:
            soon = datetime.fromtimestamp(now + 2, UTC)
            raise Refusal(429, 429, _QPS, headers=_headers(label, "QPS", limit, 0, soon))
        asked.append(now)
        return _headers(label, "QPS", limit, limit - len(asked))

    def _tomorrow(self) -> datetime:
        today = datetime.fromtimestamp(self.now(), UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        return today + timedelta(days=1)


def _headers(label: str, kind: str, limit: int, left: int, retry_at: datetime | None = None) -> dict[str, str]:
    """Zoom writes the moment to try again at, not a number of seconds."""
    headers = {
        "X-RateLimit-Category": label,
        "X-RateLimit-Type": kind,
        "X-RateLimit-Limit": str(limit),
        "X-RateLimit-Remaining": str(left),
    }
    return {**headers, "Retry-After": stamp(retry_at)} if retry_at else headers
