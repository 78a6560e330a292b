"""Promise: the demonstration's database survives whatever ended it, and its data is found again."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from lms_project.local import children, postgres
from lms_project.local.errors import LocalError
from lms_project.local.postgres import Postgres


@pytest.fixture
def folder() -> Iterator[Path]:
    """Not pytest's own: that one is closed to PostgreSQL's user."""
    made = Path(tempfile.mkdtemp(prefix="lms-test-postgres-"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def server(folder: Path) -> Iterator[Postgres]:
    made = Postgres(folder, durable=False)
    yield made
    made.destroy()


def ask(url: str, statement: str) -> str:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return str(cursor.fetchone()[0]) if cursor.description else ""
    finally:
        connection.close()


def test_data_survives_a_restart(server: Postgres) -> None:
    ask(server.start(), "CREATE TABLE kept AS SELECT 46 AS id")
    server.stop()
    assert ask(server.start(), "SELECT id FROM kept") == "46"


def test_server_folds_case_of_all_scripts(server: Postgres) -> None:
    assert ask(server.start(), "SELECT lower('ÄÖ Ж')") == "äö ж"


def test_server_listens_on_loopback_only(server: Postgres) -> None:
    url = server.start()
    listens = ask(url, "SELECT current_setting('listen_addresses') || current_setting('unix_socket_directories')")
    assert listens == "127.0.0.1"


def test_server_refuses_a_wrong_password(server: Postgres) -> None:
    server.start()
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(server.url.replace(server.password, "wrong"))


def test_password_is_for_the_owner_alone(server: Postgres) -> None:
    server.start()
    assert (server.data / "password").stat().st_mode & 0o777 == 0o600
    assert list(server.home.glob("password*")) == []


def test_server_does_not_run_as_root(server: Postgres) -> None:
    server.start()
    assert server.process is not None
    assert Path(f"/proc/{server.process.pid}").stat().st_uid != 0


def test_committed_data_survives_a_kill(folder: Path) -> None:
    """postmaster.pid stays behind; its number has gone to a stranger by now, who is left alone."""
    server = Postgres(folder)
    ask(server.start(), "CREATE TABLE kept AS SELECT 74 AS id")
    assert server.process is not None
    os.kill(server.process.pid, signal.SIGKILL)
    server.process.wait(10)
    note = server.data / "postmaster.pid"
    stranger = subprocess.Popen(["sleep", "60"])  # noqa: S607
    note.write_text("\n".join([str(stranger.pid), *note.read_text().splitlines()[1:]]) + "\n")
    try:
        assert ask(server.start(), "SELECT id FROM kept") == "74"
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()
        server.destroy()


def test_start_ends_the_server_that_a_predecessor_left_behind(server: Postgres, folder: Path) -> None:
    ask(server.start(), "CREATE TABLE kept AS SELECT 46 AS id")
    successor = Postgres(folder, durable=False)
    try:
        assert ask(successor.start(), "SELECT id FROM kept") == "46"
        assert server.process is not None
        assert server.process.wait(10) == 0
    finally:
        successor.stop()


def test_start_evades_a_port_that_was_taken_meanwhile(server: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        offered = iter([taken.getsockname()[1], postgres.free_port()])
        monkeypatch.setattr(postgres, "free_port", lambda: next(offered))
        assert ask(server.start(), "SELECT 1") == "1"


def test_start_after_an_interrupted_set_up_begins_anew(server: Postgres) -> None:
    (server.home / "data.unfinished").mkdir()
    (server.home / "data.unfinished" / "half").touch()
    assert ask(server.start(), "SELECT 1") == "1"


def test_start_shows_the_log_of_a_server_that_cannot_run(server: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    server.start()
    server.stop()
    config = server.data / "postgresql.conf"
    config.write_text("no_such_setting = on\n")
    monkeypatch.setattr(postgres, "TRIES", 1)
    with pytest.raises(LocalError, match='unrecognized configuration parameter "no_such_setting"'):
        server.start()


def test_only_tests_give_up_durability(server: Postgres, folder: Path) -> None:
    assert ask(server.start(), "SELECT current_setting('fsync')") == "off"
    server.stop()
    durable = Postgres(folder)
    try:
        assert ask(durable.start(), "SELECT current_setting('fsync')") == "on"
    finally:
        durable.stop()


def test_destroy_leaves_neither_process_nor_data(server: Postgres) -> None:
    server.start()
    assert server.process is not None
    pid = server.process.pid
    server.destroy()
    assert (server.home.exists(), children.command_of(pid)) == (False, "")
