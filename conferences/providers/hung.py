"""What gave no answer in time lately: whoever asks for it next does not wait as long again, also in later sessions."""

import threading
import time
from collections.abc import Callable

REMEMBERED_SECONDS = 600.0


class Hung:
    """Of one address of a provider. Safe between threads.

    A call that was given up speaks for its topic, and for all others until one of them is answered.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._topics: dict[str, float] = {}
        self._all: float | None = None
        self._lock = threading.Lock()

    def holds(self, topic: str) -> bool:
        """Whether no answer is to be expected."""
        with self._lock:
            since = [at for at in (self._topics.get(topic), self._all) if at is not None]
            return any(self._monotonic() < at + REMEMBERED_SECONDS for at in since)

    def note(self, topic: str) -> None:
        with self._lock:
            self._topics[topic] = self._all = self._monotonic()

    def answered(self, topic: str) -> None:
        with self._lock:
            self._topics.pop(topic, None)
            self._all = None


_known: dict[str, Hung] = {}
_guard = threading.Lock()


def hung_at(base_url: str) -> Hung:
    """What all sessions of this process share."""
    with _guard:
        return _known.setdefault(base_url, Hung())


def forget() -> None:
    with _guard:
        _known.clear()
