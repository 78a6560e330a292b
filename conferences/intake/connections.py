"""Can these be credentials?"""

import re
from collections.abc import Mapping

from django.db import IntegrityError, transaction

from conferences.intake.lines import hidden_character, line
from conferences.models import Connection
from conferences.providers import registry
from conferences.providers.base import CredentialField, InvalidInput, ProviderConfig
from conferences.providers.text import clean

LONGEST_CREDENTIAL = 4096
SHOWABLE_KEY = re.compile(r"[a-z][a-z_]{0,31}")


def add_connection(provider: str, name: str, credentials: Mapping[str, str]) -> Connection:
    """A stored connection. The sentences of its InvalidInput name fields, never what was typed into them."""
    config = known_provider(provider)
    connection = Connection(
        provider=config.slug, name=free_name(config, name), credentials=checked_credentials(config, credentials)
    )
    try:
        with transaction.atomic():
            connection.save()
    except IntegrityError as error:
        free_name(config, name)
        raise InvalidInput("The connection could not be stored. Please try again.") from error
    return connection


def known_provider(slug: str) -> ProviderConfig:
    try:
        return registry.provider(clean(slug))
    except registry.UnknownProvider as error:
        raise InvalidInput(str(error), "provider") from None


def free_name(config: ProviderConfig, typed: str, own_pk: int = 0) -> str:
    """The name, if no other connection of this provider has it."""
    name = line(Connection, "name", typed, "The connection's name", required=True)
    taken = Connection.objects.filter(provider=config.slug, name=name).exclude(pk=own_pk).first()
    if taken:
        raise InvalidInput(f"{config.verbose_name} already has a connection “{name}” (ID {taken.pk}).", "name")
    return name


def checked_credentials(config: ProviderConfig, typed: Mapping[str, str]) -> dict[str, str]:
    """Exactly the provider's fields, each plausible, and plausible together. What may be left out is then missing."""
    wanted = {credential.key: credential for credential in config.credential_fields}
    for key in typed:
        if key not in wanted:
            raise InvalidInput(_unknown_key(config, key), "credentials")
    told = {key: _checked(config, credential, typed.get(key)) for key, credential in wanted.items()}
    credentials = {key: value for key, value in told.items() if value}
    config.examine(credentials)
    return credentials


def _unknown_key(config: ProviderConfig, key: str) -> str:
    """A key that looks like no key may be a secret that was typed in the wrong place: it is not repeated."""
    named = f"no credential “{key}”" if SHOWABLE_KEY.fullmatch(key) else "no such credential"
    wanted = ", ".join(credential.key for credential in config.credential_fields)
    return f"{config.verbose_name} has {named}. It needs: {wanted}."


def _checked(config: ProviderConfig, credential: CredentialField, value: str | None) -> str:
    key, label = credential.key, f"{credential.key} ({credential.label})"
    if credential.choices:
        return _chosen(credential, value or credential.choices[0][0], label)
    if not value and not credential.required:
        return ""
    if value is None:
        raise InvalidInput(f"{label} is missing. {config.verbose_name} cannot be reached without it.", key)
    if not value:
        raise InvalidInput(f"{label} is empty.", key)
    if hidden := hidden_character(value):
        raise InvalidInput(f"{label} contains {hidden}. Copy it again, without anything before or after it.", key)
    if len(value) > LONGEST_CREDENTIAL:
        raise InvalidInput(f"{label} has {len(value)} characters; at most {LONGEST_CREDENTIAL} are possible.", key)
    if not re.fullmatch(credential.pattern, value):
        hint = f" {credential.help_text}" if credential.help_text else ""
        raise InvalidInput(f"{label} does not have the form that it should have.{hint}", key)
    return value


def _chosen(credential: CredentialField, value: str, label: str) -> str:
    known = [choice for choice, _ in credential.choices]
    if value not in known:
        raise InvalidInput(f"{label} must be one of: {', '.join(known)}.", credential.key)
    return value
