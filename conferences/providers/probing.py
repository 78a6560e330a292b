"""Harmless calls that show whether a provider lets us ask, each made once."""

from collections.abc import Callable
from dataclasses import dataclass, field

from conferences.providers.errors import ProviderError, Retryable


@dataclass(frozen=True, slots=True)
class Tried:
    """`error` is None when the provider let us ask, whatever it found; `told` is the sentence about it."""

    error: ProviderError | None
    told: str


def attempt(
    what: str, call: Callable[[], object], lets_in: Callable[[ProviderError], bool], answered: str = "answered"
) -> Tried:
    """`what` begins the sentence. `lets_in` says which refusals are only given to those who may ask."""
    try:
        call()
    except ProviderError as error:
        if lets_in(error):
            return Tried(None, f"{what}: answered {error.status}, so it may be asked for.")
        status = f" with {error.status}" if error.status else ""
        return Tried(error, f"{what}: refused{status} ({error.provider_code or error.code}).")
    return Tried(None, f"{what}: {answered}.")


@dataclass(slots=True)
class Probing:
    """Each topic once, and none any more when the provider is down."""

    attempt: Callable[[str], Tried]
    _tried: dict[str, Tried] = field(default_factory=dict)
    _down: Tried | None = None

    def tried(self, topic: str) -> Tried:
        if topic not in self._tried:
            self._tried[topic] = tried = self._down or self.attempt(topic)
            self._down = tried if isinstance(tried.error, Retryable) else None
        return self._tried[topic]
