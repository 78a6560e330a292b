"""How a provider uses what a person allowed in their own name, without seeing the row that keeps it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

Tokens = Mapping[str, Any]


class Authorization(Protocol):
    """The sealed tokens of one connection. Safe to use from a fetching thread."""

    def current(self) -> Tokens:
        """As they are stored now. Raises errors.ReconnectNeeded when nobody has connected, or somebody must again."""
        ...

    def renew(self, renewed: Callable[[Tokens], Tokens]) -> Tokens:
        """Lets `renewed` turn the stored tokens into newer ones while nobody else can, stores them, returns them.

        `renewed` gets what is stored under the lock: when another worker has just renewed it, it hands that back. The
        newer ones are committed before they are returned. A ReconnectNeeded that it raises ends the authorisation for
        everybody. It must be done within half a minute. Raises what `renewed` raises, and errors.ReconnectNeeded.
        """
        ...


@dataclass(frozen=True, slots=True)
class Granted:
    """What a provider gave for a code. `tokens` is kept sealed and handed back as it is; `scopes` are shown."""

    tokens: Tokens = field(repr=False)
    scopes: tuple[str, ...] = ()
