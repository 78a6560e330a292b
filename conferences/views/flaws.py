"""Which entries make no sense, and what is wrong with them? Told by reason: hundreds may share one."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import RowNumber

from conferences.models import Conference, Connection, FlawedEntry
from conferences.sync.outcome import SEARCH
from conferences.views.sync_card import operation_labels

GROUPS, EXAMPLES = 50, 20


@dataclass(frozen=True, slots=True)
class Group:
    """Entries of one operation with which the same is wrong. `classes`: of how many conferences."""

    operation: str
    label: str
    reasons: Sequence[str]
    count: int
    classes: int
    examples: Sequence[FlawedEntry] = ()

    @property
    def reason(self) -> str:
        return ", ".join(self.reasons)

    @property
    def name(self) -> str:
        """As it stands in an address."""
        return f"{self.operation}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Line:
    """An entry, with what the provider said as names and values to be read."""

    entry: FlawedEntry
    label: str
    said: Sequence[tuple[str, str]]


def live(of: Conference | Connection) -> "QuerySet[FlawedEntry]":
    entries: QuerySet[FlawedEntry] = of.flaws.filter(gone_at=None)
    return entries


def groups(entries: "QuerySet[FlawedEntry]", provider: str) -> list[Group]:
    """The largest first."""
    counted = entries.order_by().values("operation", "reasons")
    rows = counted.annotate(count=Count("pk"), classes=Count("conference", distinct=True))
    found = rows.order_by("-count", "operation", "reasons")[:GROUPS]
    labels = labels_of(provider)
    return [Group(label=_label(labels, row["operation"]), **row) for row in found]


def groups_with_examples(connection: Connection, *, told: bool = True) -> list[Group]:
    """Each with its first entries, all read at once. `told` False: none of them, because they name people."""
    if not told:
        return groups(live(connection), connection.provider)
    number = Window(RowNumber(), partition_by=[F("operation"), F("reasons")], order_by=F("id").asc())
    first = live(connection).annotate(number=number).filter(number__lte=EXAMPLES).select_related("conference")
    examples: dict[str, list[FlawedEntry]] = {}
    for entry in first:
        examples.setdefault(f"{entry.operation}: {', '.join(entry.reasons)}", []).append(entry)
    return [
        Group(each.operation, each.label, each.reasons, each.count, each.classes, examples.get(each.name, []))
        for each in groups(live(connection), connection.provider)
    ]


def line(entry: FlawedEntry, labels: Mapping[str, str]) -> Line:
    return Line(entry, _label(labels, entry.operation), [(key, _shown(value)) for key, value in entry.raw.items()])


def labels_of(provider: str) -> Mapping[str, str]:
    return {SEARCH: "Search", **operation_labels(provider)}


def _label(labels: Mapping[str, str], operation: str) -> str:
    return labels.get(operation, operation.capitalize())


def _shown(value: Any) -> str:
    """Text as it is; everything else as the provider wrote it."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
