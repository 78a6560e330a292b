"""What can happen to the machines that sync."""

import os
import random
import signal
import subprocess
from collections.abc import Callable

import redis
from django.db import connection

from conferences.tests.sync.processes.workers import Workers, pool
from lms_project.local import children


class Disasters:
    """What can happen to one machine or another, chosen by a seed."""

    def __init__(self, workers: Workers, broker: redis.Redis, seed: int, settings: dict[str, str]) -> None:
        """`settings` are those of the workers that come after."""
        self._workers, self._broker, self._settings = workers, broker, settings
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
        self._workers.start(**self._settings)

    def _kill_pool_process(self) -> None:
        processes = pool(self._victim())
        if processes:
            self._chance.choice(processes).kill()

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
        self._workers.start(**self._settings)
        children.stop(victim, signal.SIGQUIT)
