"""Promise: whatever dies, and however often, every run ends and the rows are those of an undisturbed sync."""

import os
import random
import signal
import subprocess
from collections.abc import Callable

import pytest
import redis
from django.db import connection
from pytest_django import Settings

from conferences.models import Conference, SyncItem, SyncRun, SyncStep
from conferences.sync import runs
from conferences.sync.runs import AlreadyActive
from conferences.tests.sync.processes.workers import Workers, expected, pool, stored
from lms_project.local import children

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

CLASSES = 6
DISASTERS = 8
CALM_SECONDS = 1.5  # between two disasters
END_SECONDS = 120
# Enough for an item to be met by every disaster; poison has tests of its own.
PATIENT = {"SYNC_MAX_ATTEMPTS": "30"}


@pytest.fixture
def classes(steady: Conference) -> list[Conference]:
    more = [
        Conference.objects.create(
            connection=steady.connection,
            title=f"Class {number}",
            external_id=f"class-{number}",
            starts_at=steady.starts_at,
            ends_at=steady.ends_at,
        )
        for number in range(1, CLASSES)
    ]
    return [steady, *more]


@pytest.fixture(autouse=True)
def _patience(settings: Settings) -> None:
    settings.SYNC_MAX_ATTEMPTS = int(PATIENT["SYNC_MAX_ATTEMPTS"])


def click_twice(conference: Conference) -> SyncRun:
    run = runs.request(conference, via="page")
    with pytest.raises(AlreadyActive):
        runs.request(conference, via="page")
    return run


class Disasters:
    """What can happen to one machine or another, chosen by a seed."""

    def __init__(self, workers: Workers, broker: redis.Redis, seed: int) -> None:
        self._workers, self._broker = workers, broker
        self._chance = random.Random(seed)
        self.story: list[str] = []

    def strike(self) -> None:
        disaster: Callable[[], object] = self._chance.choice(
            [self._kill_worker, self._kill_pool_process, self._kill_backends, self._flush, self._pause, self._deploy]
        )
        self.story.append(disaster.__name__)
        disaster()

    def _victim(self) -> subprocess.Popen:
        return self._chance.choice(self._workers.running)

    def _kill_worker(self) -> None:
        self._workers.kill(self._victim())
        self._workers.start(**PATIENT)

    def _kill_pool_process(self) -> None:
        for child in pool(self._victim())[:1]:
            child.kill()

    def _kill_backends(self) -> None:
        """Every database connection but ours."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )

    def _flush(self) -> None:
        self._broker.flushdb()

    def _pause(self) -> None:
        victim = self._victim()
        os.killpg(victim.pid, signal.SIGSTOP)
        children.wait_until(lambda: False, 5)
        os.killpg(victim.pid, signal.SIGCONT)

    def _deploy(self) -> None:
        victim = self._victim()
        self._workers.running.remove(victim)
        self._workers.start(**PATIENT)
        children.stop(victim, signal.SIGQUIT)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nothing_is_lost_in_chaos(classes: list[Conference], workers: Workers, broker: redis.Redis, seed: int) -> None:
    disasters = Disasters(workers, broker, seed)
    for _ in range(2):
        workers.start(**PATIENT)
    requested = [click_twice(conference) for conference in classes]
    for _ in range(DISASTERS):
        children.wait_until(lambda: not SyncRun.objects.filter(state__in=SyncRun.ACTIVE).exists(), CALM_SECONDS)
        disasters.strike()
    calm = children.wait_until(lambda: not SyncRun.objects.filter(state__in=SyncRun.ACTIVE).exists(), END_SECONDS)
    told = f"{disasters.story}: {list(SyncItem.objects.values('run', 'state', 'attempts', 'worker'))}"
    assert calm, f"runs that never ended, after {told}"
    assert SyncRun.objects.count() == len(requested), "one run a class, however often it was clicked"
    assert set(SyncRun.objects.values_list("state", flat=True)) == {"succeeded"}, told
    for conference in classes:
        assert stored(conference) == expected(conference), told
    counts = SyncStep.objects.filter(operation__in=["attendance", "chat"]).values_list("items", "created", "updated")
    assert set(counts) == {(20, 20, 0)}, told
