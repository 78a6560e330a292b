"""What a sign-in gave, and where it is kept while nobody keeps it for us: the sessions of one process share it then."""

import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from conferences.providers.authorization import Tokens as Sealed
from conferences.providers.base import Link
from conferences.providers.waiting import go_on
from zoom_integration.conf import Credentials, configured_api_url, oauth_url

_MANY = 100
_LOOK_EVERY_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Grant:
    """`api_url` is where the token may be used; `scopes` is None when the sign-in did not tell them."""

    token: str = field(repr=False)
    api_url: str
    scopes: frozenset[str] | None


class Tokens(Protocol):
    """Whatever signs a session in; safe between threads. Each raises the tree of `errors`, and Cancelled."""

    def current(self) -> str: ...

    def grant(self) -> Grant: ...

    def renew(self, stale: str) -> str:
        """Another token than the one that was just refused."""
        ...

    @property
    def known_scopes(self) -> frozenset[str] | None:
        """Without asking anybody."""
        ...


@contextmanager
def holding(lock: threading.Lock, link: Link) -> Iterator[None]:
    """Whoever signs in may take long; those who wait for it still hear a cancel."""
    while not lock.acquire(timeout=_LOOK_EVERY_SECONDS):
        go_on(link)
    try:
        yield
    finally:
        lock.release()


@dataclass(slots=True)
class Keep:
    """`providers.authorization.SharedTokens` in this process's memory."""

    tokens: Sealed = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def current(self) -> Sealed:
        return self.tokens

    def renew(self, renewed: Callable[[Sealed], Sealed]) -> Sealed:
        with self._lock:
            self.tokens = renewed(self.tokens)
            return self.tokens


_kept: dict[str, Keep] = {}
_guard = threading.Lock()


def shared(credentials: Credentials) -> Keep:
    with _guard:
        if len(_kept) > _MANY:
            _kept.clear()
        return _kept.setdefault(fingerprint(credentials), Keep())


def forget() -> None:
    with _guard:
        _kept.clear()


def fingerprint(credentials: Credentials) -> str:
    """Of the app and the address that a token was got with."""
    parts = (
        oauth_url(),
        configured_api_url(),
        credentials.account_id,
        credentials.client_id,
        credentials.client_secret,
    )
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
