from collections.abc import Iterator, Mapping
from dataclasses import asdict
from threading import Event
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.utils import timezone
from pytest_django import Settings

from conferences.checking import check
from conferences.models import Connection
from conferences.models.fields import Undecryptable
from conferences.providers.authorization import Granted
from conferences.providers.base import Check, Link
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
    assert connection.checks == [{**asdict(line), "missing": list(line.missing)} for line in checks]
    assert connection.checked_at is not None
    assert connection.checked_at >= before


def test_check_masks_the_secret_in_message_and_advice(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    def echo(self: CampusConfig, credentials: Mapping[str, Any], link: Link) -> Iterator[Check]:
        yield Check("chat", "failed", "canary-key is wrong.", advice="Replace canary-key, but not quick.")

    monkeypatch.setattr(CampusConfig, "check", echo)
    assert check(connection) == [Check("chat", "failed", "••• is wrong.", advice="Replace •••, but not quick.")]


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
        *((name, "failed") for name in ("recordings", "chat", "files", "polls")),
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
