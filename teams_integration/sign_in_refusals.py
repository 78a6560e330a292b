"""What Microsoft's sign-in means by its AADSTS codes, in words that somebody can act on.

https://learn.microsoft.com/en-us/entra/identity-platform/reference-error-codes
"""

import re
from dataclasses import dataclass

from conferences.providers.errors import CredentialsRefused, ProviderError, ServerTrouble
from conferences.providers.payload import NotJson, parse
from conferences.providers.redaction import redact
from conferences.providers.transport import Answer
from teams_integration import advice
from teams_integration.conf import WHO, Credentials, is_guid

_AADSTS = re.compile(r"AADSTS(\d{4,10})", re.ASCII)
_PORTAL = "Microsoft Entra admin center › App registrations › All applications › app $client_id"


@dataclass(frozen=True, slots=True)
class _Meaning:
    code: str
    message: str
    advice: str


_WRONG_SECRET = _Meaning(
    "wrong_secret",
    "Microsoft refused the connection's client secret. An admin must enter the right one.",
    f"Create a client secret under {_PORTAL} › Certificates & secrets, and copy its Value (not its Secret ID) at "
    "once: it is shown only there and only then.",
)
_SECRET_ID = _Meaning(
    "secret_id_pasted",
    "Microsoft refused the connection's client secret: what was entered looks like the secret's ID, not its value.",
    f"Under {_PORTAL} › Certificates & secrets copy the column Value, not the column Secret ID. If the value is no "
    "longer shown, create a new secret.",
)
_EXPIRED_SECRET = _Meaning(
    "expired_secret",
    "The connection's client secret has expired. An admin must create a new one.",
    f"Create a new client secret under {_PORTAL} › Certificates & secrets, enter its value here, and note when it "
    "expires.",
)
_NO_APP = _Meaning(
    "app_not_found",
    "Microsoft does not know the connection's app in this tenant. An admin must check the application ID and the "
    "tenant.",
    "Compare the application (client) ID and the directory (tenant) ID with the app's overview page. If the app "
    "belongs to another tenant, an admin of this one must consent to it first.",
)
_NO_TENANT = _Meaning(
    "tenant_not_found",
    "Microsoft does not know the connection's tenant. An admin must check the directory (tenant) ID.",
    "Compare the directory (tenant) ID with Microsoft Entra admin center › Overview. National clouds have other "
    "sign-in addresses: see MICROSOFT_LOGIN_URL and GRAPH_API_URL.",
)
_APP_DISABLED = _Meaning(
    "app_disabled",
    "The connection's app has been disabled in Microsoft Entra. An admin must enable it again.",
    "Microsoft Entra admin center › Enterprise applications › app $client_id › Properties: set “Enabled for users to "
    "sign-in” to Yes.",
)
_BLOCKED = _Meaning(
    "conditional_access",
    "A security rule of the tenant (Conditional Access) keeps this server from signing in. An admin must allow it.",
    "Look the sign-in up under Microsoft Entra admin center › Sign-in logs › Service principal sign-ins, and exempt "
    "the app, or this server's address, from the policy named there.",
)
_WRONG_CLOUD = _Meaning(
    "wrong_cloud",
    "Microsoft does not offer its services to the connection's tenant at the address that is set up here.",
    "Tenants in a national cloud need MICROSOFT_LOGIN_URL and GRAPH_API_URL set to that cloud's addresses.",
)
_NO_CONSENT = _Meaning(
    "consent_missing",
    "Nobody has consented to the connection's app in this tenant yet. An admin must do so.",
    f"{_PORTAL} › API permissions: choose “Grant admin consent”.",
)
_UNKNOWN = _Meaning(
    "credentials_refused",
    "Microsoft refused to sign the connection's app in. An admin must check the credentials.",
    "The technical detail has Microsoft's own words. Microsoft Entra admin center › Sign-in logs › Service "
    "principal sign-ins shows the same attempt.",
)

_MEANINGS = {
    7000215: _WRONG_SECRET,
    7000216: _WRONG_SECRET,
    7000222: _EXPIRED_SECRET,
    700016: _NO_APP,
    7000229: _NO_APP,
    90002: _NO_TENANT,
    900023: _NO_TENANT,
    90013: _NO_TENANT,
    7000112: _APP_DISABLED,
    53003: _BLOCKED,
    530003: _BLOCKED,
    500011: _WRONG_CLOUD,
    900382: _WRONG_CLOUD,
    900439: _WRONG_CLOUD,
    65001: _NO_CONSENT,
    650052: _NO_CONSENT,
}
_TRANSIENT = frozenset({90033, 90006, 90025, 50196, 7000219})
# Where a stand-in or a proxy answers without AADSTS codes, the standard's own words still tell something.
_BY_ERROR = {"invalid_client": _WRONG_SECRET, "unauthorized_client": _NO_APP, "invalid_tenant": _NO_TENANT}


def sign_in_refusal(answer: Answer, credentials: Credentials) -> ProviderError:
    """The typed error behind a sign-in answer that carries no token."""
    error, description, codes = _read(answer)
    detail = redact(f"{error}: {description}".strip(": "), (credentials.client_secret,))[:500]
    if codes & _TRANSIENT:
        return ServerTrouble(f"The sign-in of {WHO} has a fault of its own. Try again in a few minutes.", detail=detail)
    known = sorted(codes & _MEANINGS.keys())
    meaning = _MEANINGS[known[0]] if known else _UNKNOWN if codes else _BY_ERROR.get(error, _UNKNOWN)
    if meaning is _WRONG_SECRET and is_guid(credentials.client_secret):
        meaning = _SECRET_ID
    return CredentialsRefused(
        meaning.message,
        code=meaning.code,
        advice=advice.filled(meaning.advice, client_id=credentials.client_id, organizer=""),
        detail=detail,
        status=answer.status,
        provider_code=", ".join(f"AADSTS{code}" for code in known or sorted(codes)) or error[:100],
        request_id=answer.request_id,
    )


def _read(answer: Answer) -> tuple[str, str, frozenset[int]]:
    """OAuth's error word, the description, and every AADSTS number in the answer."""
    try:
        body = parse(answer.body)
    except NotJson:
        body = None
    if not isinstance(body, dict):
        return "", f"HTTP {answer.status}", frozenset()
    description = str(body.get("error_description") or "")
    listed = body.get("error_codes")
    numbers = {number for number in listed if isinstance(number, int)} if isinstance(listed, list) else set()
    return (
        str(body.get("error") or ""),
        description,
        frozenset(numbers | {int(n) for n in _AADSTS.findall(description)}),
    )
