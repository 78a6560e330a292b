"""Zoom's sign-in: an account's own app by itself (Server-to-Server), and a General app in the name of a person.

https://developers.zoom.us/docs/internal-apps/s2s-oauth/ and https://developers.zoom.us/docs/integrations/oauth/
"""

import base64
import binascii
import hmac
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from conferences.providers.sandbox import Request, Response
from zoom_integration.sandbox.consent import Consent, Refused
from zoom_integration.sandbox.refusals import Refusal
from zoom_integration.sandbox.world import Account, Host, Json, Member, World

_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Identity:
    """What a token stands for: the account, the scopes at the time of signing in, and the person whose token it is.

    app  the account that the app was made in: not always the one of the person who allowed it
    """

    app: Account
    account: Account
    scopes: frozenset[str]
    ends_at: float
    person: Host | None = None


@dataclass(slots=True)
class SignIn:
    """Tokens are opaque and known to this process only. `given` counts them."""

    world: World
    consent: Consent
    now: Callable[[], float] = time.time
    given: int = 0
    _issued: dict[str, Identity] = field(default_factory=dict)
    _refreshing: dict[str, Identity] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def token(self, request: Request) -> Response:
        """POST /oauth/token. Parameters belong into the body: in the address they are refused."""
        try:
            return self._granted(request)
        except Refused as refused:
            return Response.json({"reason": refused.reason, "error": refused.error}, 400)

    def revoke(self, request: Request) -> Response:
        """POST /oauth/revoke. Either token of a pair ends both."""
        try:
            account, token = self._app(request), request.form.get("token", "")
            if not account.is_general or not self._withdrawn(account, token):
                raise Refused("invalid_request", "Token not found.")
        except Refused as refused:
            return Response.json({"reason": refused.reason, "error": refused.error}, 400)
        return Response.json({"status": "success"})

    def read(self, authorization: str) -> Identity:
        """Raises the refusal for a token that is missing, foreign, revoked or expired."""
        scheme, _, token = authorization.partition(" ")
        identity = self._issued.get(token) if scheme.lower() == "bearer" else None
        if identity is None or not identity.app.app_enabled:
            raise Refusal(401, 124, "Invalid access token.")
        if identity.ends_at <= self.now():
            raise Refusal(401, 124, "Access token is expired.")
        return identity

    def revoke_all(self) -> None:
        with self._lock:
            self._issued.clear()

    def end_permissions(self) -> None:
        """As if every person had removed the app: nothing that they allowed is good any more."""
        with self._lock:
            self._refreshing.clear()
            self._issued = {token: identity for token, identity in self._issued.items() if identity.person is None}

    def _granted(self, request: Request) -> Response:
        account, form = self._app(request), request.form
        match form.get("grant_type"):
            case "account_credentials" if not account.is_general:
                if form.get("account_id") != account.id:
                    raise Refused("invalid_request", "Invalid account_id")
                return self._answer(account, request, None)
            case "authorization_code" if account.is_general:
                return self._answer(account, request, self.consent.redeemed(account, form))
            case "refresh_token" if account.is_general:
                return self._answer(account, request, self._refreshed(account, form.get("refresh_token", "")))
            case _:
                raise Refused("unsupported_grant_type", "unsupported grant type")

    def _app(self, request: Request) -> Account:
        if request.header("Content-Type").partition(";")[0].strip() != _FORM or request.query:
            raise Refused("invalid_request", "The parameters are expected in a form-encoded body.")
        client_id, secret = _basic(request.header("Authorization"))
        account = self.world.app(client_id)
        if account is None or not hmac.compare_digest(secret.encode(), account.secret.encode()):
            raise Refused("invalid_client", "Invalid client_id or client_secret")
        if not account.app_enabled:
            raise Refused("invalid_client", "The app has been disabled")
        return account

    def _refreshed(self, app: Account, token: str) -> Member | None:
        """It serves once."""
        with self._lock:
            identity = self._refreshing.pop(token, None)
        if identity is None or identity.app is not app:
            raise Refused("invalid_grant", "Invalid Token!")
        return Member(identity.account, identity.person) if identity.person else None

    def _withdrawn(self, app: Account, token: str) -> bool:
        with self._lock:
            identity = self._issued.get(token) or self._refreshing.get(token)
            if identity is None or identity.app is not app:
                return False
            for known in (self._issued, self._refreshing):
                of_both = [each for each, whose in known.items() if (whose.app, whose.person) == (app, identity.person)]
                for each in of_both:
                    del known[each]
            return True

    def _answer(self, app: Account, request: Request, member: Member | None) -> Response:
        life, token = self.world.token_seconds, secrets.token_urlsafe(48)
        account, person = (member.account, member.host) if member else (app, None)
        identity = Identity(app, account, frozenset(app.scopes), self.now() + life, person)
        answer: Json = {
            "access_token": token,
            "token_type": "bearer",
            "expires_in": life,
            "scope": " ".join(sorted(app.scopes)),
            "api_url": request.origin,
        }
        with self._lock:
            self.given += 1
            if self.world.newest_token_only and person is None:
                self._issued = {each: whose for each, whose in self._issued.items() if whose.app is not app}
            self._issued[token] = identity
            if person is not None:
                answer["refresh_token"] = secrets.token_urlsafe(48)
                self._refreshing[answer["refresh_token"]] = identity
        return Response.json(answer, headers={"Cache-Control": "no-store"})


def _basic(authorization: str) -> tuple[str, str]:
    scheme, _, encoded = authorization.partition(" ")
    try:
        user, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return (user, password) if scheme.lower() == "basic" else ("", "")
