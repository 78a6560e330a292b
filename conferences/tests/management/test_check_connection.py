from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pytest
from cryptography.fernet import Fernet
from pytest_django import Settings

from conferences.models import Connection
from conferences.providers.base import Check, Link
from conferences.tests.campus_integration.apps import CampusConfig
from conferences.tests.management.conftest import Run

REFUSED = Check(
    "chat",
    "blocked",
    "Chat may not be read.",
    ("walls",),
    "Grant “walls”:\n    Grant-CampusWall -All\nThen check again.",
    needs=("walls", "doors"),
    granted=("doors",),
    probe="Asked for a wall: refused with 403.",
    code="missing_permission",
)
TOLD = {
    "state": "blocked",
    "message": "Chat may not be read.",
    "missing": ["walls"],
    "advice": "Grant “walls”:\n    Grant-CampusWall -All\nThen check again.",
    "steps": ["Grant “walls”:", "Grant-CampusWall -All", "Then check again."],
    "needs": ["walls", "doors"],
    "granted": ["doors"],
    "probe": "Asked for a wall: refused with 403.",
    "code": "missing_permission",
}


@pytest.fixture
def refusing(monkeypatch: pytest.MonkeyPatch) -> None:
    def check(self: CampusConfig, credentials: Mapping[str, Any], link: Link) -> Iterator[Check]:
        yield Check("attendance", "permitted", "Attendance may be read.")
        yield REFUSED

    monkeypatch.setattr(CampusConfig, "check", check)


def test_everything_permitted(run: Run, connection: Connection) -> None:
    ran = run("check_connection", connection.pk, "--json")
    assert (ran.exit_code, ran.json["connection"]) == (0, connection.pk)
    assert list(ran.json["operations"]) == ["attendance", "recordings", "chat", "files", "polls"]
    assert ran.json["operations"]["polls"] == {
        "state": "permitted",
        "message": "Polls may be read.",
        "missing": [],
        "advice": "",
        "steps": [],
        "needs": ["hands"],
        "granted": None,
        "probe": "",
        "code": "",
    }


def test_something_missing_is_named(run: Run, connection: Connection, refusing: None) -> None:
    ran = run("check_connection", connection.pk, "--json")
    assert (ran.exit_code, ran.json["operations"]["chat"]) == (1, TOLD)
    assert ran.err.splitlines()[-1] == "CommandError: Not permitted: chat."


@pytest.mark.parametrize(
    ("states", "exit_code", "closing"),
    [
        (("unknown", "unknown"), 4, "Nothing could be checked."),
        (("permitted", "unknown"), 4, "Could not be checked: files."),
        (("blocked", "unknown"), 1, "Not permitted: chat. Could not be checked: files."),
        (("failed", "failed"), 1, "The check failed for every operation."),
    ],
)
def test_closing_sentence_and_exit_code_follow_the_lines(
    states: tuple[str, str],
    exit_code: int,
    closing: str,
    run: Run,
    connection: Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A provider that was away has refused nothing."""
    checks = [Check(name, state, "…") for name, state in zip(("chat", "files"), states, strict=True)]
    monkeypatch.setattr(CampusConfig, "check", lambda *_: checks)
    ran = run("check_connection", connection.pk, "--json")
    assert (ran.exit_code, ran.err.splitlines()[-1]) == (exit_code, f"CommandError: {closing}")


def test_line_per_operation_for_people(run: Run, connection: Connection, refusing: None) -> None:
    lines = [line.rstrip() for line in run("check_connection", connection.pk).out.splitlines()]
    assert lines == [
        "Operation                What it says",
        "attendance  ✓ permitted  Attendance may be read.",
        "                         Needs: doors",
        "chat        ▲ blocked    Chat may not be read.",
        "                         Asked for a wall: refused with 403.",
        "                         Needs: walls, doors",
        "                         Has: doors",
        "                         Missing: walls",
        "                         Grant “walls”:",
        "                             Grant-CampusWall -All",
        "                         Then check again.",
    ]


def test_one_cause_is_told_once_to_people_and_per_operation_to_programs(
    run: Run, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Promise: the same sentence with the same steps is said once."""

    def check(self: CampusConfig, credentials: Mapping[str, Any], link: Link) -> Iterator[Check]:
        for name in ("attendance", "chat"):
            yield Check(name, "failed", "The key has expired.", advice="Make a new one.\nEnter it.", probe="Refused.")
        yield Check("files", "failed", "The key has expired.", advice="Make a new one.\nEnter it.", needs=("walls",))

    monkeypatch.setattr(CampusConfig, "check", check)
    assert [line.rstrip() for line in run("check_connection", connection.pk).out.splitlines()] == [
        "Operation             What it says",
        "attendance  ✗ failed  The key has expired.",
        "chat                  Tried for attendance and chat: Refused.",
        "files                 Needs for attendance: doors",
        "                      Needs for chat and files: walls",
        "                      Make a new one.",
        "                      Enter it.",
    ]
    told = run("check_connection", connection.pk, "--json").json["operations"]
    assert [(name, line["steps"]) for name, line in told.items()] == [
        (name, ["Make a new one.", "Enter it."]) for name in ("attendance", "chat", "files")
    ]


def test_answer_is_stored(run: Run, connection: Connection, refusing: None) -> None:
    run("check_connection", connection.pk)
    connection.refresh_from_db()
    assert connection.checked_at is not None
    assert connection.check_cause == "asked for on the command line"
    assert connection.checks[1] == {"operation": "chat", **TOLD}


def test_secret_that_the_provider_echoes_is_masked(
    run: Run, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No secret ever appears in output or rows."""

    def echo(self: CampusConfig, credentials: Mapping[str, Any], link: Link) -> Iterable[Check]:
        key = credentials["key"]
        return [Check("chat", "failed", f"{key} is wrong.", advice=f"Replace {key}.")]

    monkeypatch.setattr(CampusConfig, "check", echo)
    ran = run("check_connection", connection.pk, "--json")
    assert ran.json["operations"]["chat"]["message"] == "••• is wrong."
    assert "canary-key" not in ran.out + ran.err + str(Connection.objects.values_list("checks", flat=True)[0])


def test_lost_key_is_a_sentence(run: Run, connection: Connection, settings: Settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    ran = run("check_connection", connection.pk, "--json")
    assert (ran.exit_code, ran.out) == (1, "")
    assert ran.err.splitlines()[-1] == (
        "CommandError: The stored credentials cannot be decrypted. Check that FIELD_ENCRYPTION_KEYS still lists the "
        "key they were saved with, or enter the credentials again."
    )


@pytest.mark.django_db
def test_unknown_connection(run: Run) -> None:
    ran = run("check_connection", 4711)
    assert (ran.exit_code, ran.out, ran.err) == (2, "", "CommandError: There is no connection 4711.\n")


def test_connection_of_a_removed_provider(run: Run, connection: Connection) -> None:
    Connection.objects.update(provider="gone")
    ran = run("check_connection", connection.pk)
    assert (ran.exit_code, ran.err) == (
        2,
        "CommandError: There is no provider “gone”. Installed are: campus, teams, zoom.\n",
    )


def test_connection_that_nobody_has_connected_yet(run: Run, connection: Connection) -> None:
    Connection.objects.update(credentials={"script": "gated", "key": "canary-key"})
    ran = run("check_connection", connection.pk, "--json")
    assert ran.exit_code == 1
    assert set(ran.json["operations"]) == {"attendance", "recordings", "chat", "files", "polls"}
    told = ran.json["operations"]["chat"]
    assert (told["state"], told["code"], told["message"], told["steps"]) == (
        "failed",
        "reconnect_needed",
        "Nobody has connected this account with Campus yet.",
        [f"Somebody who may allow it at Campus opens {connection.get_absolute_url()} and clicks “Connect Campus”."],
    )
