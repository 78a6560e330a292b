"""Syncs everything that a connection has."""

from argparse import ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import CommandParser

from conferences.intake.days import range_of
from conferences.management.base import connection_by_id
from conferences.management.syncing import SyncCommand
from conferences.models import SyncRun
from conferences.providers.base import InvalidInput, Span
from conferences.sync import account, pausing

MODES = ("full", "delta", "range")


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise ArgumentTypeError(f"“{typed}” is not a day. Write it like 2025-11-26.") from None


class Command(SyncCommand):
    help = (
        "Sync every conference that a provider lists for a connection, where the provider can list them. A run that is "
        "paused at a daily limit ends the command with exit code 1, and the next call goes on where it stopped; "
        "--afresh starts a new one instead."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("connection", type=int, metavar="ID")
        parser.add_argument("--mode", choices=MODES, default="full")
        parser.add_argument("--from", dest="first", type=_day, metavar="DATE", help="first day of --mode range")
        parser.add_argument("--to", dest="last", type=_day, metavar="DATE", help="last day of --mode range")
        again = parser.add_mutually_exclusive_group()
        again.add_argument("--resume", action="store_true", help="go on with the newest run, failed conferences too")
        again.add_argument("--afresh", action="store_true", help="start a new run even where one is paused")

    def answer(
        self,
        *,
        connection: int,
        mode: str,
        first: date | None,
        last: date | None,
        resume: bool,
        afresh: bool,
        background: bool,
        json: bool,
        **_: Any,
    ) -> None:
        row = connection_by_id(connection)
        span = _span(mode, first, last)
        older = account.newest(row)

        def meant(run: SyncRun) -> bool:
            return run.mode == mode and span in {None, Span(run.span_starts_at, run.span_ends_at)}

        paused = older is not None and older.state == SyncRun.State.PAUSED and meant(older) and not afresh

        def request(ring: bool) -> SyncRun:
            if older is not None and (resume or paused):
                return _resumed(older, ring=ring)
            return account.request(row, via=SyncRun.Via.COMMAND, mode=mode, span=span, ring=ring)

        if resume and older is None:
            raise InvalidInput(f"{row.name} has no run to go on with.", "resume")
        self.sync(request, background=background, json=json, meant=lambda run: resume or meant(run))


def _resumed(run: SyncRun, *, ring: bool) -> SyncRun:
    pausing.resume(run, ring=ring)
    return run


def _span(mode: str, first: date | None, last: date | None) -> Span | None:
    if mode != "range":
        if first or last:
            raise InvalidInput("--from and --to belong to --mode range.", "mode")
        return None
    if first is None:
        raise InvalidInput("--mode range needs --from DATE.", "from")
    if last and last < first:
        raise InvalidInput("--to is before --from.", "to")
    return range_of(first, last)
