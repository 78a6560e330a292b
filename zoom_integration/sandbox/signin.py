"""Zoom's Server-to-Server sign-in: https://developers.zoom.us/docs/internal-apps/s2s-oauth/."""

import base64
import binascii
import hmac
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from conferences.providers.sandbox import Request, Response
from zoom_integration.sandbox.refusals import Refusal
from zoom_integration.sandbox.world import Account, World

_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Identity:
    """What a token stands for: the account, and the scopes at the time of signing in."""

    account: Account
    scopes: frozenset[str]
    ends_at: float


@dataclass(slots=True)
class SignIn:
    """Tokens are opaque and known to this process only."""

    world: World
    now: Callable[[], float] = time.time
    _issued: dict[str, Identity] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def token(self, request: Request) -> Response:
        """Parameters belong into the body: in the address they are refused."""
        if request.header("Content-Type").partition(";")[0].strip() != _FORM or request.query:
            return _refused("invalid_request", "The parameters are expected in a form-encoded body.")
        form = request.form
        if form.get("grant_type") != "account_credentials":
            return _refused("unsupported_grant_type", "unsupported grant type")
        client_id, secret = _basic(request.header("Authorization"))
        account = next((each for each in self.world.accounts if each.client_id == client_id), None)
        if account is None or not hmac.compare_digest(secret.encode(), account.secret.encode()):
            return _refused("invalid_client", "Invalid client_id or client_secret")
        if form.get("account_id") != account.id:
            return _refused("invalid_request", "Invalid account_id")
        if not account.app_enabled:
            return _refused("invalid_client", "The app has been disabled")
        return self._grant(account, request)

    def read(self, authorization: str) -> Identity:
        """Raises the refusal for a token that is missing, foreign, revoked or expired."""
        scheme, _, token = authorization.partition(" ")
        identity = self._issued.get(token) if scheme.lower() == "bearer" else None
        if identity is None or not identity.account.app_enabled:
            raise Refusal(401, 124, "Invalid access token.")
        if identity.ends_at <= self.now():
            raise Refusal(401, 124, "Access token is expired.")
        return identity

    def revoke_all(self) -> None:
        with self._lock:
            self._issued.clear()

    def _grant(self, account: Account, request: Request) -> Response:
        life, token = self.world.token_seconds, secrets.token_urlsafe(48)
        with self._lock:
            self._issued[token] = Identity(account, frozenset(account.scopes), self.now() + life)
        answer = {
            "access_token": token,
            "token_type": "bearer",
            "expires_in": life,
            "scope": " ".join(sorted(account.scopes)),
            "api_url": request.origin,
        }
        return Response.json(answer, headers={"Cache-Control": "no-store"})


def _basic(authorization: str) -> tuple[str, str]:
    scheme, _, encoded = authorization.partition(" ")
    try:
        user, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return (user, password) if scheme.lower() == "basic" else ("", "")


def _refused(error: str, reason: str) -> Response:
    return Response.json({"reason": reason, "error": error}, 400)
