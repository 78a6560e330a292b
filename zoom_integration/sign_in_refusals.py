"""What Zoom's sign-in means by its errors, in words that somebody can act on.

https://developers.zoom.us/docs/integrations/oauth-error-messages/
"""

import re
from dataclasses import dataclass, replace

from conferences.providers.errors import CredentialsRefused, ReconnectNeeded
from conferences.providers.payload import NotJson, parse
from conferences.providers.redaction import redact
from conferences.providers.transport import Answer
from zoom_integration import advice

_NUMBER = re.compile(r"\b47\d\d\b", re.ASCII)
_WORDS = ("reason", "error_description", "message", "errorMessage", "code", "error_code", "errorCode")


@dataclass(frozen=True, slots=True)
class _Meaning:
    """`says`: words in Zoom's answer, lower case; one of them is enough."""

    says: tuple[str, ...]
    code: str
    message: str
    advice: str
    kind: type[CredentialsRefused] = CredentialsRefused


_DEACTIVATED = _Meaning(
    ("disabled", "deactivated", "not activated", "4717", "4738"),
    "app_deactivated",
    "The connection's app is deactivated in Zoom. An admin must activate it again.",
    advice.ACTIVATE,
)
_SECRET = _Meaning(
    ("invalid_client", "client_id or client_secret", "4702", "4704"),
    "wrong_secret",
    "Zoom refused the connection's client ID or client secret. An admin must enter the right ones.",
    advice.SECRET,
)
_APP_TYPE = _Meaning(
    ("unsupported_grant_type", "unsupported grant type", "unauthorized_client", "4705"),
    "wrong_app_type",
    "The connection's app is not of the kind that may sign in by itself. An admin must create another one.",
    advice.APP_TYPE,
)
_NO_GENERAL_APP = replace(
    _APP_TYPE,
    message="The connection's app is not of the kind that a person can connect. An admin must create another one.",
    advice=advice.GENERAL_APP,
)
_UNKNOWN = _Meaning(
    (),
    "credentials_refused",
    "Zoom refused to sign the connection's app in. An admin must check the credentials.",
    advice.APP,
)

_OF_ACCOUNT = (
    _DEACTIVATED,
    _SECRET,
    _APP_TYPE,
    _Meaning(
        ("account", "bad request", "invalid_request"),
        "wrong_account",
        "Zoom does not know the connection's app in this account. An admin must check the account ID.",
        advice.ACCOUNT,
    ),
)
_REDIRECT = _Meaning(
    ("redirect", "4709"),
    "redirect_mismatch",
    "Zoom does not know the address that it was to send you back to. An admin must enter it in the connection's app.",
    "",
)
_OF_CODE = (
    _DEACTIVATED,
    _SECRET,
    _NO_GENERAL_APP,
    _Meaning(
        ("4733", "code expired", "code is expired", "code has expired"),
        "code_expired",
        "More than five minutes passed before Zoom was asked for the access that you had allowed. Connect again.",
        advice.CONNECT,
    ),
    _Meaning(
        ("invalid_grant", "4734", "authorization code", "code_verifier", "code verifier"),
        "code_refused",
        "Zoom does not accept the permission that it had sent you back with: each serves once. Connect again.",
        advice.CONNECT,
    ),
)
_OF_RENEWAL = (
    _DEACTIVATED,
    _SECRET,
    _Meaning(
        ("invalid_grant", "invalid token", "4735", "4737", "4740", "4741"),
        ReconnectNeeded.default_code,
        "The permission that somebody gave in Zoom has ended, so nothing can be fetched. An admin must connect the "
        "account again.",
        advice.CONNECT,
        ReconnectNeeded,
    ),
    _Meaning(
        ("4711",),
        "scopes_changed",
        "The scopes of the connection's app were changed in Zoom. An admin must connect the account again.",
        advice.CONNECT,
    ),
    _NO_GENERAL_APP,
)
_OF_REVOCATION = (
    _DEACTIVATED,
    _SECRET,
    _Meaning(
        ("invalid_grant", "token", "4733", "4735", "4737", "4740", "4741"),
        "token_unknown",
        "Zoom no longer knows the permission that was to be withdrawn.",
        advice.WITHDRAW,
    ),
)


def sign_in_refusal(answer: Answer, secrets: tuple[str, ...]) -> CredentialsRefused:
    """The typed error behind a sign-in answer that carries no token. It never repeats one of the secrets."""
    return _refusal(answer, secrets, _OF_ACCOUNT)


def code_refusal(answer: Answer, redirect_uri: str, secrets: tuple[str, ...]) -> CredentialsRefused:
    """Why a code was not changed for tokens."""
    redirect = replace(_REDIRECT, advice=advice.redirect(redirect_uri))
    return _refusal(answer, secrets, (redirect, *_OF_CODE))


def renewal_refusal(answer: Answer, secrets: tuple[str, ...]) -> CredentialsRefused:
    """ReconnectNeeded when it is final."""
    return _refusal(answer, secrets, _OF_RENEWAL)


def revocation_refusal(answer: Answer, secrets: tuple[str, ...]) -> CredentialsRefused:
    return _refusal(answer, secrets, _OF_REVOCATION)


def _refusal(answer: Answer, secrets: tuple[str, ...], meanings: tuple[_Meaning, ...]) -> CredentialsRefused:
    error, words = _read(answer)
    told = f"{error} {words}".lower()
    meaning = next((each for each in meanings if any(word in told for word in each.says)), _UNKNOWN)
    number = _NUMBER.search(words)
    return meaning.kind(
        meaning.message,
        code=meaning.code,
        advice=meaning.advice,
        detail=redact(f"HTTP {answer.status} {error}: {words}", secrets)[:500],
        status=answer.status,
        provider_code=error or (number.group() if number else ""),
        request_id=answer.request_id,
    )


def _read(answer: Answer) -> tuple[str, str]:
    """OAuth's error word, and everything that explains it."""
    try:
        body = parse(answer.body)
    except NotJson:
        body = None
    if not isinstance(body, dict):
        return "", ""
    words = (body.get(key) for key in _WORDS)
    return str(body.get("error") or "")[:100], " / ".join(str(word) for word in words if word)
