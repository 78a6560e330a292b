"""When to try again: decided by the class of the error, with waits that grow and are drawn by lot."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

from conferences.providers.base import Link
from conferences.providers.errors import RateLimited, Retryable
from conferences.providers.network_faults import TOO_SLOW
from conferences.providers.waiting import Clock, go_on, pause

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Policy:
    """Seconds, unless the name says otherwise. A wait that was asked for does not count as a try."""

    tries: int = 5
    first_wait: float = 1.0
    longest_wait: float = 30.0
    longest_asked_wait: float = 300.0
    asked_waits: int = (
        8  # in a row, for one call: whoever still refuses then will do so for longer than a sync may take
    )
    patience: float = 300.0  # of asked-for waits, for one topic


@dataclass(slots=True)
class Patience:
    """How long each topic has waited because it was asked to. Shared by the threads of one session."""

    waited: dict[str, float] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def spend(self, topic: str, seconds: float, limit: float) -> bool:
        """False when the wait would use up the topic's patience; nothing is spent then."""
        with self.lock:
            spent = self.waited.get(topic, 0.0) + seconds
            if spent > limit:
                return False
            self.waited[topic] = spent
            return True


def _used_up(error: Retryable) -> Retryable:
    """Nobody further out is to begin again."""
    error.permanent = True
    return error


@dataclass(frozen=True, slots=True)
class Retrier:
    """Calls again until it works, the error is permanent, or tries and patience are used up.

    who   names the provider in what people read
    hung  set once a call was given up because no answer came in time: until one comes, others wait only once for theirs
    """

    who: str
    link: Link
    clock: Clock = field(default_factory=Clock)
    policy: Policy = field(default_factory=Policy)
    patience: Patience = field(default_factory=Patience)
    hung: threading.Event = field(default_factory=threading.Event)

    def run(self, call: Callable[[], T], topic: str = "") -> T:
        failures = asked = 0
        while True:
            go_on(self.link)
            try:
                answer = call()
            except Retryable as error:
                if error.permanent:
                    raise
                if isinstance(error, RateLimited):
                    asked += 1
                    self._wait_as_asked(error, asked, topic)
                else:
                    failures += 1
                    self._wait_after(error, failures)
                self.link.stats.add(retries=1)
            else:
                self.hung.clear()
                return answer

    def _wait_after(self, error: Retryable, failures: int) -> None:
        is_slow = error.code == TOO_SLOW
        if failures >= self.policy.tries or (is_slow and self.hung.is_set()):
            if is_slow:
                self.hung.set()
            raise _used_up(error)
        self._pause(self._drawn(failures), f"{self.who} did not answer properly, trying again")

    def _wait_as_asked(self, error: RateLimited, asked: int, topic: str) -> None:
        """At least as long as asked, and longer each time that asking did not help."""
        self.link.stats.add(throttled=1)
        told = error.retry_after
        seconds = self._drawn(asked) if told is None else max(told, self._drawn(asked - 1))
        if seconds > self.policy.longest_asked_wait or asked > self.policy.asked_waits:
            raise self._given_up(error, seconds)
        if not self.patience.spend(topic, seconds, self.policy.patience):
            raise self._given_up(error, seconds)
        self._pause(seconds, f"{self.who} asks us to slow down")

    def _drawn(self, times: int) -> float:
        """Capped full jitter: anything up to a limit that doubles; nothing for zero times."""
        if times < 1:
            return 0.0
        limit = min(self.policy.longest_wait, self.policy.first_wait * 2.0 ** min(times - 1, 16))
        return limit * self.clock.chance()

    def _given_up(self, error: RateLimited, seconds: float) -> RateLimited:
        again_at = self.clock.now() + timedelta(seconds=min(seconds, 7 * 86_400))
        if seconds > self.policy.longest_asked_wait:
            error.message = (
                f"{self.who} limits how much may be asked, and asks us to wait longer than a sync can. "
                f"Try again after {again_at:%H:%M} UTC on {again_at:%d %B}: what is missing is fetched then."
            )
        else:
            error.message = (
                f"{self.who} limits how much may be asked, and kept turning us away however long we waited. "
                "Try again later: what is missing is fetched then."
            )
        error.args = (error.message,)
        _used_up(error)
        return error

    def _pause(self, seconds: float, why: str) -> None:
        started = self.clock.monotonic()
        try:
            pause(seconds, self.link, self.clock, why)
        finally:
            self.link.stats.add(waited_seconds=self.clock.monotonic() - started)
