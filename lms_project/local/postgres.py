"""A PostgreSQL of our own on 127.0.0.1, for the demo and the tests."""

import os
import secrets
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psycopg2

from lms_project.local import children
from lms_project.local.accounts import home_for, server_account
from lms_project.local.errors import LocalError
from lms_project.local.ports import free_port
from lms_project.local.postgres_programs import Programs, usable

USER = DATABASE = "lms"
START_SECONDS = 60
TRIES = 3
QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}


class Postgres:
    """One server and its data.

    folder   where its data is to live; where PostgreSQL's user cannot reach it, `home` is elsewhere
    durable  False gives up safety against a power cut for speed: for tests only
    """

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self.account = server_account()
        self.home = home_for(folder, self.account)
        self.data = self.home / "data"
        self.log = self.home / "postgres.log"
        self.durable = durable
        self.port = 0
        self.process: subprocess.Popen | None = None

    def start(self) -> str:
        """Starts the server and returns its DATABASE_URL. Data of an earlier start is found again."""
        programs = usable(self.account, self._major())
        if not self.data.exists():
            self._create(programs)
        self.stop_leftover()
        for _ in range(TRIES):  # a port may be taken in the meantime, a killed server's memory not yet be freed
            self.port = free_port()
            self.process = self._launch(programs)
            if children.wait_until(self._answers_or_ended, START_SECONDS) and self.process.poll() is None:
                self._create_database()
                return self.url
            self.stop()
        raise LocalError(f"PostgreSQL does not start. Its log {self.log} ends:\n{children.tail(self.log)}")

    def stop(self) -> None:
        if self.process is not None:
            children.stop(self.process, signal.SIGINT, seconds=20)
            self.process = None

    def destroy(self) -> None:
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)

    @property
    def password(self) -> str:
        return (self.data / "password").read_text()

    @property
    def url(self) -> str:
        return f"postgres://{USER}:{self.password}@127.0.0.1:{self.port}/{DATABASE}?sslmode=disable"

    def _major(self) -> int | None:
        """The version that made the data, which no other can read."""
        version = self.data / "PG_VERSION"
        return int(version.read_text()) if version.exists() else None

    def _create(self, programs: Programs) -> None:
        """Makes the data aside and moves it into place when it is whole, so that a kill leaves nothing half-made."""
        unfinished = self.home / "data.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        password = self.home / "password"
        password.touch(mode=0o600)
        password.write_text(secrets.token_urlsafe(24))
        for path in (unfinished, password):
            if self.account:
                self.account.own(path)
        self._initdb(programs, unfinished, password)
        password.rename(unfinished / "password")
        unfinished.rename(self.data)

    def _initdb(self, programs: Programs, data: Path, password: Path) -> None:
        command = [programs["initdb"], "-D", str(data), "-U", USER, "-A", "scram-sha-256", f"--pwfile={password}"]
        done = subprocess.run(  # noqa: S603
            [*command, "--encoding=UTF8", "--no-sync", *_locale(programs.major)],
            check=False,
            capture_output=True,
            text=True,
            cwd="/",
            env=_environment(),
            **(self.account.popen() if self.account else {}),
        )
        if done.returncode:
            raise LocalError(f"PostgreSQL could not set up {data}:\n{done.stderr}")

    def _launch(self, programs: Programs) -> subprocess.Popen:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "timezone": "UTC",
            "log_timezone": "UTC",
            **({} if self.durable else QUICK),
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        command = [programs["postgres"], "-D", str(self.data), *options]
        return children.start(command, self.log, env=_environment(), account=self.account, stop_signal=signal.SIGINT)

    def _answers_or_ended(self) -> bool:
        return (self.process is not None and self.process.poll() is not None) or self._answers()

    def _answers(self) -> bool:
        try:
            self._connect().close()
        except psycopg2.OperationalError:
            return False
        return True

    def _connect(self) -> "psycopg2.extensions.connection":
        return psycopg2.connect(
            host="127.0.0.1", port=self.port, user=USER, password=self.password, dbname="postgres",
            connect_timeout=2, sslmode="disable",
        )  # fmt: skip

    def _create_database(self) -> None:
        connection = self._connect()
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if cursor.fetchone() is None:
                cursor.execute(f"CREATE DATABASE {DATABASE}")
        connection.close()

    def stop_leftover(self) -> None:
        """Ends the server of a predecessor that was killed, and forgets one whose process is no more.

        PostgreSQL itself would take any process that got the same number since for the old server.
        """
        note = self.data / "postmaster.pid"
        if not note.exists():
            return
        first, *_ = note.read_text().splitlines() or [""]
        pid = int(first) if first.isdigit() else 0
        children.stop_leftover(pid, f"-D {self.data}", signal.SIGINT)
        note.unlink(missing_ok=True)


def _locale(major: int) -> list[str]:
    """Case folding for all scripts; no dependence on what locales a machine has where that can be had."""
    if major >= 17:  # noqa: PLR2004
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    return ["--locale=C", f"--lc-ctype={'C.UTF-8' if sys.platform.startswith('linux') else 'en_US.UTF-8'}"]


def _environment() -> dict[str, str]:
    """Nothing of ours: PG… variables and library paths would change what the programs do."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}
