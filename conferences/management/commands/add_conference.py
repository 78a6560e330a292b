"""Stores one occurrence of an online class."""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from conferences.intake import add_conference
from conferences.management.base import AnsweringCommand
from conferences.management.output import printable


class Command(AnsweringCommand):
    help = "Store one occurrence of an online class."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        zone = f"ISO time; without an offset it is read in --time-zone, else in {settings.TIME_ZONE}"
        parser.add_argument("--connection", type=int, required=True, metavar="ID", help="through which to sync it")
        parser.add_argument("--title", required=True)
        parser.add_argument("--starts", required=True, metavar="ISO", help=zone)
        parser.add_argument("--ends", required=True, metavar="ISO", help=zone)
        parser.add_argument("--join-url", default="", metavar="URL", help="the address under which people join")
        parser.add_argument("--external-id", default="", metavar="ID", help="the provider's own ID of the meeting")
        parser.add_argument(
            "--organizer", default="", metavar="ID_OR_EMAIL", help="without it, it is read from the join address"
        )
        parser.add_argument("--course", metavar="CODE")
        parser.add_argument("--time-zone", default="", metavar="ZONE", help="in which its times are shown")

    def answer(self, *, json: bool, **options: Any) -> None:
        conference = add_conference(
            options["connection"],
            options["title"],
            options["starts"],
            options["ends"],
            join_url=options["join_url"],
            external_id=options["external_id"],
            organizer=options["organizer"],
            course=options["course"],
            time_zone=options["time_zone"],
        )
        when = f"{conference.starts_at:%Y-%m-%d %H:%M} – {conference.ends_at:%H:%M} UTC"
        readable = printable(f"Stored conference {conference.pk}: {conference.title}, {when}.")
        self.give({"id": conference.pk}, readable, as_json=json)
