"""Promise: the demonstration's broker needs a password, keeps its messages, and drops none when memory is short."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from lms_project.local import broker, children
from lms_project.local.broker import Broker, program
from lms_project.local.errors import LocalError


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Broker]:
    made = Broker(tmp_path / "a folder with spaces")
    yield made
    made.stop()


def client(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_timeout=5)


def test_program_falls_back_on_the_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert Path(program()).name == "valkey-server"


def test_program_prefers_the_system(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    installed = tmp_path / "redis-server"
    installed.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert program() == str(installed)


def test_program_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(broker.platform, "machine", lambda: "abacus")
    with pytest.raises(LocalError, match="There is no Redis on this machine"):
        program()


def test_broker_refuses_a_wrong_password(server: Broker) -> None:
    server.start()
    with pytest.raises(redis.AuthenticationError):
        client(server.url.replace(server.password, "wrong")).ping()


def test_broker_does_not_show_its_password_to_other_users(server: Broker) -> None:
    server.start()
    assert server.process is not None
    assert server.password not in children.command_of(server.process.pid)


def test_broker_refuses_rather_than_evicts(server: Broker) -> None:
    policy = client(server.start()).config_get("maxmemory-policy")
    assert policy == {"maxmemory-policy": "noeviction"}


def test_messages_survive_a_kill(server: Broker) -> None:
    connection = client(server.start())
    connection.rpush("queue", "message")
    connection.execute_command("WAITAOF", 1, 0, 5000)
    assert server.process is not None
    os.kill(server.process.pid, signal.SIGKILL)
    server.process.wait(10)
    assert client(server.start()).lrange("queue", 0, -1) == [b"message"]


def test_start_ends_the_server_that_a_predecessor_left_behind(server: Broker) -> None:
    server.start()
    successor = Broker(server.folder)
    try:
        successor.start()
        assert server.process is not None
        assert server.process.wait(10) == 0
    finally:
        successor.stop()


def test_start_shows_the_log_of_a_server_that_cannot_run(server: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Broker, "_configuration", lambda self: "no-such-setting yes\n")
    monkeypatch.setattr(broker, "TRIES", 1)
    with pytest.raises(LocalError, match="no-such-setting"):
        server.start()
