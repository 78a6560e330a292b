"""Shows a run's progress and log while this very process works on it, and carries Ctrl-C to it."""

import logging
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Any, Self

from django.db import DatabaseError, connection
from rich.console import Console

from conferences.management.output import printable
from conferences.models import SyncEvent, SyncRun
from conferences.providers.redaction import for_logs
from conferences.sync import runs
from conferences.sync.database import DatabaseUnavailable

LOOK_EVERY_SECONDS = 0.5
EVENT_LOG = logging.getLogger("conferences.sync")
STYLES = {"warning": "yellow", "error": "red"}
SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Watch:
    """A context around the work. `stopped_by` is the signal that cancelled it, 0 without one.

    Looking is done by a thread with a database connection of its own, which it closes. A second signal is not caught:
    it ends the process, and the run goes back to the workers.
    """

    def __init__(self, run: SyncRun, err: Console) -> None:
        self.stopped_by = 0
        self._run, self._err = run, err
        self._last_event = 0
        self._cancelled = False
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="watch", daemon=True)
        self._status = err.status(run.phase)
        self._former: dict[int, Any] = {}

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            self._former = {number: signal.signal(number, self._stop) for number in SIGNALS}
        self._status.start()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()
        self._status.stop()
        self._give_back_signals()
        if kind is None:
            self._look()

    def _stop(self, number: int, _: FrameType | None) -> None:
        """A handler may run in the middle of a query: it only leaves word, and the thread cancels."""
        self.stopped_by = number
        self._give_back_signals()

    def _give_back_signals(self) -> None:
        for number, handler in self._former.items():
            signal.signal(number, handler)
        self._former = {}

    def _follow(self) -> None:
        try:
            while not self._over.wait(LOOK_EVERY_SECONDS):
                try:
                    self._look()
                except (DatabaseError, DatabaseUnavailable):
                    # The work itself notices and reports this; looking may begin anew.
                    connection.close()
        finally:
            connection.close()

    def _look(self) -> None:
        if self.stopped_by and not self._cancelled:
            self._err.print(
                "Cancelling; what is stored stays. Press Ctrl-C again to leave at once.", style="yellow", soft_wrap=True
            )
            runs.cancel(SyncRun.objects.get(pk=self._run.pk))
            self._cancelled = True
        for event in SyncEvent.objects.filter(run=self._run, pk__gt=self._last_event):
            # What nobody watches is kept as a log by whoever started this.
            text = event.text if self._err.is_terminal else for_logs(event.text)
            self._err.print(printable(f"{event.at:%H:%M:%S}  {text}"), style=STYLES.get(event.level), soft_wrap=True)
            self._last_event = event.pk
        run = SyncRun.objects.only("phase", "progress").filter(pk=self._run.pk).first()
        if run is not None:  # it goes with its conference, should somebody delete that
            self._status.update(printable(f"{run.progress} %  {run.phase}"))


@contextmanager
def told_once() -> Iterator[None]:
    """The engine's log repeats a run's events as lines of its own; where a command tells them, those stay silent."""

    def others(record: logging.LogRecord) -> bool:
        return record.name != EVENT_LOG.name

    EVENT_LOG.addFilter(others)
    try:
        yield
    finally:
        EVENT_LOG.removeFilter(others)
