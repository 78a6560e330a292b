"""The parts of the demonstration, in the order in which they need each other."""

import os
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from celery import Celery

from lms_project.local.broker import Broker
from lms_project.local.inherited import without
from lms_project.local.keepsakes import invented, write_private
from lms_project.local.ports import free_port
from lms_project.local.postgres import Postgres
from lms_project.local.supervisor import Supervisor

WEB_PORT, SANDBOX_PORT = 8000, 8443
WEB_SETTINGS = {"DEBUG": "false", "SECURE": "false", "ALLOWED_HOSTS": "127.0.0.1,localhost"}
# Deploys end a worker by SIGTERM; Celery then puts unfinished work back at once instead of after hours.
WORKER_SETTINGS = {"REMAP_SIGTERM": "SIGQUIT"}


@dataclass(frozen=True, slots=True)
class Demonstration:
    """What a person needs to know to use it."""

    address: str
    password: str
    env_file: Path
    logs: Path


class Stack:
    """Builds the demonstration below `home`; its supervisor must be stopped whatever happens."""

    def __init__(self, root: Path, home: Path, say: Callable[[str], None]) -> None:
        self.root = root
        self.home = home
        self.say = say
        self.secrets = invented(home / "secrets")
        self.values = {
            **WEB_SETTINGS,
            **{name: self.secrets[name] for name in ("SECRET_KEY", "FIELD_ENCRYPTION_KEYS")},
        }
        self.env_file = home / "env"
        self.supervisor = Supervisor(home / "logs", {}, root)
        self._publish({})

    def start(self) -> Demonstration:
        self.say("Starting PostgreSQL, the broker and the providers' sandbox …")
        sandbox = self._start_sandbox()
        self._publish({"REDIS_URL": self.supervisor.serve("broker", Broker(self.home / "broker"))})
        self._publish({"DATABASE_URL": self.supervisor.serve("postgres", Postgres(self.home / "postgres"))})
        self.say("Preparing the database and the sample data …")
        self._prepare()
        self.say("Starting the Celery worker and the web server …")
        address = self._start_programs()
        self.say(f"The sandbox answers in the providers' place at {sandbox}.")
        return Demonstration(address, self.secrets["DEMO_PASSWORD"], self.env_file, self.supervisor.logs)

    def _publish(self, values: dict[str, str]) -> None:
        """New settings, for the programs started from now on and for commands that are given the file."""
        self.values |= values
        write_private(self.env_file, self.values)
        self.supervisor.environment = {**without(os.environ), **self.values, "ENV_FILE": str(self.env_file)}

    def _manage(self, *arguments: str) -> list[str]:
        return [sys.executable, "manage.py", *arguments]

    def _start_sandbox(self) -> str:
        """The sandbox itself tells which settings point at it, one `export NAME=value` a line."""
        port = free_port(SANDBOX_PORT)
        authority = self.home / "sandbox" / "authority.pem"
        command = self._manage("sandbox", "--port", str(port), "--certificate", str(authority))
        part = self.supervisor.launch("sandbox", command)
        self.supervisor.await_(part, lambda: "REQUESTS_CA_BUNDLE" in _exports(part.log), seconds=60)
        self._publish(_exports(part.log))
        return f"https://127.0.0.1:{port}/"

    def _prepare(self) -> None:
        begin, finish = self.supervisor.begin, self.supervisor.finish
        static = begin("collectstatic", self._manage("collectstatic", "--noinput", "-v0"))
        finish(begin("migrate", self._manage("migrate", "--noinput")))
        finish(begin("seed_demo", self._manage("seed_demo"), DEMO_PASSWORD=self.secrets["DEMO_PASSWORD"]))
        finish(static)

    def _start_programs(self) -> str:
        port = free_port(WEB_PORT)
        address = f"http://127.0.0.1:{port}/"
        celery = [sys.executable, "-m", "celery", "-A", "lms_project", "worker", "--concurrency=2", "--loglevel=INFO"]
        gunicorn = [sys.executable, "-m", "gunicorn", "-c", "python:lms_project.gunicorn", "lms_project.wsgi"]
        worker = self.supervisor.launch("worker", celery, **WORKER_SETTINGS)
        web = self.supervisor.launch("web", gunicorn, PORT=str(port))
        self.supervisor.await_(web, lambda: _answers(f"{address}healthz"), seconds=60)
        self.supervisor.await_(worker, lambda: _consumes(self.values["REDIS_URL"]), seconds=60)
        return address


def _exports(log: Path) -> dict[str, str]:
    lines = log.read_text().splitlines(keepends=True)
    exports = [
        line.removeprefix("export ").strip() for line in lines if line.startswith("export ") and line[-1] == "\n"
    ]
    return dict(line.split("=", 1) for line in exports)


def _answers(address: str) -> bool:
    """Whether a web server gives any answer that is not its own failure."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        opener.open(address, timeout=5).close()
    except urllib.error.HTTPError as error:
        return error.code < HTTPStatus.INTERNAL_SERVER_ERROR
    except OSError:
        return False
    return True


def _consumes(broker: str) -> bool:
    """Whether a worker listens to the broker, which its process alone does not tell."""
    with Celery(broker=broker) as app:
        return bool(app.control.broadcast("ping", reply=True, timeout=0.5, limit=1))
