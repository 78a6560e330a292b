"""An administrator at the admin's pages."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from conferences.models import Conference, Connection
from lms_project import celery_app


@pytest.fixture(autouse=True)
def campus(settings: Settings) -> None:
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "conferences.tests.campus_integration"]


@pytest.fixture
def administrator(db: None) -> User:
    return User.objects.create_superuser("admin", "admin@example.org", "pw")


@pytest.fixture
def client(administrator: User) -> Client:
    client = Client()
    client.force_login(administrator)
    return client


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
        join_url="https://campus.example.org/room-1",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=90),
    )


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The runs for which workers were rung; nobody hears it."""
    runs: list[int] = []
    monkeypatch.setattr(celery_app, "send_task", lambda name, args: runs.extend(args))
    return runs
