"""May this server be sent people?"""

import socket
import time
from collections.abc import Iterator

import pytest
from django.db import connections
from pytest_django import Settings

from conferences.models import WorkerPulse
from conferences.operations.readiness import Answer, readiness
from conferences.tests.operations.test_workers import pulse
from lms_project.local.ports import free_port

pytestmark = pytest.mark.django_db(transaction=True)

ANSWERS, SILENT = Answer(True, "answers"), Answer(False, "does not answer")


@pytest.fixture
def silence() -> Iterator[int]:
    """A port where everybody gets through and nobody is answered."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        yield silent.getsockname()[1]


def test_ready_when_all_three_answer() -> None:
    pulse("one", 1, 1)
    found = readiness()
    assert (found.ready, found.database, found.broker, found.worker) == (True, ANSWERS, ANSWERS, ANSWERS)


def test_one_worker_that_answers_is_enough() -> None:
    pulse("deaf", 1, 600)
    pulse("lost", 600, 600)
    pulse("well", 1, 1)
    assert readiness().ready


@pytest.mark.parametrize(
    ("beat", "told"), [(1, "lives but takes no work: restart it"), (600, "is not running"), (None, "is not running")]
)
def test_without_a_worker_that_answers_it_is_not_ready(beat: float | None, told: str) -> None:
    if beat is not None:
        pulse("one", beat, 600)
    found = readiness()
    assert (found.ready, found.database.well, found.broker.well, found.worker.told) == (False, True, True, told)


@pytest.mark.parametrize("silent", [True, False])
def test_broker_away(silent: bool, silence: int, settings: Settings) -> None:
    pulse("one", 1, 1)
    settings.REDIS_URL = f"redis://127.0.0.1:{silence if silent else free_port()}/0"
    found = readiness()
    assert (found.ready, found.database, found.broker, found.worker) == (False, ANSWERS, SILENT, ANSWERS)


@pytest.mark.parametrize("silent", [True, False])
def test_database_away(silent: bool, silence: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """It never hangs, and the broker is told of all the same."""
    pulse("one", 1, 1)
    database = connections["default"].settings_dict
    monkeypatch.setitem(database, "HOST", "127.0.0.1")
    monkeypatch.setitem(database, "PORT", silence if silent else free_port())
    began = time.monotonic()
    found = readiness()
    assert time.monotonic() - began < 10
    assert (found.ready, found.database, found.broker) == (False, SILENT, ANSWERS)
    assert found.worker.told == "is not known while the database does not answer"


def test_database_that_answers_again_is_found(silence: int, monkeypatch: pytest.MonkeyPatch) -> None:
    pulse("one", 1, 1)
    with monkeypatch.context() as away:
        away.setitem(connections["default"].settings_dict, "PORT", free_port())
        assert not readiness().database.well
    assert readiness().ready
    assert WorkerPulse.objects.count() == 1
