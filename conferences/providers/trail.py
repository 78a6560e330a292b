"""Where in the work this thread is: the ids that every line of the log carries, from the click to the last call."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Trail:
    """request_id  of the click, or of the command, that caused it all"""

    request_id: str = ""
    run: int | None = None
    item: int | None = None
    operation: str = ""

    def known(self) -> dict[str, Any]:
        """What is known of it, by name."""
        ids = {"request_id": self.request_id, "run": self.run, "item": self.item, "operation": self.operation}
        return {name: value for name, value in ids.items() if value}


_NOWHERE = Trail()
_here: ContextVar[Trail] = ContextVar("trail", default=_NOWHERE)


def here() -> Trail:
    return _here.get()


@contextmanager
def on(**known: Any) -> Iterator[None]:
    """Adds to what is known, while it lasts. A thread that goes on with the work needs a copy of the context."""
    former = _here.set(replace(here(), **known))
    try:
        yield
    finally:
        _here.reset(former)
