"""What has a check found, each finding once with all the operations it is about?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

ALIKE = ("state", "message", "advice")


@dataclass(frozen=True, slots=True)
class Told:
    """One value of some fields. `whom`: the labels of those that it is true of; none where it is of all."""

    whom: Sequence[str]
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Finding:
    """The operations of a check, as they are stored, of which the same is said with the same advice.

    labels  what people call them, by their names; the others by their names
    """

    lines: Sequence[Mapping[str, Any]]
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def operations(self) -> Sequence[str]:
        return [line["operation"] for line in self.lines]

    @property
    def whom(self) -> Sequence[str]:
        return [self.labels.get(name, name) for name in self.operations]

    @property
    def state(self) -> str:
        return str(self.lines[0]["state"])

    @property
    def message(self) -> str:
        return str(self.lines[0]["message"])

    @property
    def advice(self) -> str:
        return str(self.lines[0].get("advice", ""))

    @property
    def needs(self) -> Sequence[Told]:
        return [told for told in self._told("needs", "missing") if told.values["needs"]]

    @property
    def missing(self) -> Sequence[Told]:
        return [told for told in self._told("missing") if told.values["missing"]]

    @property
    def granted(self) -> Sequence[Told]:
        return self._told("granted")

    @property
    def probes(self) -> Sequence[Told]:
        return self._told("probe")

    def _told(self, *names: str) -> Sequence[Told]:
        alike = _grouped(self.lines, names)
        return [
            Told(
                () if len(alike) == 1 else Finding(lines, self.labels).whom,
                {name: lines[0].get(name) for name in names},
            )
            for lines in alike
        ]


def findings(lines: Iterable[Mapping[str, Any]], labels: Mapping[str, str] | None = None) -> list[Finding]:
    """In the order in which they were first told."""
    return [Finding(alike, labels or {}) for alike in _grouped(lines, ALIKE)]


def _grouped(lines: Iterable[Mapping[str, Any]], names: Sequence[str]) -> list[list[Mapping[str, Any]]]:
    alike: dict[str, list[Mapping[str, Any]]] = {}
    for line in lines:
        alike.setdefault(repr([line.get(name) for name in names]), []).append(line)
    return list(alike.values())
