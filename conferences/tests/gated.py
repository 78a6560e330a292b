"""A campus connection that a person has to allow, and a gate of the test's own."""

import pytest
from django.contrib.auth.models import User
from pytest_django import Settings

from conferences.models import Connection
from conferences.tests.campus_integration import gate
from conferences.tests.campus_integration.gate import Gate


def plug_in(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Gate:
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "conferences.tests.campus_integration"]
    own = Gate()
    monkeypatch.setattr(gate, "GATE", own)
    return own


def gated_connection(name: str = "Gated") -> Connection:
    credentials = {"script": gate.SCRIPT, "key": "canary-key"}
    return Connection.objects.get(
        pk=Connection.objects.create(provider="campus", name=name, credentials=credentials).pk
    )


def keeper(username: str = "ada") -> User:
    return User.objects.create(username=username, is_staff=True, is_superuser=True)
