"""Real Celery workers on the test session's own database and broker, and waiting for what they do."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psutil
from django.conf import settings
from django.db import connection

from conferences.models import ChatMessage, Conference, Participant, SyncRun
from lms_project.local import children

SECONDS = 60  # for what must happen; nothing waits that long unless it fails
LEASE_SECONDS = 4
NAMES = [f"Person{number:02}" for number in range(20)]
TEXTS = [f"Message {number}" for number in range(20)]


def environment(**more: str) -> dict[str, str]:
    of = connection.settings_dict
    login = f"{quote(of['USER'])}:{quote(of['PASSWORD'])}"
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "conferences.tests.campus_settings",
        "DATABASE_URL": f"postgres://{login}@{of['HOST']}:{of['PORT']}/{of['NAME']}?sslmode=disable",
        "REDIS_URL": settings.REDIS_URL,
        "SYNC_LEASE_SECONDS": str(LEASE_SECONDS),
        "SYNC_RING_AGAIN_SECONDS": "1",
        **more,
    }


@dataclass
class Workers:
    """Starts them, kills them, and leaves none behind."""

    log: Path
    running: list[subprocess.Popen] = field(default_factory=list)

    def start(self, **more: str) -> subprocess.Popen:
        command = [sys.executable, "-m", "celery", "-A", "lms_project", "worker", "--pool=prefork", "-c", "2"]
        process = children.start(
            [*command, "--without-mingle", "--without-gossip"], self.log, env=environment(**more), cwd=settings.BASE_DIR
        )
        self.running.append(process)
        return process

    def kill(self, process: subprocess.Popen) -> None:
        """As a power cut would: the worker, its pool, at once."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self.running.remove(process)

    def stop(self) -> None:
        for process in self.running:
            children.stop(process)
        self.running.clear()


def pool(process: subprocess.Popen) -> list[psutil.Process]:
    return psutil.Process(process.pid).children(recursive=True)


def until(condition: Callable[[], bool], why: str) -> None:
    assert children.wait_until(condition, SECONDS), why


def ended(run: SyncRun) -> bool:
    run.refresh_from_db()
    return not run.is_active


def stored(conference: Conference) -> dict[str, list[tuple[str, int]] | list[str]]:
    """What `steady` leaves behind, without ids and moments of storing."""
    people = Participant.objects.filter(conference=conference, gone_at__isnull=True).order_by("name")
    return {
        "people": [(person.name, person.total_seconds) for person in people],
        "sessions": [f"{person.name} {session}" for person in people for session in person.sessions.all()],
        "chat": list(ChatMessage.objects.filter(conference=conference).values_list("text", flat=True)),
    }


def expected(conference: Conference) -> dict[str, list[tuple[str, int]] | list[str]]:
    start = conference.starts_at
    return {
        "people": [(name, 3600) for name in NAMES],
        "sessions": [f"{name} {start:%Y-%m-%d %H:%M} – {start.hour + 1:02}:{start.minute:02}" for name in NAMES],
        "chat": TEXTS,
    }
