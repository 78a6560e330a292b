"""Everything that syncs tell of themselves besides rows and pages, to be searched for what is nobody's business."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import redis
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Model
from django.test import Client
from google.protobuf.json_format import MessageToJson
from pytest_django import Settings

from conferences.models import Conference, Connection, SharedToken, SyncRun
from conferences.operations.metrics import exposition
from conferences.providers.sandbox.application import Application
from conferences.providers.sandbox.routing import Request, Response
from conferences.tests.sync.processes.workers import SECONDS, Workers, environment, until
from lms_project import logs
from lms_project.local import children
from lms_project.tests.collector import Collector, collector

__all__ = ["collector"]  # a fixture

# Fields of people, of what they said and wrote, and of what opens a door.
PERSONAL = {
    *("about", "agenda", "answer", "answers", "asker", "cues", "email", "extra", "host_email", "html", "identity_key"),
    *("join_url", "name", "organizer", "passcode", "password", "question", "raw", "registration_url", "respondent"),
    *("sender", "shared_by", "start_url", "text", "url"),
}
SOMEBODYS = re.compile(r"(?i)name|mail|text|content|question|answer|url|pass|speaker|host_id|organi[sz]er")
# Shorter ones are found in anything; of longer ones the beginning is looked for, should they be cut off somewhere.
SHORTEST, WHOLE = 6, 24
# Codes, numbers and moments are nobody's.
NOBODYS = re.compile(r"[a-z_]+|[\d:TZ.+-]+")


@dataclass
class Overheard:
    """An application of the stand-in, and each secret that goes to it or comes from it."""

    application: Application
    secrets: set[str] = field(default_factory=set)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.application, name)

    def respond(self, request: Request) -> Response:
        response = self.application.respond(request)
        self.secrets |= set(re.findall(r"(?i)(?:bearer|basic) (\S+)", request.header("authorization")))
        for name in ("access_token", "refresh_token"):
            self.secrets |= set(re.findall(rf'"{name}": ?"([^"]+)"', response.body.decode("utf-8", "replace")))
        return response


@dataclass
class Site:
    """Pages, commands and workers in processes of their own, as verbose as they can be."""

    folder: Path
    collector: Collector
    addresses: dict[str, str]
    told: dict[str, str] = field(default_factory=dict)

    @property
    def _environment(self) -> dict[str, str]:
        verbose = {"LOG_FORMAT": "json", "LOG_LEVEL": "DEBUG", "OTEL_EXPORTER_OTLP_ENDPOINT": self.collector.endpoint}
        quick = {"SYNC_LEASE_SECONDS": "30"}
        return environment(DJANGO_SETTINGS_MODULE="lms_project.settings", **verbose, **quick, **self.addresses)

    def command(self, *words: object) -> str:
        """Returns its result, which is for whoever asked for it; what else it says anybody may read."""
        command = [sys.executable, "manage.py", *map(str, words)]
        done = subprocess.run(  # noqa: S603
            command, cwd=settings.BASE_DIR, env=self._environment, capture_output=True, text=True, check=False
        )
        self.told[" ".join(map(str, words))] = done.stderr
        return done.stdout

    def click(self, conference: Conference, log: pytest.LogCaptureFixture) -> SyncRun:
        """On the conference's page, by somebody whose name is an address."""
        user, _ = User.objects.get_or_create(username="clicking.person@example.org", is_superuser=True, is_staff=True)
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        usual = log.handler.formatter
        log.handler.setFormatter(logs.JsonFormatter())
        log.clear()  # the stand-in, which runs here as well, has told of what it was asked
        try:
            with log.at_level("DEBUG"):
                client.post(f"/conferences/{conference.pk}/sync/?from={user.username}")
            self.told["page"] = log.text
        finally:
            log.handler.setFormatter(usual)  # all tests share the handler
        return SyncRun.objects.get(conference=conference)

    def work(self) -> None:
        """Until nothing is left of all that was asked for."""
        workers = Workers(self.folder / "workers.log")
        process = workers.start(**self._environment)
        try:
            until(lambda: not SyncRun.objects.filter(state__in=SyncRun.ACTIVE).exists(), "the worker ends the runs")
            process.terminate()  # by hand: what it says at its end is of interest too
            process.wait(SECONDS)
        finally:
            workers.stop()
        self.told["worker"] = workers.log.read_text()

    def everything(self) -> dict[str, str]:
        """By where it was told. What JSON escapes is written out."""
        spans = "\n".join(MessageToJson(request, ensure_ascii=False) for request in self.collector.taken)
        written = {where: "\n".join(map(_written_out, text.splitlines())) for where, text in self.told.items()}
        return {**written, "spans": spans, "metrics": exposition().decode()}


def _written_out(line: str) -> str:
    return json.dumps(json.loads(line), ensure_ascii=False) if line.startswith("{") else line


def lines(text: str) -> Iterator[dict[str, Any]]:
    return (json.loads(line) for line in text.splitlines() if line.startswith("{"))


def leaks(told: dict[str, str], *secrets: str) -> dict[str, set[str]]:
    """By where it was told: each secret, each token, all that was stored of people and of what they wrote; and every
    address, be it of somebody of whom nothing is stored."""
    known = {*secrets, *_stored(), *_credentials(), *User.objects.values_list("username", flat=True)}
    searched = {where: {each for each in known if each in text} | _addresses(text) for where, text in told.items()}
    return {where: found for where, found in searched.items() if found}


def _addresses(text: str) -> set[str]:
    return {each for each in re.findall(r"[\w.+-]+(?:@|%40)[\w.-]+\.[a-z]{2,}", text) if not each.startswith("celery@")}


def _credentials() -> Iterator[str]:
    for connection in Connection.objects.all():
        yield from connection.config.secrets(connection.credentials.reveal())
    for row in SharedToken.objects.all():
        yield from (value for value in row.tokens.reveal().values() if isinstance(value, str) and len(value) > WHOLE)


def _stored() -> Iterator[str]:
    for model in apps.get_models():
        if model is Conference or any(field.name == "conference" for field in model._meta.concrete_fields):
            yield from _texts(model)


def _texts(model: type[Model]) -> Iterator[str]:
    names = [field.name for field in model._meta.concrete_fields if field.name in PERSONAL]
    for row in model._default_manager.values_list(*names) if names else ():
        for text in (part for value in row for part in _parts(value)):
            if len(text) >= SHORTEST and not NOBODYS.fullmatch(text):
                yield text[:WHOLE]


def _parts(value: Any) -> Iterator[str]:
    """Of objects as a provider sends them: the values whose names say that they are somebody's."""
    if isinstance(value, str):
        yield value.strip()
    elif isinstance(value, list):
        for each in value:
            yield from _parts(each)
    elif isinstance(value, dict):
        for name, each in value.items():
            yield from _parts(each) if SOMEBODYS.search(name) or not isinstance(each, str) else ()


@pytest.fixture
def site(settings: Settings, tmp_path: Path, collector: Collector) -> Iterator[Site]:
    broker = redis.Redis.from_url(settings.REDIS_URL)
    broker.flushdb()
    made = Site(tmp_path, collector, {})
    yield made
    print(children.tail(tmp_path / "workers.log", 20))
    broker.flushdb()
    broker.close()
