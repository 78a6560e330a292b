"""Making provider values fit their columns without losing any: what does not fit is kept in `extra`."""

import hashlib
import math
from collections.abc import Mapping
from typing import Any

from django.db import models

from conferences.providers.text import clean

UNHEARD_OF = ("other", "unknown")
BIGGEST = {"BigIntegerField": 2**63 - 1, "PositiveIntegerField": 2**31 - 1}


def fit(model: type[models.Model], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values, cut and bounded; whatever was changed stands in full under `extra`, where the model has one."""
    fitted, misfits = {}, {}
    for name, value in values.items():
        fitted[name] = bounded(model._meta.get_field(name), value)
        if fitted[name] != value:
            misfits[name] = value
    if "extra" in values or (misfits and _has_extra(model)):
        fitted["extra"] = storable({**values.get("extra", {}), **misfits})
    return fitted


def _has_extra(model: type[models.Model]) -> bool:
    return any(field.name == "extra" for field in model._meta.concrete_fields)


def bounded(field: Any, value: Any) -> Any:
    """The value, cut to the column's length; a number beyond its range is None, and a word that is none of the
    choices the one that says so, else the default."""
    choices = dict(field.flatchoices)
    if choices and field.has_default() and value not in choices:
        return next((word for word in UNHEARD_OF if word in choices), field.get_default())
    if isinstance(value, str) and field.max_length and len(value) > field.max_length:
        return value[: field.max_length]
    biggest = BIGGEST.get(field.get_internal_type())
    if isinstance(value, int) and biggest is not None and not 0 <= value <= biggest:
        return None
    return value


def fit_key(key: str, length: int) -> str:
    """A key that is too long keeps its start and becomes unique again by a digest."""
    if len(key) <= length:
        return key
    return f"{key[: length - 65]}#{hashlib.sha256(key.encode()).hexdigest()}"


def storable(value: Any) -> Any:
    """The JSON value with its text cleaned, since jsonb takes no NUL either."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {clean(str(key)): storable(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [storable(entry) for entry in value]
    if value is None or isinstance(value, bool | int):
        return value
    # JSON has no infinity and nothing that is not a number.
    return value if isinstance(value, float) and math.isfinite(value) else clean(str(value))
