"""When to try again: decided by the class of the error, with waits that grow and are drawn by lot."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

from conferences.providers.base import Link
from conferences.providers.errors import Circumstances, ProviderError, RateLimited
from conferences.providers.hung import Hung
from conferences.providers.network_faults import TOO_SLOW
from conferences.providers.policy import LONGEST_CALL_SECONDS, ONCE, Policies, Policy
from conferences.providers.records import Notice
from conferences.providers.waiting import Clock, go_on, pause

T = TypeVar("T")

WORTH_COUNTING_SECONDS = 0.5
# What has happened, in words that follow the provider's name.
WORDS = {
    "network": "could not be reached",
    "server": "did not answer properly",
    "rate_limit": "asks us to slow down",
    "authentication": "refuses our credentials",
    "data": "sent an answer that we do not understand",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Retried(Notice):
    """Says that a call is about to be made again, and after which error."""

    error: ProviderError


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


def _used_up(error: ProviderError) -> ProviderError:
    """Nobody further out is to begin again."""
    error.permanent, error.pardonable = True, False
    return error


@dataclass(slots=True)
class _Course:
    """How one call has gone so far."""

    topic: str
    path: str
    started: float
    failures: int = 0
    asked: int = 0


@dataclass(frozen=True, slots=True)
class Retrier:
    """Calls again until it works, the error is permanent, or tries and patience are used up.

    who       names the provider in what people read
    policies  instead of the link's, for calls that others wait for
    hung      knows which calls were given up for want of an answer in time: until one comes, others wait only once
    """

    who: str
    link: Link
    clock: Clock = field(default_factory=Clock)
    policies: Policies | None = None
    patience: Patience = field(default_factory=Patience)
    hung: Hung = field(default_factory=Hung)

    @property
    def longest_asked_wait(self) -> float:
        """Seconds."""
        return self._policy(RateLimited).patience

    def run(self, call: Callable[[], T], topic: str = "", path: str = "") -> T:
        """`path` is told with an error, and names nobody."""
        course = _Course(topic, path, self.clock.monotonic())
        while True:
            go_on(self.link)
            try:
                answer = call()
            except ProviderError as error:
                tries = course.failures + course.asked + 1
                error.circumstances = error.circumstances or Circumstances(topic, path, tries)
                if error.permanent and not error.pardonable:
                    raise
                self._wait(error, course)
                self.link.stats.add(retries=1)
            else:
                self.hung.answered(topic)
                return answer

    def _policy(self, error: ProviderError | type[ProviderError]) -> Policy:
        policies = self.link.policies if self.policies is None else self.policies
        return policies.get(error.error_class, ONCE)

    def _wait(self, error: ProviderError, course: _Course) -> None:
        """Raises the error when its class is not to be tried again, or no more."""
        policy = self._policy(error)
        if isinstance(error, RateLimited):
            course.asked += 1
            failed, seconds = course.asked, self._asked_seconds(error, policy, course)
        else:
            course.failures += 1
            failed, seconds = course.failures, self._seconds_after(error, policy, course)
        if self.clock.monotonic() - course.started + seconds > LONGEST_CALL_SECONDS:
            raise self._given_up(error, seconds, policy)
        self.link.notify(Retried(self._told(error, seconds, failed + 1, policy), code="retry", error=error))
        self._pause(seconds)

    def _told(self, error: ProviderError, seconds: float, next_try: int, policy: Policy) -> str:
        status = f" ({error.status})" if error.status else ""
        when = f"in {seconds:.0f} s" if seconds >= WORTH_COUNTING_SECONDS else "at once"
        return f"{self.who} {WORDS[error.error_class]}{status}: trying again {when}, try {next_try} of {policy.tries}."

    def _seconds_after(self, error: ProviderError, policy: Policy, course: _Course) -> float:
        is_slow = error.code == TOO_SLOW
        if course.failures >= policy.tries or (is_slow and self.hung.holds(course.topic)):
            if is_slow:
                self.hung.note(course.topic)
            raise _used_up(error)
        return self._drawn(course.failures, policy)

    def _asked_seconds(self, error: RateLimited, policy: Policy, course: _Course) -> float:
        """At least as long as asked, and longer each time that asking did not help."""
        self.link.stats.add(throttled=1)
        told = error.retry_after
        seconds = (
            self._drawn(course.asked, policy) if told is None else max(told, self._drawn(course.asked - 1, policy))
        )
        if course.asked >= policy.tries or not self.patience.spend(course.topic, seconds, policy.patience):
            raise self._given_up(error, seconds, policy)
        return seconds

    def _drawn(self, times: int, policy: Policy) -> float:
        """Capped full jitter: anything up to a limit that doubles; nothing for zero times."""
        if times < 1:
            return 0.0
        return min(policy.longest_wait, policy.first_wait * 2.0 ** min(times - 1, 16)) * self.clock.chance()

    def _given_up(self, error: ProviderError, seconds: float, policy: Policy) -> ProviderError:
        if not isinstance(error, RateLimited):
            return _used_up(error)
        again_at = self.clock.now() + timedelta(seconds=min(seconds, 7 * 86_400))
        if seconds > policy.patience:
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
        return _used_up(error)

    def _pause(self, seconds: float) -> None:
        started = self.clock.monotonic()
        try:
            pause(seconds, self.link, self.clock)
        finally:
            self.link.stats.add(waited_seconds=self.clock.monotonic() - started)
