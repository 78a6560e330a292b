"""Syncs one conference."""

from argparse import ArgumentTypeError
from typing import Any

from django.core.management.base import CommandParser

from conferences.management.base import conference_by_id
from conferences.management.syncing import SyncCommand
from conferences.models import SyncRun
from conferences.sync import runs


def _names(typed: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in typed.split(",") if name.strip())
    if not names:
        raise ArgumentTypeError("name at least one operation")
    return names


class Command(SyncCommand):
    help = "Fetch what the provider knows about one conference: attendance, recordings, chat, files."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("conference", type=int, metavar="ID")
        parser.add_argument(
            "--only",
            type=_names,
            default=(),
            metavar="OPERATIONS",
            help="some operations, separated by commas: attendance,chat",
        )

    def answer(self, *, conference: int, only: tuple[str, ...], background: bool, json: bool, **_: Any) -> None:
        row = conference_by_id(conference)

        def request(ring: bool) -> SyncRun:
            return runs.request(row, via=SyncRun.Via.COMMAND, operations=only, ring=ring)

        def meant(run: SyncRun) -> bool:
            everything = [operation.name for operation in row.connection.config.operations]
            return set(run.operations) == set(only or everything)

        self.sync(request, background=background, json=json, meant=meant)
