"""What a worker does beside its work, again and again until it shuts down."""

import logging
import threading
from collections.abc import Callable
from contextlib import suppress

from django.db import Error, connection

from conferences.sync.database import DatabaseUnavailable

logger = logging.getLogger(__name__)

LAST_SECONDS = 5.0


class Beside:
    """A thread that does something again and again, and something last. A database that fails is tried again.

    what  is done, as in “looking for alerts failed”
    """

    def __init__(self, name: str, what: str) -> None:
        self._name = name
        self._what = what
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(
        self, do: Callable[[], None], every_seconds: Callable[[], float], last: Callable[[], None] = lambda: None
    ) -> None:
        self._stop.clear()
        args = (do, every_seconds, last)
        self._thread = threading.Thread(target=self._run, args=args, name=self._name, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()

    def end(self) -> None:
        """Waits until the last is done, for a process that is about to end and would end the thread with it."""
        self.stop()
        if self._thread:
            self._thread.join(LAST_SECONDS)

    def _run(self, do: Callable[[], None], every_seconds: Callable[[], float], last: Callable[[], None]) -> None:
        while not self._stop.is_set():
            try:
                do()
            except (Error, DatabaseUnavailable) as error:
                logger.warning("%s failed (%s); trying again", self._what, type(error).__name__)
            finally:
                connection.close()
            self._stop.wait(every_seconds())
        with suppress(Error):
            last()
        connection.close()
