"""Syncs everything that a connection has."""

from argparse import ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import CommandParser

from conferences.management.base import AnsweringCommand, connection_by_id
from conferences.providers.base import InvalidInput

MODES = ("full", "delta", "range")


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise ArgumentTypeError(f"“{typed}” is not a day. Write it like 2025-11-26.") from None


class Command(AnsweringCommand):
    help = "Sync every conference that a provider lists for a connection, where the provider can list them."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("connection", type=int, metavar="ID")
        parser.add_argument("--mode", choices=MODES, default="full")
        parser.add_argument("--from", dest="first", type=_day, metavar="DATE", help="first day of --mode range")
        parser.add_argument("--to", dest="last", type=_day, metavar="DATE", help="last day of --mode range")
        parser.add_argument("--background", action="store_true", help="leave the work to the workers")

    def answer(self, *, connection: int, mode: str, first: date | None, last: date | None, **_: Any) -> None:
        label = connection_by_id(connection).config.verbose_name
        if (first or last) and mode != "range":
            raise InvalidInput("--from and --to belong to --mode range.", "mode")
        if first and last and last < first:
            raise InvalidInput("--to is before --from.", "to")
        raise InvalidInput(
            f"{label} does not list its conferences, so a sync of the whole connection does not apply to it yet. "
            "Sync its conferences one by one: manage.py sync_conference ID.",
            "connection",
        )
