"""Microsoft's sign-in for apps: discovery, and tokens for a client secret.

Error bodies after https://learn.microsoft.com/en-us/entra/identity-platform/reference-error-codes.
"""

import base64
import binascii
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from conferences.providers.sandbox import Request, Response
from teams_integration.sandbox.naming import guid
from teams_integration.sandbox.world import Tenant, World

AUDIENCE = "https://graph.microsoft.com"
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Identity:
    """What a token says: the tenant, and the permissions at the time of signing in."""

    tenant: Tenant
    roles: frozenset[str]


@dataclass(slots=True)
class SignIn:
    """Tokens are signed with a key of this process: those of another one, or none, do not pass."""

    world: World
    now: Callable[[], float] = time.time
    _key: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    def discover(self, request: Request, tenant: str) -> Response:
        if self.world.tenant(tenant) is None:
            return _no_tenant(tenant)
        base = f"{request.origin}/{tenant}"
        document = {
            "token_endpoint": f"{base}/oauth2/v2.0/token",
            "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
            "jwks_uri": f"{base}/discovery/v2.0/keys",
            "response_types_supported": ["code", "id_token", "token"],
            "issuer": f"{base}/v2.0",
            "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
            "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode",
            "tenant_region_scope": "EU",
        }
        return Response.json(document)

    def token(self, request: Request, tenant: str) -> Response:
        known = self.world.tenant(tenant)
        if known is None:
            return _no_tenant(tenant)
        refused = _bad_form(request) or _bad_app(request.form, known)
        if refused:
            return refused
        life = self.world.token_seconds
        answer = {
            "token_type": "Bearer",
            "expires_in": life,
            "ext_expires_in": life,
            "access_token": self._issue(known),
        }
        return Response.json(answer, headers={"Cache-Control": "no-store", "x-ms-request-id": guid("trace", tenant)})

    def read(self, authorization: str) -> Identity | None:
        """None for a token that is missing, foreign, broken or expired."""
        scheme, _, token = authorization.partition(" ")
        head, _, signature = token.rpartition(".")
        if scheme.lower() != "bearer" or not hmac.compare_digest(self._signature(head), signature):
            return None
        claims = _decoded(head.partition(".")[2])
        tenant = self.world.tenant(claims.get("tid", ""))
        if tenant is None or claims.get("exp", 0) <= self.now():
            return None
        return Identity(tenant, frozenset(claims["roles"]))

    def _issue(self, tenant: Tenant) -> str:
        issued = int(self.now())
        claims = {
            "aud": AUDIENCE,
            "iss": f"https://sts.windows.net/{tenant.id}/",
            "iat": issued,
            "exp": issued + self.world.token_seconds,
            "appid": tenant.client_id,
            "idtyp": "app",
            "roles": sorted(tenant.roles),
            "tid": tenant.id,
            "ver": "1.0",
        }
        head = f"{_encoded({'typ': 'JWT', 'alg': 'HS256'})}.{_encoded(claims)}"
        return f"{head}.{self._signature(head)}"

    def _signature(self, head: str) -> str:
        return _base64(hmac.digest(self._key, head.encode(), hashlib.sha256))


def _bad_form(request: Request) -> Response | None:
    form = request.form
    if request.header("Content-Type").partition(";")[0].strip() != _FORM:
        return _refused(400, "invalid_request", 900144, "The request body must contain the parameter 'grant_type'.")
    if form.get("grant_type") != "client_credentials":
        return _refused(400, "unsupported_grant_type", 70003, "The app requested an unsupported grant type.")
    if form.get("scope", "").split() != [f"{AUDIENCE}/.default"]:
        return _refused(
            400,
            "invalid_scope",
            1002012,
            "The provided value for scope is not valid. Client credential flows must have a scope value with "
            "/.default suffixed to the resource identifier (application ID URI).",
        )
    return None


def _bad_app(form: dict[str, str], tenant: Tenant) -> Response | None:
    client = form.get("client_id", "")
    if client != tenant.client_id:
        return _refused(
            400,
            "unauthorized_client",
            700016,
            f"Application with identifier '{client}' was not found in the directory '{tenant.name}'.",
        )
    if not form.get("client_secret"):
        return _refused(
            401,
            "invalid_client",
            7000218,
            "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
        )
    if not hmac.compare_digest(form["client_secret"].encode(), tenant.secret.encode()):
        return _refused(
            401,
            "invalid_client",
            7000215,
            "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, "
            f"not the client secret ID, for a secret added to app '{client}'.",
        )
    if tenant.secret_expired:
        return _refused(
            401,
            "invalid_client",
            7000222,
            f"The provided client secret keys for app '{client}' are expired. Create new keys for it.",
        )
    return None


def _no_tenant(tenant: str) -> Response:
    return _refused(
        400,
        "invalid_request",
        90002,
        f"Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID.",
    )


def _refused(status: int, error: str, code: int, message: str) -> Response:
    trace, correlation, when = guid("trace", code), guid("correlation", code), "2026-01-01 00:00:00Z"
    body = {
        "error": error,
        "error_description": f"AADSTS{code}: {message} Trace ID: {trace} Correlation ID: {correlation} "
        f"Timestamp: {when}",
        "error_codes": [code],
        "timestamp": when,
        "trace_id": trace,
        "correlation_id": correlation,
        "error_uri": f"https://login.microsoftonline.com/error?code={code}",
    }
    return Response.json(body, status, {"x-ms-request-id": trace})


def _encoded(claims: dict[str, Any]) -> str:
    return _base64(json.dumps(claims, separators=(",", ":")).encode())


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _decoded(part: str) -> dict[str, Any]:
    try:
        return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (binascii.Error, ValueError):
        return {}
