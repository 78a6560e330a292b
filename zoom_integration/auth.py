"""The account's own token, by Server-to-Server OAuth: one for all who work on the connection, since a new one may end
the older ones.

https://developers.zoom.us/docs/internal-apps/s2s-oauth/
"""

import threading
from contextlib import closing
from datetime import timedelta
from functools import partial

from conferences.providers.authorization import SharedTokens, Tokens
from conferences.providers.base import Link
from conferences.providers.errors import ProviderError
from conferences.providers.retry import Retrier
from conferences.providers.transport import Limits
from conferences.providers.waiting import Clock
from zoom_integration.conf import Credentials
from zoom_integration.grants import Grant, Keep, fingerprint, holding, shared
from zoom_integration.issued import Issued
from zoom_integration.sign_in_refusals import sign_in_refusal
from zoom_integration.token_endpoint import WHO, TokenEndpoint

# A new session signs in again after this long: scopes that were added meanwhile show only in a new token.
YOUNG = timedelta(minutes=5)
# Others wait for the row meanwhile. Whoever has to try again lets go of it first.
LIMITS = Limits(connect_seconds=5.0, read_seconds=15.0, total_seconds=20.0)
_APP = "app"


class AccountTokens:
    """Of one session. Raises the tree of `errors`, and Cancelled."""

    def __init__(
        self, credentials: Credentials, link: Link, clock: Clock | None = None, *, fresh: bool = False
    ) -> None:
        """`fresh` signs in whatever is kept. A clock of one's own cannot be compared with that of other sessions."""
        self._credentials = credentials
        self._link = link
        self._clock = clock or Clock()
        self._keep: SharedTokens = link.tokens or (Keep() if fresh or clock else shared(credentials))
        self._young = timedelta() if fresh else YOUNG
        self._app = fingerprint(credentials)
        self._lock = threading.Lock()
        self._held: Issued | None = None
        self._refusal: ProviderError | None = None

    def current(self) -> str:
        return self.grant().token

    def grant(self) -> Grant:
        with holding(self._lock, self._link):
            held = self._held or self._read(self._keep.current())
            if held is None or self._is_due(held):
                held = self._renewed(held.access_token if held else "")
            self._held = held
            return held.grant

    @property
    def known_scopes(self) -> frozenset[str] | None:
        """Without asking anybody."""
        return self._held.scopes if self._held else None

    def renew(self, stale: str) -> str:
        """The token that another thread or worker has got since; else signs in again."""
        with holding(self._lock, self._link):
            if self._held is None or self._held.access_token == stale:
                self._held = self._renewed(stale)
            return self._held.access_token

    def _is_due(self, issued: Issued) -> bool:
        now = self._clock.now()
        return now >= issued.renew_at or (self._held is None and now - issued.obtained_at >= self._young)

    def _renewed(self, stale: str) -> Issued:
        """A sign-in that was refused, or that no retry could bring about, is not tried again in this session."""
        if self._refusal is not None:
            raise self._refusal
        try:
            ask = partial(self._keep.renew, partial(self._newer, stale))
            tokens = Retrier(WHO, self._link, self._clock).run(ask, "sign_in")
        except ProviderError as error:
            self._refusal = error
            raise
        return Issued.of(tokens)

    def _newer(self, stale: str, tokens: Tokens) -> Tokens:
        """While nobody else can sign in."""
        kept = self._read(tokens)
        if kept is not None and kept.access_token != stale and self._clock.now() < kept.renew_at:
            return tokens
        return {**self._signed_in().tokens(), _APP: self._app}

    def _read(self, tokens: Tokens) -> Issued | None:
        """None for another app's, or for what cannot be used any more."""
        try:
            return Issued.of(tokens) if tokens.get(_APP) == self._app else None
        except (KeyError, TypeError, ValueError):
            return None

    def _signed_in(self) -> Issued:
        form = {"grant_type": "account_credentials", "account_id": self._credentials.account_id}
        refuse = partial(sign_in_refusal, secrets=(self._credentials.client_secret,))
        with closing(TokenEndpoint(self._credentials, self._link, self._clock, LIMITS)) as endpoint:
            return Issued.answered(endpoint.ask(form, refuse), self._clock.now())
