"""Runs that ended in all ways, so many hours ago."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from conferences.models import Conference, Connection, SyncError, SyncItem, SyncRun, SyncStep

TOOK = timedelta(seconds=20)


def ago(hours: float) -> datetime:
    return timezone.now() - timedelta(hours=hours)


def campus(name: str = "Rooms", **values: Any) -> Connection:
    pk = Connection.objects.create(
        **{"provider": "campus", "name": name, "credentials": {"script": "quick", "key": "k"}, **values}
    ).pk
    return Connection.objects.select_related("authorization").get(pk=pk)


def held(connection: Connection, hours: float, **values: Any) -> Conference:
    """A class of an hour that ended so many hours ago."""
    defaults = {"title": "Algebra", "external_id": f"class-{Conference.objects.count()}"}
    return Conference.objects.create(
        connection=connection, starts_at=ago(hours + 1), ends_at=ago(hours), **{**defaults, **values}
    )


def ran(conference: Conference, hours: float, state: str = "succeeded", **steps: str) -> SyncRun:
    """A run that was asked for and ended so many hours ago, an hour after the class at the earliest; each step's
    outcome, with its code behind a colon where it has an odd one."""
    run = SyncRun.objects.create(
        connection=conference.connection, conference=conference, state=state, requested_via="page"
    )
    active = state in SyncRun.ACTIVE
    SyncRun.objects.filter(pk=run.pk).update(
        created_at=ago(hours),
        started_at=ago(hours) - TOOK,
        finished_at=None if active else ago(hours),
        heartbeat_at=ago(hours),
    )
    item = SyncItem.objects.create(run=run, conference=conference, state="running" if active else "done")
    for operation, told in steps.items():
        outcome, _, code = told.partition(":")
        SyncStep.objects.create(
            item=item,
            operation=operation,
            outcome=outcome,
            code=code or {"no_data": "none_found"}.get(outcome, outcome),
            started_at=ago(hours),
            finished_at=ago(hours),
        )
    return run


def went_wrong(run: SyncRun, hours: float, **values: Any) -> SyncError:
    defaults = {"error_class": "server", "code": "provider_trouble", "message": "It did not answer properly."}
    at = {"first_at": ago(hours), "last_at": ago(hours)}
    return SyncError.objects.create(connection=run.connection, run=run, **{**defaults, **at, **values})


@pytest.fixture
def rooms(db: None, settings: Settings) -> Connection:
    """A connection of the campus, a third provider."""
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "conferences.tests.campus_integration"]
    return campus()
