from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.utils import timezone
from pytest_django import Settings

from conferences.checking import check
from conferences.models import Connection
from conferences.models.fields import Undecryptable
from conferences.providers.base import Check, Link
from conferences.providers.registry import UnknownProvider
from conferences.tests.campus_integration.apps import CampusConfig


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
