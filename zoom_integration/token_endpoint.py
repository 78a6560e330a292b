"""Zoom's sign-in: a form goes out, an answer with tokens comes back.

https://developers.zoom.us/docs/integrations/oauth/
"""

import base64
import math
import re
from collections.abc import Callable, Mapping
from http import HTTPStatus

from conferences.providers.base import Link
from conferences.providers.errors import CredentialsRefused
from conferences.providers.http import trouble
from conferences.providers.payload import malformed
from conferences.providers.transport import Answer, Limits, Transport
from conferences.providers.waiting import Clock
from zoom_integration.conf import Credentials, oauth_url

WHO = "Zoom's sign-in"
DEFAULT_LIFE_SECONDS = 3_600.0
_TOKEN = re.compile(r"[!-~]{1,32768}")

Refuse = Callable[[Answer], CredentialsRefused]


class TokenEndpoint:
    """Asks once for each call, and tries nothing again. Raises NotConfigured for an address that is none."""

    def __init__(self, credentials: Credentials, link: Link, clock: Clock, limits: Limits | None = None) -> None:
        self._credentials = credentials
        self._clock = clock
        self._transport = Transport(oauth_url(), who=WHO, request_id_header="x-zm-trackingid", limits=limits, link=link)

    def close(self) -> None:
        self._transport.close()

    def ask(self, form: Mapping[str, str], refuse: Refuse, path: str = "/token") -> dict[str, object]:
        """The form goes into the body: in the query it would stand in logs, and Zoom has begun to refuse it there."""
        answer = self._transport.exchange(
            "POST",
            path,
            data=form,
            headers={"Accept": "application/json"},
            secret_headers={"Authorization": _basic(self._credentials)},
        )
        error = trouble(answer, self._clock)
        if error is not None:
            raise error
        if answer.status >= HTTPStatus.BAD_REQUEST:
            raise refuse(answer)
        body = answer.object()
        if "access_token" not in body and ("error" in body or "reason" in body):
            raise refuse(answer)
        return body


def token_in(body: Mapping[str, object], key: str = "access_token") -> str:
    """Raises Malformed."""
    token = body.get(key)
    if isinstance(token, str) and _TOKEN.fullmatch(token):
        return token
    raise malformed(WHO, f"no usable {key} in the answer")


def life_seconds(body: Mapping[str, object]) -> float:
    try:
        life = float(str(body.get("expires_in")))
    except ValueError:
        return DEFAULT_LIFE_SECONDS
    return min(max(life, 0.0), 86_400.0) if math.isfinite(life) else DEFAULT_LIFE_SECONDS


def _basic(credentials: Credentials) -> str:
    pair = f"{credentials.client_id}:{credentials.client_secret}"
    return f"Basic {base64.b64encode(pair.encode()).decode()}"
