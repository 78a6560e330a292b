"""Writes what is stored of a conference to standard output."""

import json
from typing import Any

from django.core.management.base import CommandParser

from conferences.export import export
from conferences.management.base import AnsweringCommand, conference_by_id
from conferences.models import Conference
from conferences.spreadsheet import attendance_csv


class Command(AnsweringCommand):
    help = "Write a conference as JSON, or its attendance as CSV, to standard output."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("conference", type=int, metavar="ID")
        parser.add_argument("--format", choices=["json", "csv"], default="json")

    def answer(self, *, conference: int, format: str, json: bool, **_: Any) -> None:  # noqa: A002
        row = conference_by_id(conference)
        self.stdout.write(attendance_csv(row) if format == "csv" and not json else _as_json(row), ending="")


def _as_json(conference: Conference) -> str:
    return json.dumps(export(conference), indent=2, ensure_ascii=False) + "\n"
