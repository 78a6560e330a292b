"""The account's own token, by Server-to-Server OAuth: one for all sessions of the process.

https://developers.zoom.us/docs/internal-apps/s2s-oauth/
"""

from contextlib import closing
from functools import partial

from conferences.providers.base import Link
from conferences.providers.errors import ProviderError
from conferences.providers.retry import Retrier
from conferences.providers.waiting import Clock
from zoom_integration.conf import Credentials, api_url
from zoom_integration.grants import Grant, Keep, early_seconds, holding, shared
from zoom_integration.scopes import granted
from zoom_integration.sign_in_refusals import sign_in_refusal
from zoom_integration.token_endpoint import WHO, TokenEndpoint, life_seconds, token_in


class AccountTokens:
    """Raises the tree of `errors`, and Cancelled."""

    def __init__(
        self, credentials: Credentials, link: Link, clock: Clock | None = None, *, fresh: bool = False
    ) -> None:
        """`fresh` signs in whatever other sessions hold. A clock of one's own cannot be compared with theirs."""
        self._credentials = credentials
        self._link = link
        self._clock = clock or Clock()
        now = self._clock.monotonic()
        self._keep = Keep(now) if fresh or clock else shared(credentials, now)
        self._refusal: ProviderError | None = None

    def current(self) -> str:
        return self.grant().token

    def grant(self) -> Grant:
        with holding(self._keep.lock, self._link):
            if self._keep.grant is None or self._clock.monotonic() >= self._keep.good_until:
                return self._sign_in()
            return self._keep.grant

    @property
    def known_scopes(self) -> frozenset[str] | None:
        """Without asking anybody."""
        return self._keep.grant.scopes if self._keep.grant else None

    def renew(self, stale: str) -> str:
        """Signs in again, unless another thread has just done so."""
        with holding(self._keep.lock, self._link):
            if self._keep.grant is None or self._keep.grant.token == stale:
                return self._sign_in().token
            return self._keep.grant.token

    def _sign_in(self) -> Grant:
        """A sign-in that was refused, or that no retry could bring about, is not tried again in this session."""
        if self._refusal is not None:
            raise self._refusal
        try:
            grant = self._signed_in()
        except ProviderError as error:
            self._refusal = error
            raise
        good_for = grant.life_seconds - early_seconds(grant.life_seconds)
        self._keep.good_until = self._clock.monotonic() + good_for
        self._keep.grant = grant
        return grant

    def _signed_in(self) -> Grant:
        form = {"grant_type": "account_credentials", "account_id": self._credentials.account_id}
        refuse = partial(sign_in_refusal, secrets=(self._credentials.client_secret,))
        with closing(TokenEndpoint(self._credentials, self._link, self._clock)) as endpoint:
            body = Retrier(WHO, self._link, self._clock).run(lambda: endpoint.ask(form, refuse), "sign_in")
        return Grant(token_in(body), api_url(body.get("api_url")), granted(body.get("scope")), life_seconds(body))
