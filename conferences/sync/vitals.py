"""Signs of life of this worker process, and proof that it still takes what is sent to it.

A worker may beat and yet be deaf: its connection to the broker looks alive and brings nothing any more. So each sends
messages to a queue of its own, and notes when any message arrives. While its pool is busy none may arrive; that counts
as well.
"""

import logging
import os
import time
from datetime import timedelta
from typing import Any

from celery import current_app
from celery.utils.nodenames import worker_direct
from celery.worker import state
from django.db.models.functions import Now
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from conferences.models import WorkerPulse

logger = logging.getLogger(__name__)

PING = "conferences.ping"
PING_EXPIRES_SECONDS = 60
# A lost worker is shown for so long; one that was stopped is not missed at all.
REMEMBERED = timedelta(hours=1)


class Vitals:
    """Says nothing until it knows its worker's name: other processes sweep as well, and are no workers."""

    def __init__(self) -> None:
        self._node = ""
        self._began = 0.0
        self._took: float | None = None

    @property
    def name(self) -> str:
        """Workers on one machine may share a node's name, so that the number of the process is part of it."""
        return f"{self._node} {os.getpid()}"

    def begin(self, node: str) -> None:
        self._node, self._began, self._took = node, time.monotonic(), None

    def took_work(self) -> None:
        self._took = time.monotonic()

    def beat(self) -> None:
        if not self._node:
            return
        if state.active_requests:
            self.took_work()
        moments = {"started_at": _ago(self._began), "beat_at": Now(), "took_work_at": _ago(self._took)}
        WorkerPulse.objects.update_or_create(name=self.name, defaults=moments)
        WorkerPulse.objects.filter(beat_at__lt=Now() - REMEMBERED).delete()

    def ping(self) -> None:
        """A message to this very worker. With the broker out of reach others say so more loudly."""
        if not self._node:
            return
        try:
            queue = worker_direct(self._node)
            current_app.send_task(PING, queue=queue, expires=PING_EXPIRES_SECONDS, retry=False)
        except (KombuError, RedisError, OSError) as error:
            logger.warning("this worker cannot reach the broker (%s)", type(error).__name__)

    def end(self) -> None:
        if self._node:
            WorkerPulse.objects.filter(name=self.name).delete()
            self._node = ""


def _ago(moment: float | None) -> Any:
    """As the database's own clock has it: those of the workers' machines may differ."""
    return None if moment is None else Now() - timedelta(seconds=time.monotonic() - moment)


VITALS = Vitals()
