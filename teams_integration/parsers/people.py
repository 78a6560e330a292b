"""Who somebody is, from the identities that Graph gives in a dozen shapes."""

import re
from dataclasses import dataclass

from conferences.providers import shape
from conferences.providers.note_takers import is_note_taker
from conferences.providers.shape import Raw

_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NOBODY = {"00000000-0000-0000-0000-000000000000", "null", "unknown", "anonymous"}
_PHONE = re.compile(r"(?:4:)?\+\d{5,}")

# The keys of an identity set, the ones that name people first.
SET_KEYS = (
    "user",
    "guest",
    "phone",
    "acsUser",
    "azureCommunicationServicesUser",
    "spoolUser",
    "encrypted",
    "onPremises",
    "application",
    "applicationInstance",
    "acsApplicationInstance",
    "spoolApplicationInstance",
    "device",
    "assertedIdentity",
)


@dataclass(frozen=True, slots=True)
class Identity:
    """`id` in lower case, "" when Graph knows none; `variety` is the set key or type that it came under."""

    id: str = ""
    name: str = ""
    tenant_id: str = ""
    upn: str = ""
    variety: str = ""

    @property
    def email(self) -> str:
        """The sign-in name serves as an address, unless it is the made-up one of a guest account."""
        return self.upn.lower() if "@" in self.upn and "#ext#" not in self.upn.lower() else ""

    @property
    def is_directory_user(self) -> bool:
        return bool(_GUID.fullmatch(self.id)) and not self.is_bot_account

    @property
    def is_bot_account(self) -> bool:
        return "application" in self.variety or self.id.startswith("28:")


def identity(raw: Raw, variety: str = "") -> Identity:
    """A flat identity: {id, displayName, tenantId, userPrincipalName}."""
    identifier = shape.optional_text(raw, "id").lower()
    kind = shape.optional_text(raw, "@odata.type").rpartition(".")[2]
    return Identity(
        id="" if identifier in _NOBODY or "*" in identifier else identifier,
        name=shape.optional_text(raw, "displayName"),
        tenant_id=shape.optional_text(raw, "tenantId").lower(),
        upn=shape.optional_text(raw, "userPrincipalName"),
        variety=f"{variety} {kind}".strip().lower(),
    )


def identity_of_set(raw: Raw) -> Identity:
    """An identity set: the first member that has an id, else the first that is there at all."""
    found = [identity(shape.entry(raw[key], key), key) for key in SET_KEYS if raw.get(key) is not None]
    return next((each for each in found if each.id), next(iter(found), Identity()))


def kind_of(person: Identity, home_tenants: frozenset[str], email: str = "") -> str:
    """member, guest, external, dial_in, bot or unknown; `email` is what Graph gave beside the identity."""
    if person.is_bot_account:
        return "bot"
    if "phone" in person.variety or _PHONE.fullmatch(person.id):
        return "dial_in"
    if person.is_directory_user and "guest" not in person.variety:
        return _kind_of_account(person, home_tenants, email)
    if not person.id and email:
        return "unknown"
    if is_note_taker(person.name):
        return "bot"
    return "guest"


def _kind_of_account(person: Identity, home_tenants: frozenset[str], email: str) -> str:
    if "#ext#" in person.upn.lower():
        return "external"
    if "communicationservices" in person.variety or "acsuser" in person.variety:
        return "bot" if is_note_taker(person.name) else "guest"
    if not person.tenant_id and not email and "user" not in person.variety:
        return "unknown"
    return "external" if person.tenant_id and home_tenants and person.tenant_id not in home_tenants else "member"
