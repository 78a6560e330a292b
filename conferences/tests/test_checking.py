from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.utils import timezone
from pytest_django import Settings

from conferences.checking import check, conclusion, in_a_sentence
from conferences.models import Conference, Connection, SyncItem, SyncRun, SyncStep
from conferences.models.fields import Undecryptable
from conferences.providers.authorization import Granted
from conferences.providers.base import Check, Link
from conferences.providers.errors import Cancelled
from conferences.providers.registry import UnknownProvider
from conferences.sync.authorization import keep
from conferences.tests.campus_integration.apps import CampusConfig
from conferences.tests.gated import gated_connection, keeper, plug_in


@pytest.fixture
def connection(db: None, settings: Settings) -> Connection:
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "conferences.tests.campus_integration"]
    credentials = {"script": "quick", "key": "canary-key"}
    return Connection.objects.get(
        pk=Connection.objects.create(provider="campus", name="Campus", credentials=credentials).pk
    )


def test_check_is_given_the_credentials_and_stores_the_answer(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[Mapping[str, str]] = []

    def permitted(self: CampusConfig, credentials: Mapping[str, str], link: Link) -> Iterator[Check]:
        given.append(credentials)
        yield Check("chat", "permitted", "Chat may be read.")

    monkeypatch.setattr(CampusConfig, "check", permitted)
    before = timezone.now()
    checks = check(connection)
    connection.refresh_from_db()
    assert given == [{"script": "quick", "key": "canary-key"}]
    assert checks == [Check("chat", "permitted", "Chat may be read.", needs=("walls",))]
    assert connection.checks == [
        {
            "operation": "chat",
            "state": "permitted",
            "message": "Chat may be read.",
            "missing": [],
            "advice": "",
            "steps": [],
            "needs": ["walls"],
            "granted": None,
            "probe": "",
            "code": "",
        }
    ]
    assert connection.checked_at is not None
    assert connection.checked_at >= before


def test_check_masks_the_secret_wherever_it_turns_up(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    def echo(self: CampusConfig, credentials: Mapping[str, Any], link: Link) -> Iterator[Check]:
        advice, probe = "Replace canary-key, but not quick.", "Asked with canary-key."
        yield Check("chat", "failed", "canary-key is wrong.", advice=advice, probe=probe)

    monkeypatch.setattr(CampusConfig, "check", echo)
    (line,) = check(connection)
    assert (line.message, line.advice, line.probe) == (
        "••• is wrong.",
        "Replace •••, but not quick.",
        "Asked with •••.",
    )


def test_check_keeps_the_earlier_answer_when_it_cannot_ask(connection: Connection, settings: Settings) -> None:
    check(connection)
    before = Connection.objects.values("checks", "checked_at").get()
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(Undecryptable):
        check(Connection.objects.get())
    assert Connection.objects.values("checks", "checked_at").get() == before


def test_check_of_a_removed_provider(connection: Connection) -> None:
    connection.provider = "gone"
    with pytest.raises(UnknownProvider):
        check(connection)


def test_check_within_a_time_keeps_what_was_answered(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    stopped = Event()

    def slow(self: CampusConfig, credentials: Mapping[str, Any], link: Link) -> Iterator[Check]:
        yield Check("attendance", "permitted", "Attendance may be read.")
        if link.stop.wait(60):
            stopped.set()

    monkeypatch.setattr(CampusConfig, "check", slow)
    checks = check(connection, within_seconds=0.2)
    assert [(line.operation, line.state) for line in checks] == [
        ("attendance", "permitted"),
        *((name, "unknown") for name in ("recordings", "chat", "files", "polls")),
    ]
    assert stopped.wait(10)
    connection.refresh_from_db()
    assert len(connection.checks) == 5


def test_check_within_a_time_that_suffices(connection: Connection) -> None:
    assert {line.state for line in check(connection, within_seconds=30)} == {"permitted"}


@pytest.mark.django_db(transaction=True)
def test_check_of_what_a_person_allowed(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    gate, gated = plug_in(settings, monkeypatch), gated_connection()
    keep(gated, Granted({"scopes": ["doors"], "access_token": "canary-token-1"}), keeper())
    assert [(line.operation, line.state) for line in check(gated, within_seconds=30)][:2] == [
        ("attendance", "permitted"),
        ("recordings", "blocked"),
    ]
    assert gate.renewals == 0


def test_check_says_why_it_was_made(connection: Connection) -> None:
    before = timezone.now()
    check(connection, cause="asked for by ada")
    connection.refresh_from_db()
    assert connection.check_cause == "asked for by ada"
    assert connection.check_began_at is not None
    assert connection.checked_at is not None
    assert before <= connection.check_began_at <= connection.checked_at


def test_check_that_is_not_wanted_any_more_stores_nothing(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("conferences.patience.WATCH_EVERY_SECONDS", 0.01)
    monkeypatch.setattr(CampusConfig, "check", lambda self, credentials, link: [link.stop.wait(60)])
    with pytest.raises(Cancelled):
        check(connection, 30, watch=lambda: True)
    connection.refresh_from_db()
    assert (connection.checks, connection.checked_at) == ([], None)


def conference(connection: Connection, name: str, day: int, *, year: int = 2026, **values: Any) -> Conference:
    starts_at = datetime(year, 3, day, 9, tzinfo=UTC)
    given = {"external_id": name, "join_url": f"https://campus.example.org/{name}", **values}
    return Conference.objects.create(
        connection=connection, title=name, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1), **given
    )


@pytest.fixture
def tried(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """On which conferences the checks were to try things out."""
    examples: list[str] = []

    def note(self: CampusConfig, credentials: Mapping[str, Any], link: Link) -> Iterator[Check]:
        examples.append(link.example.external_id if link.example else "")
        return iter(())

    monkeypatch.setattr(CampusConfig, "check", note)
    return examples


def test_things_are_tried_out_on_the_newest_conference_that_has_begun(connection: Connection, tried: list[str]) -> None:
    check(connection)
    conference(connection, "older", 1)
    conference(connection, "newer", 2)
    conference(connection, "unknown", 3, join_url="")
    conference(connection, "planned", 1, year=9999)
    check(connection)
    assert tried == ["", "newer"]


def test_things_are_tried_out_where_something_was_refused_last(connection: Connection, tried: list[str]) -> None:
    """So that the next check shows whether the remedy has worked."""
    refused, _ = conference(connection, "refused", 1), conference(connection, "newer", 2)
    run = SyncRun.objects.create(connection=connection, conference=refused, state="partial")
    item = SyncItem.objects.create(run=run, conference=refused, state="done")
    SyncStep.objects.create(item=item, operation="chat", outcome="blocked")
    check(connection)
    assert tried == ["refused"]


LACKING = Check("files", "blocked", "Files may not be read.", ("shelves", "walls"))
CLOSED = Check("chat", "unknown", "This could not be checked. The campus is closed.")


@pytest.mark.parametrize(
    ("checks", "sentence"),
    [
        ([Check("chat", "permitted", "Chat may be read.")], "everything is permitted."),
        ([LACKING], "files lacks shelves, walls."),
        ([LACKING, replace(LACKING, operation="polls")], "files, polls lack shelves, walls."),
        ([LACKING, CLOSED], "files lacks shelves, walls; chat: This could not be checked. The campus is closed."),
        ([CLOSED, replace(CLOSED, operation="files")], "This could not be checked. The campus is closed."),
    ],
)
def test_what_was_found_in_a_sentence(checks: list[Check], sentence: str) -> None:
    assert in_a_sentence(checks) == sentence


@pytest.mark.parametrize(
    ("states", "sentence"),
    [
        ("permitted permitted permitted", "Everything is permitted."),
        ("", "Everything is permitted."),
        ("unknown unknown unknown", "Nothing could be checked."),
        ("blocked blocked blocked", "Nothing is permitted."),
        ("failed", "The check failed for every operation."),
        ("permitted unknown unknown", "Could not be checked: chat and files."),
        (
            "unknown failed blocked",
            "Not permitted: files. The check failed for chat. Could not be checked: attendance.",
        ),
    ],
)
def test_what_the_lines_come_to(states: str, sentence: str) -> None:
    assert conclusion(zip(("attendance", "chat", "files"), states.split(), strict=False)) == sentence
