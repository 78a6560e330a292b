"""A JSON object that is encrypted at rest, and unreadable rather than wrong when the key is missing."""

import json
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models


class Undecryptable(Exception):
    """A stored secret cannot be read with the keys at hand."""

    def __init__(self) -> None:
        super().__init__(
            "The stored credentials cannot be decrypted. Check that FIELD_ENCRYPTION_KEYS still lists the key "
            "they were saved with, or enter the credentials again."
        )


@lru_cache(maxsize=4)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def cipher() -> MultiFernet:
    return _cipher(tuple(settings.FIELD_ENCRYPTION_KEYS))


def encrypt(value: dict[str, Any]) -> str:
    return cipher().encrypt(json.dumps(value).encode()).decode()


def decrypt(token: str) -> dict[str, Any]:
    """Raises Undecryptable; never hands out ciphertext in place of a secret."""
    try:
        return dict(json.loads(cipher().decrypt(token.encode())))
    except (InvalidToken, ValueError) as error:
        raise Undecryptable from error


class Secrets:
    """What a row holds: ciphertext, opened on demand only, so that listing rows never needs a key."""

    def __init__(self, token: str) -> None:
        self.token = token

    def reveal(self) -> dict[str, Any]:
        return decrypt(self.token) if self.token else {}

    def __repr__(self) -> str:
        return "<Secrets: sealed>"


class SecretsField(models.TextField):
    """Assign a dict to seal it; read a `Secrets` and `reveal()` it."""

    # What type checkers learn from: set and get differ.
    _pyi_private_set_type: dict[str, Any] | Secrets  # type: ignore[assignment]
    _pyi_private_get_type: Secrets  # type: ignore[assignment]

    def from_db_value(self, value: str | None, *_: object) -> Secrets | None:
        return None if value is None else Secrets(value)

    def to_python(self, value: Any) -> Any:
        return value if isinstance(value, Secrets) or value is None else Secrets(encrypt(value))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:  # noqa: ARG002 - Django passes it by position
        """What was just saved reads like what was loaded."""
        sealed = self.to_python(getattr(model_instance, self.attname))
        setattr(model_instance, self.attname, sealed)
        return sealed

    def get_prep_value(self, value: Any) -> str | None:
        sealed = self.to_python(value)
        return sealed.token if isinstance(sealed, Secrets) else None

    def value_to_string(self, obj: models.Model) -> str:  # noqa: ARG002 - Django passes it by name
        """A dump for people is no place for credentials, not even for sealed ones."""
        return ""
