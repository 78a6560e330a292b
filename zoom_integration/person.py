"""The tokens of a person who connected the account. The stored row is the truth: every worker takes them from there,
and only whoever holds its lock renews them.
"""

import threading

from conferences.providers.authorization import Authorization, Tokens
from conferences.providers.base import Link
from conferences.providers.errors import CredentialsRefused, ProviderError, Retryable
from conferences.providers.waiting import Clock
from zoom_integration import advice
from zoom_integration.conf import Credentials
from zoom_integration.grants import Grant, holding
from zoom_integration.permission import Permission, never_given
from zoom_integration.renewal import renewed


class PersonTokens:
    """Of one session. Raises the tree of `errors`, ReconnectNeeded above all, and Cancelled."""

    def __init__(self, credentials: Credentials, link: Link, clock: Clock | None = None) -> None:
        self._credentials = credentials
        self._link = link
        self._clock = clock or Clock()
        self._lock = threading.Lock()
        self._held: Permission | None = None
        # What the last renewal that a refusal led to gave: if that is refused too, another one is no help.
        self._insisted = ""
        self._refusal: ProviderError | None = None

    def current(self) -> str:
        return self.grant().token

    def grant(self) -> Grant:
        """A renewal ahead of time that fails in passing leaves what is still good."""
        with holding(self._lock, self._link):
            held = self._held = self._held or self._stored()
            if self._clock.now() < held.renew_at:
                return held.grant
            try:
                return self._renewed(held.access_token).grant
            except Retryable:
                if self._clock.now() >= held.expires_at:
                    raise
                return held.grant

    @property
    def known_scopes(self) -> frozenset[str] | None:
        """Without asking anybody."""
        return self._held.scopes if self._held else None

    def renew(self, stale: str) -> str:
        """Another token than the one that Zoom has just refused, whoever got it."""
        with holding(self._lock, self._link):
            if self._held is not None and self._held.access_token != stale:
                return self._held.access_token
            if stale == self._insisted:
                raise _refused_at_once()
            self._insisted = self._renewed(stale).access_token
            return self._insisted

    def _renewed(self, stale: str) -> Permission:
        """What failed once is not tried again in this session, but what others have stored meanwhile is taken."""
        if self._refusal is not None:
            stored = self._stored()
            if stored.access_token == stale:
                raise self._refusal
            self._held = stored
            return stored
        try:
            tokens = self._authorization().renew(lambda stored: self._newer(stored, stale))
        except ProviderError as error:
            self._refusal = error
            raise
        self._held = Permission.kept(tokens)
        return self._held

    def _newer(self, tokens: Tokens, stale: str) -> Tokens:
        """Under the row's lock."""
        stored = Permission.kept(tokens)
        if stored.access_token != stale and self._clock.now() < stored.renew_at:
            return tokens
        return renewed(self._credentials, stored, self._link, self._clock).tokens()

    def _stored(self) -> Permission:
        return Permission.kept(self._authorization().current())

    def _authorization(self) -> Authorization:
        if self._link.authorization is None:
            raise never_given()
        return self._link.authorization


def _refused_at_once() -> CredentialsRefused:
    return CredentialsRefused(
        "Zoom does not accept our sign-in, although it has just renewed it. An admin must check the connection's app.",
        code="token_refused",
        advice=advice.APP,
    )
