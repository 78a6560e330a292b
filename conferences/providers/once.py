"""A listing that several operations need and that is asked for once."""

import threading
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from conferences.providers.errors import ProviderError

T = TypeVar("T")


class Listing(Generic[T]):
    """Goes through a lazy source once, for any number of readers; an error that ends it is met by every reader."""

    def __init__(self, source: Callable[[], Iterator[T]]) -> None:
        self._open = source
        self._source: Iterator[T] | None = None
        self._seen: list[T] = []
        self._ended: ProviderError | bool = False
        self._lock = threading.Lock()

    def __iter__(self) -> Iterator[T]:
        position = 0
        while self._reach(position):
            yield self._seen[position]
            position += 1

    def _reach(self, position: int) -> bool:
        with self._lock:
            if position == len(self._seen) and not self._ended:
                self._advance()
            if position < len(self._seen):
                return True
            if isinstance(self._ended, ProviderError):
                raise self._ended
            return False

    def _advance(self) -> None:
        """What breaks it in any other way, a cancel for instance, is no answer: the next reader asks again."""
        source, self._source = self._source or self._open(), None
        try:
            self._seen.append(next(source))
        except StopIteration:
            self._ended = True
        except ProviderError as error:
            self._ended = error
        else:
            self._source = source
        finally:
            if self._source is None and not self._ended:
                self._seen.clear()


class Answer(Generic[T]):
    """One answer, or the refusal that came in its place, shared by all who ask."""

    def __init__(self, ask: Callable[[], T]) -> None:
        def once() -> Iterator[T]:
            yield ask()

        self._listing = Listing(once)

    def __call__(self) -> T:
        return next(iter(self._listing))
