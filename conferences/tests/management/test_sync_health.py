"""For people and for monitors."""

from typing import Any

import pytest
import redis
from django.db import OperationalError
from pytest_django import Settings

from conferences.management.commands import sync_health
from conferences.models import Connection, WorkerPulse
from conferences.operations import gathering
from conferences.operations.broker import Broker
from conferences.tests.management.conftest import Run
from conferences.tests.operations.conftest import campus as another
from conferences.tests.operations.conftest import held, ran, went_wrong
from conferences.tests.operations.test_workers import pulse
from conferences.tests.sync.processes.conftest import broker
from lms_project.local.ports import free_port

__all__ = ["broker"]  # a fixture


@pytest.fixture
def worker(db: None, broker: redis.Redis) -> None:
    pulse("one", 1, 1)


@pytest.fixture
def good(connection: Connection, worker: None) -> Connection:
    ran(held(connection, 5), 3, attendance="synced", chat="no_data")
    return connection


def test_healthy_is_exit_0(run: Run, good: Connection) -> None:
    ran_ = run("sync_health", "--json")
    assert ran_.exit_code == 0
    assert (ran_.json["score"], ran_.json["level"], ran_.json["critical"]) == (100, "healthy", [])
    assert ran_.json["system"] == {
        "broker": True,
        "messages": 0,
        "well": 1,
        "deaf": 0,
        "lost": 0,
        "room": True,
        "open": True,
        "mute": False,
    }
    (line,) = ran_.json["connections"]
    assert (line["id"], line["name"], line["provider"], line["score"]) == (good.pk, good.name, "campus", 100)
    assert sum(part["points"] for part in line["parts"]) == pytest.approx(100)


def test_no_data_is_no_failure(run: Run, connection: Connection, worker: None) -> None:
    ran_ = run("sync_health", "--json")
    assert (ran_.exit_code, ran_.json["score"], ran_.json["connections"][0]["score"]) == (0, None, None)
    assert "Main campus: no data yet, unknown" in run("sync_health").out


@pytest.mark.parametrize(("minimum", "code"), [("100", 1), ("90", 0)])
def test_below_the_minimum_is_exit_1(minimum: str, code: int, run: Run, good: Connection) -> None:
    ran(held(good, 5), 3, "partial", attendance="synced", chat="blocked")
    ran_ = run("sync_health", "--minimum", minimum)
    assert (ran_.exit_code, "CommandError: Not well: The whole, Main campus." in ran_.err) == (code, bool(code))


def test_one_connection_that_is_refused_is_exit_1_however_good_the_others(run: Run, good: Connection) -> None:
    shut = another("Shut")
    went_wrong(
        ran(held(shut, 5), 3, "failed", attendance="failed"),
        3,
        error_class="authentication",
        code="secret_expired",
        message="The secret has expired.",
        ended_step=True,
    )
    ran_ = run("sync_health", "--minimum", "0")
    assert (ran_.exit_code, "Not well: Shut." in ran_.err) == (1, True)
    assert "The secret has expired." in ran_.out
    assert run("sync_health", "--connection", good.pk).exit_code == 0
    assert run("sync_health", "--connection", shut.pk).exit_code == 1


def test_what_concerns_all_is_told_once(run: Run, good: Connection) -> None:
    WorkerPulse.objects.all().delete()
    told = "No worker is running: start one. Until then every click waits."
    assert run("sync_health").out.count(told) == 1
    assert run("sync_health", "--connection", good.pk).out.count(told) == 1
    assert run("sync_health", "--json").json["connections"][0]["critical"] == [told]


def test_broker_down_is_said(run: Run, good: Connection, settings: Settings) -> None:
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"
    ran_ = run("sync_health")
    assert (ran_.exit_code, "Broker: does not answer." in ran_.out) == (1, True)


@pytest.mark.parametrize(("messages", "told"), [(0, "0 messages wait"), (1, "1 message waits"), (2, "2 messages wait")])
def test_messages_that_wait_are_counted(
    run: Run, good: Connection, monkeypatch: pytest.MonkeyPatch, messages: int, told: str
) -> None:
    monkeypatch.setattr(gathering.broker, "ask", lambda *_: Broker(answers=True, messages=messages))
    assert f"Broker: answers, {told}. Workers: 1 well" in run("sync_health").out


def test_database_down_is_a_sentence(run: Run, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> Any:
        raise OperationalError("EOF detected")

    monkeypatch.setattr(sync_health, "overview", away)
    ran_ = run("sync_health", "--json")
    assert (ran_.exit_code, ran_.out) == (1, "")
    assert ran_.err == "CommandError: Database connection error. Please wait a moment and try again.\n"


@pytest.mark.parametrize("wrong", [("--connection", "99999"), ("--minimum", "101"), ("--minimum", "most")])
def test_wrong_usage_is_exit_2(wrong: tuple[str, str], run: Run, good: Connection) -> None:
    assert run("sync_health", *wrong).exit_code == 2


def test_names_cannot_move_the_terminals_cursor(run: Run, good: Connection) -> None:
    Connection.objects.update(name="Evil\x1b[2J")
    assert "\x1b" not in run("sync_health").out
