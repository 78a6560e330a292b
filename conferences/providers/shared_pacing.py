"""One pace for all processes of an installation, kept in Redis; without Redis each process keeps its share of it."""

import hashlib
import logging
import math
import threading
import time
from collections.abc import Callable

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.commands.core import Script
from redis.exceptions import RedisError
from redis.retry import Retry

from conferences.providers.pacing import LocalPacer

logger = logging.getLogger(__name__)

# Moments are the server's own, in microseconds: the clocks of the workers' machines may differ. A key lives until its
# slot is free anyway. KEYS: the pace. ARGV: what to keep free behind the slot; how far away it must be at least.
_TAKE = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local slot = math.max(now + ARGV[2], tonumber(redis.call('GET', KEYS[1]) or 0))
local free = slot + ARGV[1]
if free > now then
    redis.call('SET', KEYS[1], string.format('%.0f', free), 'PX', math.ceil((free - now) / 1000))
end
return slot - now
"""
_SOCKET_SECONDS = 0.5
LOOK_AGAIN_SECONDS = 30.0


class SharedPacer:
    """Redis out of reach, or one that runs no scripts, is no error: it is told of once, and tried again later.

    Until then this process keeps a pace of its own, `sharers` times slower than the shared one: a worker's process
    counts on as many others as may be at work on one account at once.
    """

    def __init__(self, url: str | None = None, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.sharers = 1
        self._url = url
        self._monotonic = monotonic
        self._local = LocalPacer(monotonic)
        self._away_until: float | None = None
        self._script: Script | None = None
        self._lock = threading.Lock()

    def reserve(self, key: str, interval_seconds: float) -> float:
        wait = self._take(key, interval_seconds, 0.0)
        return self._local.reserve(key, interval_seconds * self.sharers) if wait is None else wait

    def push_back(self, key: str, seconds: float) -> None:
        self._local.push_back(key, seconds)
        self._take(key, 0.0, seconds)

    def _take(self, key: str, interval_seconds: float, not_within_seconds: float) -> float | None:
        """None while Redis does not answer."""
        if self._away_until is not None and self._monotonic() < self._away_until:
            return None
        try:
            taken = self._opened()(
                keys=[redis_key(key)],
                args=[math.ceil(interval_seconds * 1_000_000), math.ceil(not_within_seconds * 1_000_000)],
            )
        except (RedisError, OSError, ValueError) as error:  # ValueError: an address that only Celery understands
            self._missed(error)
            return None
        self._back()
        return int(taken) / 1_000_000

    def _opened(self) -> Script:
        with self._lock:
            if self._script is None:
                client = redis.Redis.from_url(
                    self._url or settings.REDIS_URL,
                    socket_connect_timeout=_SOCKET_SECONDS,
                    socket_timeout=_SOCKET_SECONDS,
                    retry=Retry(NoBackoff(), 1),  # a connection that was idle may have been closed
                )
                self._script = client.register_script(_TAKE)
            return self._script

    def _missed(self, error: Exception) -> None:
        if self._away_until is None:
            logger.warning("no pace is shared with other workers (%s): each keeps its part", type(error).__name__)
        self._away_until = self._monotonic() + LOOK_AGAIN_SECONDS

    def _back(self) -> None:
        if self._away_until is not None:
            logger.warning("the pace is shared with other workers again")
            self._away_until = None


def redis_key(key: str) -> str:
    """Keys are made of accounts and meetings, which are nobody's business in Redis."""
    return f"lms:pace:{hashlib.sha256(key.encode()).hexdigest()[:32]}"


PACER = SharedPacer()
