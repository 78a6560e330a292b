"""Which sealed fields are there, and with which key are they sealed? All with the newest, after this."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from cryptography.fernet import Fernet, InvalidToken
from django.apps import apps
from django.conf import settings
from django.db import models, transaction

from conferences.models.fields import Secrets, SecretsField, cipher
from conferences.sync.authorization import be_patient


@dataclass(slots=True)
class Rotation:
    """How many rows were sealed anew, how many were already, and which no key opens."""

    rotated: int = 0
    current: int = 0
    unreadable: list[str] = field(default_factory=list)


def rotate() -> Rotation:
    """Row by row, each under its lock and in a transaction of its own, so that nobody waits long. Safe to repeat."""
    rotation = Rotation()
    for model, names in _sealed():
        for pk in model._base_manager.order_by("pk").values_list("pk", flat=True).iterator():
            _rotate_row(model, pk, names, rotation)
    return rotation


def _sealed() -> Iterator[tuple[type[models.Model], list[str]]]:
    for model in apps.get_models():
        names = [each.name for each in model._meta.local_concrete_fields if isinstance(each, SecretsField)]
        if names:
            yield model, names


@transaction.atomic
def _rotate_row(model: type[models.Model], pk: object, names: list[str], rotation: Rotation) -> None:
    be_patient()
    row = model._base_manager.select_for_update().filter(pk=pk).first()
    if row is None:
        return
    try:
        renewed = {name: new for name in names if (new := _renewed(getattr(row, name)))}
    except InvalidToken:
        rotation.unreadable.append(f"{model._meta.verbose_name} {pk}")
        return
    if renewed:
        model._base_manager.filter(pk=pk).update(**renewed)
        rotation.rotated += 1
    else:
        rotation.current += 1


def _renewed(sealed: Secrets) -> Secrets | None:
    """None when the first key has sealed it already. Raises InvalidToken."""
    token = sealed.token.encode()
    if not token:
        return None
    try:
        Fernet(settings.FIELD_ENCRYPTION_KEYS[0]).decrypt(token)
    except InvalidToken:
        return Secrets(cipher().rotate(token).decode())
    return None
