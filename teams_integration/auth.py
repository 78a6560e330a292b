"""The app's own token for Microsoft Graph, through msal.

https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-client-creds-grant-flow
msal's constructor already asks the network, its errors are of many families, and an app object keeps refusals for a
minute: so each sign-in makes a new one, over a transport of our own that speaks to the sign-in address and nobody else.
"""

import math
import re
import threading
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import msal

from conferences.providers.base import Link
from conferences.providers.errors import NotConfigured, ProviderError
from conferences.providers.http import trouble
from conferences.providers.origin import insist
from conferences.providers.payload import malformed, parse_object
from conferences.providers.retry import Retrier
from conferences.providers.transport import Answer, Transport
from conferences.providers.waiting import Clock
from teams_integration.conf import Credentials, login_url, scope
from teams_integration.sign_in_refusals import sign_in_refusal

WHO = "Microsoft's sign-in"
EARLY_SECONDS = 300.0
DEFAULT_LIFE_SECONDS = 3_600.0
_TOKEN = re.compile(r"[!-~]{1,32768}")


class _MsalAnswer:
    """The shape in which msal wants an answer."""

    def __init__(self, answer: Answer) -> None:
        self.status_code = answer.status
        self.text = answer.body.decode("utf-8-sig")
        self.headers = dict(answer.headers)

    def raise_for_status(self) -> None:
        """Only good answers get this far."""


class _SignInClient:
    """msal's way to the network. Whatever is no good answer is raised here, before msal makes something else of it."""

    def __init__(self, transport: Transport, credentials: Credentials, clock: Clock) -> None:
        self._transport = transport
        self._credentials = credentials
        self._clock = clock

    def get(self, url: str, headers: Mapping[str, str] | None = None, **_: Any) -> _MsalAnswer:
        answer = self._good(self._transport.exchange("GET", url, headers=headers))
        # The discovery document names the address that the secret is sent to: it must be the one we came from.
        endpoint = parse_object(answer.body, WHO).get("token_endpoint")
        if not isinstance(endpoint, str):
            raise malformed(WHO, "the discovery document names no token endpoint")
        insist(self._transport.origin, endpoint, WHO)
        return _MsalAnswer(answer)

    def post(
        self, url: str, data: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None, **_: Any
    ) -> _MsalAnswer:
        return _MsalAnswer(self._good(self._transport.exchange("POST", url, data=data, headers=headers)))

    def close(self) -> None:
        self._transport.close()

    def _good(self, answer: Answer) -> Answer:
        error = trouble(answer, self._clock)
        if error is not None:
            raise error
        if answer.status >= HTTPStatus.BAD_REQUEST:
            raise sign_in_refusal(answer, self._credentials)
        parse_object(answer.body, WHO, status=answer.status, request_id=answer.request_id)
        return answer


class AppTokens:
    """One app's token, kept for the session and shared by its threads. Raises the tree of `errors`, and Cancelled."""

    def __init__(self, credentials: Credentials, link: Link, clock: Clock | None = None) -> None:
        self._credentials = credentials
        self._link = link
        self._clock = clock or Clock()
        self._lock = threading.Lock()
        self._token = ""
        self._good_until = 0.0
        self._refusal: ProviderError | None = None

    def current(self) -> str:
        with self._lock:
            if not self._token or self._clock.monotonic() >= self._good_until:
                self._sign_in()
            return self._token

    def renew(self, stale: str) -> str:
        """Signs in again, unless another thread has just done so."""
        with self._lock:
            if self._token == stale:
                self._sign_in()
            return self._token

    def _sign_in(self) -> None:
        """A sign-in that was refused, or that no retry could bring about, is not tried again in this session."""
        if self._refusal is not None:
            raise self._refusal
        try:
            result = self._signed_in()
        except ProviderError as error:
            self._refusal = error
            raise
        self._token = self._checked(result.get("access_token"))
        life = _seconds(result.get("expires_in"))
        self._good_until = self._clock.monotonic() + life - min(EARLY_SECONDS, life / 2)

    def _signed_in(self) -> Mapping[str, Any]:
        transport = Transport(login_url(), who=WHO, request_id_header="x-ms-request-id", link=self._link)
        try:
            return Retrier(WHO, self._link, self._clock).run(lambda: self._ask(transport), "sign_in")
        finally:
            transport.close()

    def _ask(self, transport: Transport) -> Mapping[str, Any]:
        try:
            app = msal.ConfidentialClientApplication(
                self._credentials.client_id,
                client_credential=self._credentials.client_secret,
                authority=f"{transport.base_url}/{self._credentials.tenant_id}",
                instance_discovery=False,
                azure_region=False,
                http_client=_SignInClient(transport, self._credentials, self._clock),
            )
            return app.acquire_token_for_client(scopes=[scope()]) or {}
        except ProviderError:
            raise
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise self._not_understood(transport, error) from None

    def _not_understood(self, transport: Transport, error: Exception) -> ProviderError:
        if transport.origin.scheme != "https":
            return NotConfigured(
                "The sign-in address of Microsoft is not set up correctly.",
                code="bad_provider_url",
                advice="MICROSOFT_LOGIN_URL must be an https address.",
            )
        return malformed(WHO, f"msal could not read it: {type(error).__name__}")

    def _checked(self, token: object) -> str:
        if isinstance(token, str) and _TOKEN.fullmatch(token):
            return token
        raise malformed(WHO, "no usable access token in the answer")


def _seconds(value: object) -> float:
    try:
        life = float(str(value))
    except ValueError:
        return DEFAULT_LIFE_SECONDS
    return min(max(life, 0.0), 86_400.0) if math.isfinite(life) else DEFAULT_LIFE_SECONDS
