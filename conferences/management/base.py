"""How every command answers: its result on standard output, everything else on standard error, and an exit code."""

import json
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any
from uuid import uuid4

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import InterfaceError, OperationalError
from rich.console import Console, RenderableType

from conferences.management.output import console
from conferences.models import Conference, Connection
from conferences.models.fields import Undecryptable
from conferences.providers import tracing, trail
from conferences.providers.base import InvalidInput
from conferences.providers.registry import UnknownProvider
from conferences.sync.database import DatabaseUnavailable, sentence_of

FAILED, WRONG_USAGE, ALREADY_ACTIVE, INTERRUPTED = 1, 2, 3, 130
EXIT_CODES = "Exit code: 0 success or partial success, 1 failed, 2 wrong usage, 3 a run for the same target is active."


class AnsweringCommand(BaseCommand):
    """Derive a command from this and give it an `answer` that takes the options by name."""

    answer: Callable[..., None]

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(prog_name, subcommand, epilog=EXIT_CODES, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the result as JSON and nothing else")

    def handle(self, *_: Any, **options: Any) -> None:
        with trail.on(request_id=uuid4().hex), tracing.span(type(self).__module__.rpartition(".")[2], {}):
            self._answer(**options)

    def _answer(self, **options: Any) -> None:
        try:
            self.answer(**options)
        except (InvalidInput, UnknownProvider) as error:
            raise CommandError(str(error), returncode=WRONG_USAGE) from None
        except (Undecryptable, DatabaseUnavailable) as error:
            raise CommandError(str(error), returncode=FAILED) from None
        except KeyboardInterrupt:
            raise CommandError("Stopped.", returncode=INTERRUPTED) from None
        except (OperationalError, InterfaceError) as error:
            raise CommandError(sentence_of(error), returncode=FAILED) from error

    @cached_property
    def err(self) -> Console:
        return console(self.stderr)

    def give(self, result: Mapping[str, Any], *readable: RenderableType, as_json: bool) -> None:
        """The result, for a program or for a person."""
        if as_json:
            self.stdout.write(json.dumps(result))
            return
        out = console(self.stdout)
        for part in readable:
            out.print(part, soft_wrap=isinstance(part, str))


def conference_by_id(pk: int) -> Conference:
    conference = Conference.objects.select_related("connection").filter(pk=pk).first()
    if conference is None:
        raise InvalidInput(f"There is no conference {pk}.", "conference")
    return conference


def connection_by_id(pk: int) -> Connection:
    connection = Connection.objects.filter(pk=pk).first()
    if connection is None:
        raise InvalidInput(f"There is no connection {pk}.", "connection")
    return connection
