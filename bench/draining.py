"""A whole Zoom account, drained by workers against a stand-in that takes its time and keeps Zoom's limits."""

import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from bench.measure import table
from bench.syncing import stand_in
from conferences.models import Connection, SyncRun
from conferences.sync import account
from lms_project.local import children

LATENCY_MS = 400
END_SECONDS = 3_600
PROCESSES = (1, 2, 4)


@dataclass(frozen=True, slots=True)
class Measured:
    """From the claim of the search to the end; `refused` counts the answers that asked to slow down."""

    seconds: float
    calls: int
    refused: int


def drain(webinars: int, processes: int) -> Measured:
    run = account.request(_connection(processes), via="command", ring=False)
    sizes: dict[str, str | int] = {"webinars": webinars, "participants": 5, "latency": LATENCY_MS, "throttle": "on"}
    command = [sys.executable, "-m", "celery", "-A", "lms_project", "worker", "-c", str(processes)]
    with stand_in(**sizes) as (environment, log), tempfile.TemporaryDirectory() as folder:
        said = Path(folder) / "worker.log"
        worker = children.start(command, said, env={**os.environ, **environment}, cwd=settings.BASE_DIR)
        try:
            children.wait_until(lambda: not SyncRun.objects.get(pk=run.pk).is_active, END_SECONDS)
        finally:
            children.stop(worker)
        run.refresh_from_db()
        if run.state != SyncRun.State.SUCCEEDED or run.started_at is None or run.finished_at is None:
            raise RuntimeError(f"The account was not drained: {run.state} {run.message}{children.tail(said)}")
        asked = [line for line in log.read_text().splitlines() if " /" in line]
        refused = sum(" 429 " in line for line in asked)
        return Measured((run.finished_at - run.started_at).total_seconds(), len(asked), refused)


def report(webinars: int, processes: Sequence[int] = PROCESSES) -> str:
    """The workers find the run by themselves, and each other by what the search queues."""
    measured = {count: drain(webinars, count) for count in processes}
    slowest = measured[processes[0]].seconds
    rows = [
        (f"{count} at once", f"{each.seconds:.1f}", f"×{slowest / each.seconds:.2f}", f"{each.calls:,}", each.refused)
        for count, each in measured.items()
    ]
    title = f"A Zoom account of {webinars:,} webinars, {LATENCY_MS} ms an answer, by so many worker processes"
    return table(title, ("", "seconds", "faster", "calls", "told to slow down"), rows)


def _connection(number: int) -> Connection:
    from zoom_integration.sandbox.stories.cast import NORTHFIELD

    secrets = {"account_id": NORTHFIELD.id, "client_id": NORTHFIELD.client_id, "client_secret": NORTHFIELD.secret}
    return Connection.objects.create(provider="zoom", name=f"Stand-in {number}", credentials=secrets)
