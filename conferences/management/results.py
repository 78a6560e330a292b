"""A run's result, for somebody at a terminal."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from conferences.management.output import printable

OUTCOMES = {
    "synced": ("✓ synced", "green"),
    "no_data": ("○ no data", "cyan"),
    "blocked": ("▲ blocked", "yellow"),
    "failed": ("✗ failed", "red"),
}
PENDING = ("… pending", "dim")


def readable(result: Mapping[str, Any]) -> Iterator[RenderableType]:
    """What happened, then the steps, then what somebody should do."""
    yield printable(f"Run {result['run']}: {result['status']}. {result['message']}".rstrip())
    yield _steps(result["steps"])
    for advice, operations in _advice(result["steps"]).items():
        yield printable(f"\nTo do for {', '.join(operations)}:\n{advice}")


def _advice(steps: Mapping[str, Mapping[str, Any]]) -> dict[str, list[str]]:
    """Operations by what is to be done for them: often one thing keeps several from working."""
    operations: dict[str, list[str]] = {}
    for operation, step in steps.items():
        if step["advice"]:
            operations.setdefault(step["advice"], []).append(operation)
    return operations


def _steps(steps: Mapping[str, Mapping[str, Any]]) -> Table:
    table = Table("Operation", "Outcome", box=None, padding=(0, 2, 0, 0))
    for heading in ("Items", "New", "Changed"):
        table.add_column(heading, justify="right")
    table.add_column("What happened")
    for operation, step in steps.items():
        word, style = OUTCOMES.get(step["outcome"], PENDING)
        counts = (_count(step), str(step["created"]), str(step["updated"]))
        table.add_row(operation, Text(word, style), *counts, Text(printable(step["message"])))
    return table


def _count(step: Mapping[str, Any]) -> str:
    """Ours, and the provider's own total where it states one."""
    stated = step["provider_total"]
    return str(step["items"]) if stated is None else f"{step['items']} of {stated}"
