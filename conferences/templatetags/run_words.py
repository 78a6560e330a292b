"""A run's rows in a few words."""

from collections.abc import Iterable

from django import template

from conferences.models import SyncStep

register = template.Library()


@register.filter
def ended(steps: Iterable[SyncStep]) -> str:
    """As in “synced: attendance; blocked (not_permitted): chat, files; open: polls”."""
    found: dict[str, list[str]] = {}
    for step in steps:
        found.setdefault(_outcome(step), []).append(step.operation)
    if list(found) == ["open"]:
        return "none has ended"
    return "; ".join(f"{outcome}: {', '.join(operations)}" for outcome, operations in found.items())


def _outcome(step: SyncStep) -> str:
    told = step.outcome.replace("_", " ") or "open"
    return f"{told} ({step.code})" if step.code not in {"", step.outcome} else told
