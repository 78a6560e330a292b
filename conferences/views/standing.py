"""What may a connection do, and has somebody allowed it?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from conferences.checking import PERMITTED
from conferences.models import Authorization, Connection
from conferences.models.fields import Undecryptable
from conferences.providers.base import InvalidInput
from conferences.providers.errors import ProviderError
from conferences.providers.origin import Origin
from conferences.providers.registry import UnknownProvider
from conferences.public import public_url
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


def standing(request: HttpRequest, connection: Connection) -> Standing:
    return Standing(connection, state_of(connection), _authorization(connection), redirect_address(request))


def state_of(connection: Connection) -> str:
    """Of a connection that cannot be read nothing is said here; a check or a sync tells why."""
    try:
        needs_somebody = connection.config.authorizes(connection.credentials.reveal())
    except (UnknownProvider, Undecryptable):
        return ""
    if not needs_somebody:
        return ""
    authorization = _authorization(connection)
    if authorization is None:
        return "unconnected"
    return "connected" if authorization.is_live else "reconnect"


def in_short(connection: Connection) -> str:
    """For lists: whether somebody must connect it, else what the last check has found."""
    state = state_of(connection)
    if state in {"unconnected", "reconnect"} or not connection.checks:
        return state or "unchecked"
    return "permitted" if all(line["state"] == PERMITTED for line in connection.checks) else "lacking"


def redirect_address(request: HttpRequest) -> str:
    """Where providers send people back; an administrator enters it there."""
    return public_url(reverse("connections:connected"), request)


def allow_leaving(response: HttpResponse, standing: Standing) -> HttpResponse:
    """Lets the page's Connect button end at the provider: browsers hold a form to its policy through every redirect.

    A sign-in may hand over to a host below its own, and browsers count that as well.
    """
    if standing.state and (origin := _origin(standing)):
        port = "" if origin.port == DEFAULT_PORTS[origin.scheme] else f":{origin.port}"
        below = [] if _is_number(origin.host) else [f"{origin.scheme}://*.{origin.host}{port}"]
        allowed = {"form-action": [f"{origin.scheme}://{origin.host}{port}", *below]}
        response._csp_update = allowed  # type: ignore[attr-defined] - what django-csp's own decorator sets
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


def _authorization(connection: Connection) -> Authorization | None:
    return getattr(connection, "authorization", None)
