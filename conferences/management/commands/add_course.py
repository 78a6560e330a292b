"""Stores a course and who belongs to it."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from conferences.intake import add_course
from conferences.management.base import AnsweringCommand
from conferences.management.output import printable
from conferences.providers.base import InvalidInput
from conferences.wording import counted


class Command(AnsweringCommand):
    help = "Store a course, and its people as users and enrolments."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--code", required=True)
        parser.add_argument("--title", default="", help="needed for a new course")
        parser.add_argument(
            "--roster",
            metavar="FILE.csv",
            help="columns name, email and role (instructor or learner), in UTF-8. Nobody is ever removed by it",
        )
        parser.add_argument(
            "--update", action="store_true", help="change an existing course, and add or change the roster's lines"
        )

    def answer(self, *, code: str, title: str, roster: str | None, update: bool, json: bool, **_: Any) -> None:
        course = add_course(code, title, _content(roster) if roster is not None else None, update=update)
        told = counted(course.enrolments.count(), "person", "people")
        readable = printable(f"Stored course {course.pk}: {course.code} {course.title}, {told}.")
        self.give({"id": course.pk}, readable, as_json=json)


def _content(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except (OSError, ValueError):
        raise InvalidInput(f"The roster “{path}” cannot be read.", "roster") from None
