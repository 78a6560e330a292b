"""What happened in the last days, for people, programs, spreadsheets and mail."""

from io import StringIO
from json import dumps
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from rich.console import Console

from conferences.management.base import AnsweringCommand, connection_by_id
from conferences.management.output import WIDTH_WITHOUT_TERMINAL
from conferences.operations.report import Report, period, report
from conferences.operations.report.page import as_html
from conferences.operations.report.plain import as_csv, as_json
from conferences.operations.report.text import as_text
from conferences.providers.base import InvalidInput

FORMATS = ("text", "json", "csv", "html")


class Command(AnsweringCommand):
    help = (
        "Report on the syncs that were asked for in a time: how they ended and how long they took, what was stored, "
        "what providers were asked, what went wrong, and which conferences took longest."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        when = "a day, a time, or how long ago: 24h, 7d, 4w"
        parser.add_argument("--since", default="", metavar="WHEN", help=f"{when} (default 7d)")
        parser.add_argument("--until", default="", metavar="WHEN", help=f"{when} (default now)")
        parser.add_argument(
            "--connection", type=int, action="append", default=[], metavar="ID", help="only this one; repeatable"
        )
        parser.add_argument("--format", dest="form", choices=FORMATS, default="text")
        parser.add_argument("--output", default="", metavar="FILE", help="write it there instead of standard output")

    def answer(
        self, *, since: str, until: str, connection: list[int], form: str, output: str, json: bool, **_: Any
    ) -> None:
        wanted = [connection_by_id(pk).pk for pk in connection]
        found = report(period(since, until, wanted))
        form = "json" if json else form
        text = _rendered(found, form)
        if not output:
            self.stdout.write(text, ending="")
            return
        try:
            Path(output).write_text(text, encoding="utf-8", newline="")
        except OSError as error:
            raise InvalidInput(f"{output} cannot be written: {error.strerror}.", "output") from None


def _rendered(found: Report, form: str) -> str:
    match form:
        case "json":
            return dumps(as_json(found)) + "\n"
        case "csv":
            return as_csv(found)
        case "html":
            return as_html(found)
        case _:
            return _as_lines(found)


def _as_lines(found: Report) -> str:
    wide = Console(file=StringIO(), width=WIDTH_WITHOUT_TERMINAL, markup=False, highlight=False, emoji=False)
    with wide.capture() as captured:
        for part in as_text(found):
            wide.print(part, soft_wrap=isinstance(part, str))
    return captured.get()
