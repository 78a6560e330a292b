"""How well is everything, for people and for monitors?"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandError, CommandParser
from rich.table import Table

from conferences.management.base import FAILED, AnsweringCommand, connection_by_id
from conferences.management.output import printable
from conferences.operations.facts import System
from conferences.operations.health import FAIR_FROM, Health, Level
from conferences.operations.overview import ConnectionHealth, Overview, overview
from conferences.wording import counted

SIGNS = {Level.HEALTHY: "✓", Level.FAIR: "▲", Level.POOR: "✗", Level.CRITICAL: "✗", Level.UNKNOWN: "·"}


class Command(AnsweringCommand):
    help = (
        "Score the health of every connection and of the whole, from 0 to 100, with the parts it is made of. "
        "Exit code 1 when one of them is below the minimum or cannot work at all, else 0."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--connection", type=int, metavar="ID", help="judge this one only")
        parser.add_argument(
            "--minimum",
            type=int,
            choices=range(101),
            metavar="0..100",
            default=FAIR_FROM,
            help=f"the score that is just good enough (default {FAIR_FROM})",
        )

    def answer(self, *, connection: int | None, minimum: int, json: bool, **_: Any) -> None:
        wanted = connection_by_id(connection).pk if connection is not None else None
        found = overview()
        each = [one for one in found.connections if wanted in {None, one.connection.pk}]
        # What concerns all is told once: of the whole, unless only one connection is asked about.
        own = {str(one.connection): one.reasons if wanted is None else one.health.critical for one in each}
        judged = {str(one.connection): one.health for one in each}
        if wanted is None:
            judged, own = {"The whole": found.health, **judged}, {"The whole": found.health.critical, **own}
        tables = [line for name, health in judged.items() for line in _told(name, health, own[name])]
        self.give(_result(found, each, whole=wanted is None), *tables, _system(found.system), as_json=json)
        low = [name for name, health in judged.items() if _is_low(health, minimum)]
        if low:
            raise CommandError(f"Not well: {printable(', '.join(low))}.", returncode=FAILED)


def _is_low(health: Health, minimum: int) -> bool:
    return bool(health.critical) or (health.score is not None and health.score < minimum)


def _result(found: Overview, each: list[ConnectionHealth], *, whole: bool) -> dict[str, Any]:
    lines = [
        {
            "id": one.connection.pk,
            "name": one.connection.name,
            "provider": one.connection.provider,
            **asdict(one.health),
        }
        for one in each
    ]
    return {**(asdict(found.health) if whole else {}), "system": asdict(found.system), "connections": lines}


def _told(name: str, health: Health, reasons: Sequence[str]) -> list[Any]:
    score = "no data yet" if health.score is None else f"{health.score} of 100"
    lines = [printable(f"{SIGNS[health.level]} {name}: {score}, {health.level}"), *map(printable, reasons)]
    if health.score is None:
        return [*lines, ""]
    table = Table("Part", "Points", "Of", "", "What it says", box=None, padding=(0, 2, 0, 0))
    for part in health.parts:
        if part.score is not None:
            told = (part.points_told, part.of_told, part.value, part.told)
            table.add_row(part.label, *map(printable, told))
    return [*lines, table, ""]


def _system(system: System) -> str:
    waiting = f"{counted(system.messages, 'message')} {'waits' if system.messages == 1 else 'wait'}"
    broker = f"answers, {waiting}" if system.broker else "does not answer"
    return f"Broker: {broker}. Workers: {system.well} well, {system.deaf} deaf, {system.lost} lost."
