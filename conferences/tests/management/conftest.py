"""Commands as a shell runs them, but in this process: standard output, standard error and exit code apart."""

import json
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import load_command_class
from django.core.management.base import CommandError
from pytest_django import Settings

from conferences.models import Conference, Connection
from conferences.providers.base import Link, Target
from conferences.providers.records import Record
from conferences.tests.campus_integration.scripts import SCRIPTS


@dataclass(frozen=True)
class Ran:
    exit_code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Fails unless standard output is one JSON document and nothing else."""
        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture
def run() -> Run:
    def call(name: str, *argv: object) -> Ran:
        out, err = StringIO(), StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = _exit_code(name, [str(argument) for argument in argv], err)
        return Ran(code, out.getvalue(), err.getvalue())

    return call


def _exit_code(name: str, argv: list[str], err: StringIO) -> int:
    command = load_command_class("conferences", name)
    command._called_from_command_line = True
    try:
        options = vars(command.create_parser("manage.py", name).parse_args([*argv, "--skip-checks"]))
        command.execute(*options.pop("args", ()), **options)
    except CommandError as error:
        err.write(f"CommandError: {error}\n")
        return error.returncode
    except SystemExit as end:
        return int(end.code or 0)
    return 0


@pytest.fixture(autouse=True)
def campus(settings: Settings) -> None:
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "conferences.tests.campus_integration"]


@pytest.fixture
def connection(db: None) -> Connection:
    pk = Connection.objects.create(
        provider="campus", name="Main campus", credentials={"script": "quick", "key": "canary-key"}
    ).pk
    return Connection.objects.get(pk=pk)


@pytest.fixture
def conference(connection: Connection) -> Conference:
    starts_at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    return Conference.objects.create(
        connection=connection,
        title="Algebra 1",
        external_id="room-1@2026-03-02T09:00Z",
        series_id="room-1",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=90),
    )


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Sets what the campus answers, one callable an operation; the others find nothing."""

    def perform(**answers: Callable[[Target, Link], Iterator[Record]]) -> None:
        def play(operation: str, target: Target, link: Link) -> Iterator[Record]:
            yield from answers.get(operation, lambda target, link: ())(target, link)

        monkeypatch.setitem(SCRIPTS, "quick", play)

    return perform
