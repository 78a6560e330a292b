"""What a sign-in gave, and where it is kept: the sessions of one process share it, so that each conference of a whole
account does not sign in anew, and no token makes another one worthless.
"""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from conferences.providers.base import Link
from conferences.providers.waiting import go_on
from zoom_integration.conf import Credentials, configured_api_url, oauth_url

EARLY_SECONDS = 300.0
# A new session signs in again after this long: scopes that were added meanwhile show only in a new token.
SHARED_SECONDS = 300.0
_MANY = 100
_LOOK_EVERY_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Grant:
    """`api_url` is where the token may be used; `scopes` is None when the sign-in did not tell them."""

    token: str = field(repr=False)
    api_url: str
    scopes: frozenset[str] | None
    life_seconds: float


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


def early_seconds(life_seconds: float) -> float:
    """How long before its end a token is renewed."""
    return min(EARLY_SECONDS, life_seconds / 2)


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
    """One account's grant. Moments are those of the monotonic clock of whoever uses it."""

    made_at: float
    grant: Grant | None = None
    good_until: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)


_kept: dict[str, Keep] = {}
_guard = threading.Lock()


def shared(credentials: Credentials, now: float) -> Keep:
    key = _fingerprint(credentials)
    with _guard:
        if len(_kept) > _MANY:
            _kept.clear()
        keep = _kept.get(key)
        if keep is None or now - keep.made_at >= SHARED_SECONDS:
            keep = _kept[key] = Keep(now)
        return keep


def forget() -> None:
    with _guard:
        _kept.clear()


def _fingerprint(credentials: Credentials) -> str:
    parts = (
        oauth_url(),
        configured_api_url(),
        credentials.account_id,
        credentials.client_id,
        credentials.client_secret,
    )
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
