"""A campus class, and runs of it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_django import Settings

from conferences.models import Conference, Connection, SyncRun, SyncStep
from conferences.providers.base import Link, Target
from conferences.providers.records import Record
from conferences.sync import runs, worker
from conferences.tests.campus_integration.scripts import SCRIPTS, Script

STARTS_AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def campus(settings: Settings) -> None:
    """The third provider, plugged in by one settings line."""
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "conferences.tests.campus_integration"]


@pytest.fixture
def conference(db: None, campus: None) -> Conference:
    connection = Connection.objects.create(
        provider="campus", name="Campus", credentials={"script": "quick", "key": "canary-key"}
    )
    return Conference.objects.create(
        connection=connection,
        title="Algebra 1",
        external_id="room-1@2026-03-02T09:00Z",
        series_id="room-1",
        starts_at=STARTS_AT,
        ends_at=STARTS_AT + timedelta(minutes=90),
    )


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch, conference: Conference) -> Callable[..., SyncRun]:
    """Syncs the conference with each named operation answering as scripted; the others find nothing."""

    def run(*, only: tuple[str, ...] = (), **answers: Callable[[Target, Link], Any]) -> SyncRun:
        def script(operation: str, target: Target, link: Link) -> Iterator[Record]:
            yield from answers.get(operation, lambda target, link: ())(target, link)

        perform(monkeypatch, script)
        wanted = only or tuple(answers)
        requested = runs.request(conference, via="command", operations=wanted, ring=False)
        worker.work(requested.pk)
        requested.refresh_from_db()
        return requested

    return run


def perform(monkeypatch: pytest.MonkeyPatch, script: Script) -> None:
    monkeypatch.setitem(SCRIPTS, "quick", script)


def step_of(run: SyncRun, operation: str) -> SyncStep:
    return SyncStep.objects.get(item__run=run, operation=operation)
