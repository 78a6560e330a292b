"""What Zoom's sign-in means by its errors, in words that somebody can act on.

https://developers.zoom.us/docs/integrations/oauth-error-messages/
"""

import re
from dataclasses import dataclass

from conferences.providers.errors import CredentialsRefused
from conferences.providers.payload import NotJson, parse
from conferences.providers.redaction import redact
from conferences.providers.transport import Answer
from zoom_integration import advice
from zoom_integration.conf import Credentials

_NUMBER = re.compile(r"\b47\d\d\b", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Meaning:
    """`says`: words in Zoom's answer, lower case; one of them is enough."""

    says: tuple[str, ...]
    code: str
    message: str
    advice: str


_MEANINGS = (
    _Meaning(
        ("disabled", "deactivated", "not activated", "4717", "4738"),
        "app_deactivated",
        "The connection's app is deactivated in Zoom. An admin must activate it again.",
        advice.ACTIVATE,
    ),
    _Meaning(
        ("invalid_client", "client_id or client_secret", "4702", "4704"),
        "wrong_secret",
        "Zoom refused the connection's client ID or client secret. An admin must enter the right ones.",
        advice.SECRET,
    ),
    _Meaning(
        ("unsupported_grant_type", "unsupported grant type", "unauthorized_client", "4705"),
        "wrong_app_type",
        "The connection's app is not of the kind that may sign in by itself. An admin must create another one.",
        advice.APP_TYPE,
    ),
    _Meaning(
        ("account", "bad request", "invalid_request"),
        "wrong_account",
        "Zoom does not know the connection's app in this account. An admin must check the account ID.",
        advice.ACCOUNT,
    ),
)
_UNKNOWN = _Meaning(
    (),
    "credentials_refused",
    "Zoom refused to sign the connection's app in. An admin must check the credentials.",
    advice.APP,
)


def sign_in_refusal(answer: Answer, credentials: Credentials) -> CredentialsRefused:
    """The typed error behind a sign-in answer that carries no token."""
    error, words = _read(answer)
    told = f"{error} {words}".lower()
    meaning = next((each for each in _MEANINGS if any(word in told for word in each.says)), _UNKNOWN)
    number = _NUMBER.search(words)
    return CredentialsRefused(
        meaning.message,
        code=meaning.code,
        advice=meaning.advice,
        detail=redact(f"HTTP {answer.status} {error}: {words}", (credentials.client_secret,))[:500],
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
    words = (body.get(key) for key in ("reason", "error_description", "message", "errorMessage", "code", "error_code"))
    return str(body.get("error") or "")[:100], " / ".join(str(word) for word in words if word)
