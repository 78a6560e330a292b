"""What may a connection do, and what is missing?"""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from rich.table import Table

from conferences.checking import PERMITTED, check
from conferences.management.base import FAILED, AnsweringCommand, connection_by_id
from conferences.management.output import printable
from conferences.providers.base import Check

SIGNS = {"permitted": "✓", "blocked": "▲", "failed": "✗"}


class Command(AnsweringCommand):
    help = "Ask the provider what a connection is permitted to do. Exit code 0 when it is everything, else 1."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("connection", type=int, metavar="ID")

    def answer(self, *, connection: int, json: bool, **_: Any) -> None:
        row = connection_by_id(connection)
        with self.err.status(f"Asking {row.config.verbose_name} …"):
            checks = check(row)
        self.give({"connection": row.pk, "operations": _result(checks)}, _table(checks), as_json=json)
        refused = [line.operation for line in checks if line.state != PERMITTED]
        if refused:
            raise CommandError(f"Not everything is permitted: {', '.join(refused)}.", returncode=FAILED)


def _result(checks: list[Check]) -> dict[str, dict[str, Any]]:
    return {
        line.operation: {
            "state": line.state,
            "message": line.message,
            "missing": list(line.missing),
            "advice": line.advice,
        }
        for line in checks
    }


def _table(checks: list[Check]) -> Table:
    table = Table("Operation", "", "What it says", box=None, padding=(0, 2, 0, 0))
    for line in checks:
        missing = [f"Missing: {', '.join(line.missing)}"] if line.missing else []
        told = printable("\n".join(part for part in (line.message, *missing, line.advice) if part))
        table.add_row(line.operation, f"{SIGNS.get(line.state, '?')} {line.state}", told)
    return table
