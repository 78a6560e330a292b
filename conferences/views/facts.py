"""What the provider says of a conference beyond what all providers have: the fields that it names for people."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps

from conferences.models import Conference
from conferences.providers.registry import UnknownProvider


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    value: Any

    @property
    def is_moment(self) -> bool:
        return isinstance(self.value, datetime)


def told_facts(conference: Conference) -> list[Fact]:
    """Empty where nothing is known. Zero and "no" are values."""
    try:
        config = conference.connection.config
    except UnknownProvider:
        return []
    if config.detail_model is None or not config.detail_fields:
        return []
    model = apps.get_model(config.detail_model)
    row = model._default_manager.filter(conference=conference).first()
    facts = (Fact(_label(model, name), _shown(row, name)) for name in config.detail_fields if row)
    return [fact for fact in facts if fact.value not in (None, "", [], {})]


def _label(model: Any, name: str) -> str:
    label = str(model._meta.get_field(name).verbose_name)
    return label[:1].upper() + label[1:]


def _shown(row: Any, name: str) -> Any:
    """Choices by their label."""
    shown = getattr(row, f"get_{name}_display", None)
    value = shown() if shown else getattr(row, name)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return ", ".join(map(str, value)) if isinstance(value, list) else value
