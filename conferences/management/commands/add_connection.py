"""Stores the credentials for one provider."""

import re
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from conferences.intake import add_connection
from conferences.management.base import AnsweringCommand
from conferences.providers.base import InvalidInput
from conferences.providers.redaction import MASK
from conferences.providers.registry import all_providers
from conferences.public import redirect_address
from conferences.sync.authorization import how_to_connect

# In the words of argparse: values behind an equals sign, in quotes, and at the end of a list of strays.
TYPED = re.compile(r"(?<==)\S+|'.*'|(?<=unrecognized arguments: ).*", re.DOTALL)


class Command(AnsweringCommand):
    help = "Store the credentials for one provider, encrypted."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Usage errors repeat what was typed, and here that may be a credential in the wrong place."""
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        complain = parser.error
        parser.error = lambda message: complain(TYPED.sub(MASK, message))  # type: ignore[method-assign]
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        known = "; ".join(
            f"{config.slug}: {', '.join(credential.key for credential in config.credential_fields)}"
            for config in all_providers()
        )
        parser.add_argument("provider", metavar="PROVIDER", help=", ".join(config.slug for config in all_providers()))
        parser.add_argument("--name", required=True, help="what people call this connection")
        parser.add_argument(
            "--set",
            dest="settings_given",
            metavar="KEY=VALUE",
            action="extend",
            nargs="+",
            default=[],
            help=f"a credential ({known}). KEY=@FILE reads it from a file and KEY=- from standard input, so that a "
            "secret stays out of the shell's history and the list of processes; KEY=@@… is a value that begins with @",
        )

    def answer(self, *, provider: str, name: str, settings_given: list[str], json: bool, **_: Any) -> None:
        connection = add_connection(provider, name, _credentials(settings_given))
        self.give({"id": connection.pk}, f"Stored connection {connection.pk}: {connection.name}.", as_json=json)
        if connection.config.authorizes(connection.credentials.reveal()):
            self.err.print(how_to_connect(connection), soft_wrap=True)
            self.err.print(f"The app there has to list this redirect address: {redirect_address()}", soft_wrap=True)


def _credentials(given: list[str]) -> dict[str, str]:
    """Nothing that was typed is repeated in a complaint: it may be a secret."""
    credentials: dict[str, str] = {}
    for entry in given:
        key, equals, value = entry.partition("=")
        if not equals or not key:
            raise InvalidInput("--set needs KEY=VALUE. A value with a space in it needs quotes.", "credentials")
        if key in credentials:
            raise InvalidInput(f"--set names {key} twice.", "credentials")
        credentials[key] = _value(key, value)
    return credentials


def _value(key: str, value: str) -> str:
    if value == "-":
        return _one_line(sys.stdin.read())
    if value.startswith("@@") or not value.startswith("@"):
        return value.removeprefix("@")
    try:
        return _one_line(Path(value[1:]).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise InvalidInput(f"The file that --set {key}=@… names cannot be read as text.", key) from None


def _one_line(text: str) -> str:
    """Editors and `echo` end a file with a line break that belongs to nobody's secret."""
    return text.removesuffix("\n").removesuffix("\r")
