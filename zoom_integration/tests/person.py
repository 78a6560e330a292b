"""A row that holds what a person allowed, in memory and with a lock; and a connection that uses one."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from conferences.providers.authorization import Tokens
from conferences.providers.base import Link
from conferences.providers.errors import ReconnectNeeded
from conferences.providers.fake_clock import STARTS_AT
from zoom_integration.conf import PERSON, Credentials
from zoom_integration.permission import Permission
from zoom_integration.tests.account import SECRET

CREDENTIALS = Credentials("", "cL1entId_xyz", SECRET, sign_in=PERSON)
STORED = {"sign_in": PERSON, "client_id": CREDENTIALS.client_id, "client_secret": SECRET}
SCOPES = frozenset({"user:read:user", "webinar:read:list_webinars"})


def permission(number: int = 1, life_seconds: float = 3_600.0, obtained_seconds_ago: float = 0.0) -> Permission:
    obtained_at = STARTS_AT - timedelta(seconds=obtained_seconds_ago)
    return Permission(
        access_token=f"c4n4ry-access-{number}",
        refresh_token=f"c4n4ry-refresh-{number}",
        scopes=SCOPES,
        told_url="https://api.zoom.us",
        obtained_at=obtained_at,
        expires_at=obtained_at + timedelta(seconds=life_seconds),
    )


@dataclass
class Row:
    """Keeps the promises of `conferences.providers.authorization.Authorization`."""

    tokens: Tokens = field(default_factory=lambda: permission().tokens())
    reads: int = 0
    renewals: int = 0
    ended: bool = False
    account: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def current(self) -> Tokens:
        self.reads += 1
        if self.ended:
            raise ReconnectNeeded("It has ended.")
        return self.tokens

    def renew(self, renewed: Callable[[Tokens], Tokens]) -> Tokens:
        with self._lock:
            before = self.current()
            try:
                self.tokens = renewed(before)
            except ReconnectNeeded:
                self.ended = True
                raise
            self.renewals += self.tokens != before
            return self.tokens


def link_to(row: Row | None) -> Link:
    return Link(authorization=row)
