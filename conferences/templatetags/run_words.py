"""A run's rows in a few words."""

from collections.abc import Iterable

from django import template

from conferences.models import SyncStep

register = template.Library()


@register.filter
def ended(steps: Iterable[SyncStep]) -> str:
    """As in “attendance synced, chat blocked (not_permitted)”."""
    told = (f"{step.operation} {step.outcome or 'open'}" + (f" ({step.code})" if step.code else "") for step in steps)
    return ", ".join(told)
