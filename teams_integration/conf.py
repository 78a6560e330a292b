"""A tenant's credentials, checked before anything is sent, and where Microsoft is to be found."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.conf import settings

from conferences.providers.base import InvalidInput

WHO = "Microsoft Teams"

_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}", re.ASCII | re.IGNORECASE)
_PRINTABLE = re.compile(r"[!-~]+")

# https://learn.microsoft.com/en-us/graph/deployments#microsoft-graph-and-graph-explorer-service-root-endpoints
_NATIONAL_CLOUDS = frozenset({"graph.microsoft.us", "dod-graph.microsoft.us", "microsoftgraph.chinacloudapi.cn"})
_WORLDWIDE = "graph.microsoft.com"


# Words such as “common” stand for any tenant, and none is ours; they have no dot, so they are no domains.
TENANT_PATTERN = f"(?ai:{_GUID.pattern}|{_DOMAIN.pattern})"
TENANT_HINT = (
    "It looks like 00000000-0000-0000-0000-000000000000, or it is a domain of the tenant, such as "
    "contoso.onmicrosoft.com; “common”, “organizations” and “consumers” are no tenant."
)


def is_guid(text: str) -> bool:
    return bool(_GUID.fullmatch(text))


@dataclass(frozen=True, slots=True)
class Credentials:
    """An app registration with a client secret. `tenant_id` is a GUID or one of the tenant's domains."""

    tenant_id: str
    client_id: str
    client_secret: str = field(repr=False)

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, str]) -> "Credentials":
        """Raises InvalidInput. Surrounding white space is a slip of copying and is dropped."""
        values = {key: str(mapping.get(key) or "").strip() for key in ("tenant_id", "client_id", "client_secret")}
        for key, label in _LABELS.items():
            if not values[key]:
                raise InvalidInput(f"The {label} is missing.", key)
        if not is_guid(values["tenant_id"]) and not _DOMAIN.fullmatch(values["tenant_id"]):
            raise InvalidInput(
                "The directory (tenant) ID must look like 00000000-0000-0000-0000-000000000000, or be a domain of "
                "the tenant.",
                "tenant_id",
            )
        if not is_guid(values["client_id"]):
            raise InvalidInput(
                "The application (client) ID must look like 00000000-0000-0000-0000-000000000000.", "client_id"
            )
        if not _PRINTABLE.fullmatch(values["client_secret"]):
            raise InvalidInput(
                "The client secret contains a space or a character that no secret has. Copy its value again.",
                "client_secret",
            )
        return cls(**values)


_LABELS = {
    "tenant_id": "directory (tenant) ID",
    "client_id": "application (client) ID",
    "client_secret": "client secret value",
}


def login_url() -> str:
    return str(settings.MICROSOFT_LOGIN_URL)


def graph_url() -> str:
    return str(settings.GRAPH_API_URL)


def scope() -> str:
    """The audience that the token is asked for: a national cloud's own, and the worldwide one for anything else."""
    host = (urlsplit(graph_url()).hostname or "").lower()
    return f"https://{host if host in _NATIONAL_CLOUDS else _WORLDWIDE}/.default"
