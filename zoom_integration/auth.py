"""The account's own token, by Server-to-Server OAuth: one for all sessions of the process.

https://developers.zoom.us/docs/internal-apps/s2s-oauth/
"""

import base64
import math
import re
from http import HTTPStatus

from conferences.providers.base import Link
from conferences.providers.errors import ProviderError
from conferences.providers.http import trouble
from conferences.providers.payload import malformed
from conferences.providers.retry import Retrier
from conferences.providers.transport import Transport
from conferences.providers.waiting import Clock
from zoom_integration.conf import Credentials, api_url, oauth_url
from zoom_integration.grants import Grant, Keep, shared
from zoom_integration.scopes import granted
from zoom_integration.sign_in_refusals import sign_in_refusal

WHO = "Zoom's sign-in"
EARLY_SECONDS = 300.0
DEFAULT_LIFE_SECONDS = 3_600.0
_TOKEN = re.compile(r"[!-~]{1,32768}")


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
        with self._keep.held(self._link):
            if self._keep.grant is None or self._clock.monotonic() >= self._keep.good_until:
                return self._sign_in()
            return self._keep.grant

    @property
    def known_scopes(self) -> frozenset[str] | None:
        """Without asking anybody."""
        return self._keep.grant.scopes if self._keep.grant else None

    def renew(self, stale: str) -> str:
        """Signs in again, unless another thread has just done so."""
        with self._keep.held(self._link):
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
        early = min(EARLY_SECONDS, grant.life_seconds / 2)
        self._keep.good_until = self._clock.monotonic() + grant.life_seconds - early
        self._keep.grant = grant
        return grant

    def _signed_in(self) -> Grant:
        transport = Transport(oauth_url(), who=WHO, request_id_header="x-zm-trackingid", link=self._link)
        try:
            return Retrier(WHO, self._link, self._clock).run(lambda: self._ask(transport), "sign_in")
        finally:
            transport.close()

    def _ask(self, transport: Transport) -> Grant:
        """The form goes into the body: in the query it would stand in logs, and Zoom has begun to refuse it there."""
        form = {"grant_type": "account_credentials", "account_id": self._credentials.account_id}
        answer = transport.exchange(
            "POST",
            "/token",
            data=form,
            headers={"Accept": "application/json"},
            secret_headers={"Authorization": _basic(self._credentials)},
        )
        error = trouble(answer, self._clock)
        if error is not None:
            raise error
        if answer.status >= HTTPStatus.BAD_REQUEST:
            raise sign_in_refusal(answer, self._credentials)
        body = answer.object()
        if "access_token" not in body and ("error" in body or "reason" in body):
            raise sign_in_refusal(answer, self._credentials)
        return Grant(
            _checked(body.get("access_token")),
            api_url(body.get("api_url")),
            granted(body.get("scope")),
            _seconds(body.get("expires_in")),
        )


def _basic(credentials: Credentials) -> str:
    pair = f"{credentials.client_id}:{credentials.client_secret}"
    return f"Basic {base64.b64encode(pair.encode()).decode()}"


def _checked(token: object) -> str:
    if isinstance(token, str) and _TOKEN.fullmatch(token):
        return token
    raise malformed(WHO, "no usable access token in the answer")


def _seconds(value: object) -> float:
    try:
        life = float(str(value))
    except ValueError:
        return DEFAULT_LIFE_SECONDS
    return min(max(life, 0.0), 86_400.0) if math.isfinite(life) else DEFAULT_LIFE_SECONDS
