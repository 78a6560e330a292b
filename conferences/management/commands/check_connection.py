"""What may a connection do, and what is missing?"""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import CommandError, CommandParser
from rich.table import Table

from conferences.checking import PERMITTED, UNKNOWN, as_stored, check, conclusion
from conferences.findings import Finding, Told, findings
from conferences.management.base import FAILED, AnsweringCommand, connection_by_id
from conferences.management.output import printable
from conferences.providers.base import Check
from conferences.wording import listed

NOT_KNOWN = 4
SIGNS = {"permitted": "✓", "blocked": "▲", "failed": "✗", "unknown": "?"}


class Command(AnsweringCommand):
    help = (
        "Ask the provider what a connection is permitted to do. Exit code 0 when it is everything, 1 when something is "
        "blocked or failed, 4 when nothing is, but something could not be checked."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("connection", type=int, metavar="ID")

    def answer(self, *, connection: int, json: bool, **_: Any) -> None:
        row = connection_by_id(connection)
        with self.err.status(f"Asking {row.config.verbose_name} …"):
            checks = check(row, cause="asked for on the command line")
        self.give(
            {"connection": row.pk, "operations": _result(checks)},
            _table(findings(map(as_stored, checks))),
            as_json=json,
        )
        states = {line.state for line in checks} - {PERMITTED}
        if states:
            told = conclusion((line.operation, line.state) for line in checks)
            raise CommandError(told, returncode=NOT_KNOWN if states == {UNKNOWN} else FAILED)


def _result(checks: list[Check]) -> dict[str, dict[str, Any]]:
    stored = (as_stored(line) for line in checks)
    return {told.pop("operation"): told for told in stored}


def _table(found: list[Finding]) -> Table:
    table = Table("Operation", "", "What it says", box=None, padding=(0, 2, 0, 0))
    for finding in found:
        told = printable("\n".join(part for part in _parts(finding) if part))
        operations = printable("\n".join(finding.operations))
        table.add_row(operations, f"{SIGNS.get(finding.state, '?')} {finding.state}", told)
    return table


def _parts(finding: Finding) -> Iterator[str]:
    """What was tried, what is needed, what is there, and what to do."""
    yield finding.message
    for told in finding.probes:
        probe = told.values["probe"] or ""
        yield f"{_whom('Tried', told)}: {probe}" if told.whom and probe else probe
    for told in finding.needs:
        yield f"{_whom('Needs', told)}: {', '.join(told.values['needs'])}"
    for told in finding.granted:
        if told.values["granted"] is not None:
            yield f"{_whom('Has', told)}: {', '.join(told.values['granted']) or 'none of these'}"
    for told in finding.missing:
        yield f"{_whom('Missing', told)}: {', '.join(told.values['missing'])}"
    yield finding.advice


def _whom(what: str, told: Told) -> str:
    return f"{what} for {listed(told.whom)}" if told.whom else what
