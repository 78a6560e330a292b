"""Attendance by the command, against the stand-in's meeting of any size: pace and peak memory of its process.

Chat is left out: its pace is that of the provider's limit of one call a second, and not ours.
"""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from bench.measure import table
from conferences.models import Conference, Connection
from lms_project.local import children

START_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Measured:
    """One sync: how many entries it stored, in what time, and the most memory that it held, in MB."""

    items: int
    seconds: float
    peak_mb: float


@contextlib.contextmanager
def stand_in(**options: str | int) -> Iterator[tuple[dict[str, str], Path]]:
    """A stand-in of large things: the environment that points a sync at it, and its log of requests."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "sandbox.log"
        command = [sys.executable, "manage.py", "sandbox", "--port", "0", "--scenario", "large", "--messages", "0"]
        wanted = [f"--{name}={value}" for name, value in options.items()]
        authority = ["--certificate", str(Path(folder) / "certificate.pem")]
        process = children.start([*command, *wanted, *authority], log, env=os.environ, cwd=settings.BASE_DIR)
        try:
            if not children.wait_until(lambda: "REQUESTS_CA_BUNDLE" in _text(log), START_SECONDS):
                raise RuntimeError(f"The stand-in does not start: {children.tail(log)}")
            told = [line.removeprefix("export ") for line in _text(log).splitlines() if "export " in line]
            yield dict(line.split("=", 1) for line in told), log
        finally:
            children.stop(process)


def _text(log: Path) -> str:
    return log.read_text() if log.exists() else ""


def sync(conference: Conference, environment: dict[str, str]) -> Measured:
    """Runs the command in a process of its own, since only a process has a peak of its own."""
    command = [sys.executable, "manage.py", "sync_conference", str(conference.pk), "--only", "attendance", "--json"]
    with tempfile.TemporaryFile() as told, tempfile.TemporaryFile() as log:
        began = time.perf_counter()
        process = subprocess.Popen(
            command, stdout=told, stderr=log, env={**os.environ, **environment}, cwd=settings.BASE_DIR
        )
        _, status, usage = os.wait4(process.pid, 0)
        elapsed = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        told.seek(0), log.seek(0)
        if process.returncode:
            raise RuntimeError(f"The sync failed: {told.read().decode()}{log.read().decode()}")
        return Measured(json.load(told)["items_processed"], elapsed, _megabytes(usage.ru_maxrss))


def _megabytes(maxrss: int) -> float:
    """Linux counts in kB, macOS in bytes."""
    return maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)


def conference_of(connection: Connection, participants: int) -> Conference:
    from teams_integration.sandbox.stories.large import PLAN

    return Conference.objects.create(
        connection=connection,
        title=f"{participants} people",
        external_id=f"large-{participants}",
        starts_at=PLAN.starts_at,
        ends_at=PLAN.ends_at,
        join_url=PLAN.join_url,
    )


def report(participants: int) -> str:
    """First and second sync of a class, and of one four times as large."""
    rows = []
    connection = _connection()
    for size in (participants, 4 * participants):
        conference = conference_of(connection, size)
        with stand_in(participants=size, throttle="off") as (environment, _):
            for which in ("first", "second"):
                done = sync(conference, environment)
                pace = f"{done.items / done.seconds:,.0f}"
                rows.append(
                    (
                        f"{size:,} people, {which} sync",
                        f"{done.items:,}",
                        f"{done.seconds:.1f}",
                        pace,
                        f"{done.peak_mb:.0f}",
                    )
                )
    return table(
        "Attendance of a class from the stand-in to the rows (start of the process included)",
        ("", "people", "seconds", "people/s", "peak MB"),
        rows,
    )


def _connection() -> Connection:
    from teams_integration.sandbox.stories.cast import NORTHFIELD

    secrets = {"tenant_id": NORTHFIELD.id, "client_id": NORTHFIELD.client_id, "client_secret": NORTHFIELD.secret}
    return Connection.objects.create(provider="teams", name="Stand-in", credentials=secrets)
