"""Promise: docs/backup.md restores everything, credentials included, and syncing goes on as if nothing had happened."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pytest
from cryptography.fernet import Fernet
from django.conf import settings
from django.utils.module_loading import import_string

from conferences.providers import registry
from conferences.providers.sandbox import Options, running
from lms_project.local.postgres_programs import usable

GUIDE = Path(settings.BASE_DIR, "docs", "backup.md").read_text()
OLD, NEW = settings.FIELD_ENCRYPTION_KEYS[0], Fernet.generate_key().decode()
# Of which the stand-ins have much to tell, one of each provider.
CLASSES = ("Data Ethics Seminar, week 6", "Open Lecture: Coral Reefs in Warmer Seas")

Digest = dict[str, tuple[int, str]]


def told(program: str) -> str:
    """The guide's own line that begins so."""
    (line,) = [line.strip() for line in GUIDE.splitlines() if line.strip().startswith(f"{program} ")]
    return line


@dataclass(frozen=True)
class Site:
    """An installation with a database of its own, used as an operator does: by commands."""

    url: str
    providers: dict[str, str]
    folder: Path
    keys: str = OLD

    @property
    def programs(self) -> Path:
        """Of the server's own version: older ones cannot read it, and its own is what the guide asks for at least."""
        with closing(psycopg2.connect(self.url)) as connection:
            return usable(None, connection.server_version // 10_000).folder

    def shell(self, command: str) -> None:
        path = f"{self.programs}:{os.environ['PATH']}"
        environment = {**os.environ, "DATABASE_URL": self.url, "PATH": path}
        subprocess.run(["/bin/sh", "-ec", command], check=True, env=environment, cwd=self.folder)  # noqa: S603

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, **self.providers, "DATABASE_URL": self.url, "FIELD_ENCRYPTION_KEYS": self.keys}
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(  # noqa: S603
            command, check=False, capture_output=True, text=True, cwd=settings.BASE_DIR,
            env={**environment, "DEMO_PASSWORD": "sample", "LOG_LEVEL": "ERROR"},
        )  # fmt: skip

    def result(self, *arguments: str) -> dict:
        done = self.manage(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def ask(self, sql: str, *values: object) -> list[tuple]:
        with closing(psycopg2.connect(self.url)) as connection, connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall()

    def classes(self) -> list[str]:
        found = self.ask("SELECT id FROM conferences_conference WHERE title = ANY(%s) ORDER BY id", list(CLASSES))
        return [str(pk) for (pk,) in found]

    def sync(self, pk: str) -> dict:
        return self.result("sync_conference", pk)

    def digest(self) -> Digest:
        """Of every table, how many rows and all that is in them; of every counter, where it stands."""
        found = dict(self.ask("SELECT sequencename, (last_value, '') FROM pg_sequences"))
        content = "count(*), md5(string_agg(each::text, chr(10) ORDER BY each::text))"
        for (table,) in self.ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
            (found[table],) = self.ask(f'SELECT {content} FROM "{table}" AS each')  # noqa: S608 - our own tables
        return found


@pytest.fixture
def providers(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The stand-ins of all providers, as an environment."""
    stand_ins = [import_string(config.sandbox)(Options(throttle=False)) for config in registry.all_providers()]
    authority = tmp_path / "certificate.pem"
    with running(*stand_ins, authority=authority) as server:
        addresses = {name: server.base_url + path for each in stand_ins for name, path in each.environment.items()}
        yield {**addresses, "REQUESTS_CA_BUNDLE": str(server.ca_bundle)}


@pytest.fixture
def databases() -> Iterator[list[str]]:
    """Addresses of two empty databases on the server of this session."""
    address = urlsplit(os.environ["DATABASE_URL"])
    names = [f"{kind}_{os.getpid()}" for kind in ("backed_up", "restored")]
    with ExitStack() as stack:
        connection = stack.enter_context(closing(psycopg2.connect(address.geturl())))
        connection.autocommit = True
        cursor = stack.enter_context(connection.cursor())
        for name in names:
            cursor.execute(f"CREATE DATABASE {name}")
            stack.callback(cursor.execute, f"DROP DATABASE {name} WITH (FORCE)")
        yield [address._replace(path=f"/{name}").geturl() for name in names]


@pytest.fixture
def source(databases: list[str], providers: dict[str, str], tmp_path: Path) -> Site:
    """Filled by a real sync of the stand-ins."""
    site = Site(databases[0], providers, tmp_path)
    for command in (["migrate", "--noinput"], ["seed_demo"]):
        assert site.manage(*command).returncode == 0
    assert [site.sync(pk)["success"] for pk in site.classes()] == [True, True]
    return site


@pytest.fixture
def restored(source: Site, databases: list[str]) -> Site:
    site = Site(databases[1], source.providers, source.folder)
    source.shell(told("pg_dump"))
    site.shell(told("pg_restore"))
    return site


@pytest.mark.timeout(300)
def test_what_the_guide_tells_restores_everything(source: Site, restored: Site) -> None:
    """One story, since it takes a while to get there."""
    is_filled(source.digest())
    assert restored.digest() == source.digest()
    assert restored.manage("migrate", "--check").returncode == 0
    assert restored.result("check_stale_syncs") == {"stale": [], "rung": 0}
    for pk in restored.classes():
        finds_nothing_new(restored, pk)
    lacks_its_key(replace(restored, keys=NEW))
    assert replace(restored, keys=f"{NEW},{OLD}").result("rotate_encryption_keys")["rotated"] > 0
    assert replace(restored, keys=f"{NEW},{OLD}").result("rotate_encryption_keys")["rotated"] == 0
    finds_nothing_new(replace(restored, keys=NEW), restored.classes()[0])
    lacks_its_key(restored)


def is_filled(digest: Digest) -> None:
    filled = ("connection", "participant", "attendancesession", "chatmessage", "recording", "sharedfile", "syncevent")
    assert {name: digest[f"conferences_{name}"][0] > 0 for name in filled} == dict.fromkeys(filled, True)


def finds_nothing_new(site: Site, pk: str) -> None:
    """The credentials open with the key, and every row is known again."""
    told = site.sync(pk)
    counts = [(step["created"], step["updated"]) for step in told["steps"].values()]
    assert (told["success"], counts) == (True, [(0, 0)] * len(counts))
    assert told["steps"]["attendance"]["items"] > 0


def lacks_its_key(site: Site) -> None:
    steps = site.sync(site.classes()[0])["steps"].values()
    assert {(step["outcome"], "FIELD_ENCRYPTION_KEYS" in step["advice"]) for step in steps} == {("blocked", True)}


def test_dump_of_the_guide_for_compose_is_made_alike() -> None:
    """So that either can be restored by either."""
    options = {word for word in told("pg_dump").split() if word.startswith("--") and not word.startswith("--file")}
    assert options - set(told("docker compose exec -T postgres pg_dump").split()) == set()
