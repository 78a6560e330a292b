"""How a provider uses tokens that outlive a session, without seeing the row that keeps them sealed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

Tokens = Mapping[str, Any]


class Authorization(Protocol):
    """What a person allowed in their own name. Safe to use from a fetching thread."""

    @property
    def account(self) -> str:
        """As `Granted.account`."""
        ...

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


class SharedTokens(Protocol):
    """What a connection got for itself, shared by all who work on it: at some providers each new token ends the older
    ones. Safe to use from a fetching thread."""

    def current(self) -> Tokens:
        """As they are stored now; empty where there are none, or none that can be read."""
        ...

    def renew(self, renewed: Callable[[Tokens], Tokens]) -> Tokens:
        """As `Authorization.renew`, from what is stored, which may be nothing. Raises what `renewed` raises."""
        ...


@dataclass(frozen=True, slots=True)
class Granted:
    """What a provider gave for a code. `tokens` is kept sealed and handed back as it is; `scopes` are shown.

    account  the provider's own id of the account that it opens; "" when unknown: then nothing is compared with it
    person   who allowed it, an address or a name, shown to those who manage connections only; "" when unknown
    """

    tokens: Tokens = field(repr=False)
    scopes: tuple[str, ...] = ()
    account: str = ""
    person: str = field(default="", repr=False)
