"""What may a connection do, and has somebody allowed it?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse

from conferences.findings import Finding, findings
from conferences.models import Authorization, Connection
from conferences.providers.base import InvalidInput
from conferences.providers.errors import ProviderError
from conferences.providers.origin import Origin
from conferences.public import redirect_address
from conferences.standing import authorization_row, state_of
from conferences.views.sync_card import operation_labels, provider_label

DEFAULT_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One operation of the last check, as it was stored."""

    label: str
    check: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Standing:
    """state  "" where nobody has to allow anything; else connected, reconnect (it has ended) or unconnected"""

    connection: Connection
    state: str
    authorization: Authorization | None
    redirect_address: str

    @property
    def label(self) -> str:
        return provider_label(self.connection.provider)

    @property
    def lines(self) -> Sequence[CheckLine]:
        labels = operation_labels(self.connection.provider)
        return [CheckLine(labels.get(line["operation"], line["operation"]), line) for line in self.connection.checks]

    @property
    def findings(self) -> Sequence[Finding]:
        """The same lines, what is said of several of them told once."""
        return findings(self.connection.checks, operation_labels(self.connection.provider))


def standing(request: HttpRequest, connection: Connection) -> Standing:
    return Standing(connection, state_of(connection), authorization_row(connection), redirect_address(request))


def allow_leaving(response: HttpResponse, standing: Standing) -> HttpResponse:
    """Lets the page's Connect button end at the provider: browsers hold a form to its policy through every redirect.

    A sign-in may hand over to a host below its own, and browsers count that as well. This is what django-csp's own
    decorator sets, which knows only what is the same for every request.
    """
    if standing.state and (origin := _origin(standing)):
        port = "" if origin.port == DEFAULT_PORTS[origin.scheme] else f":{origin.port}"
        below = [] if _is_number(origin.host) else [f"{origin.scheme}://*.{origin.host}{port}"]
        allowed = {"form-action": [f"{origin.scheme}://{origin.host}{port}", *below]}
        response._csp_update = allowed  # type: ignore[attr-defined]
    return response


def _origin(standing: Standing) -> Origin | None:
    connection, address = standing.connection, standing.redirect_address
    try:
        credentials = connection.credentials.reveal()
        return Origin.of(connection.config.authorization_url(credentials, redirect_uri=address, state="", challenge=""))
    except (InvalidInput, ProviderError):
        return None


def _is_number(host: str) -> bool:
    return host.startswith("[") or host.replace(".", "").isdecimal()
