"""Fetching runs ahead of storing, in a thread that never touches the ORM."""

import contextvars
import queue
import threading
from collections.abc import Callable, Iterator

from conferences.providers.errors import Cancelled
from conferences.providers.records import Record

AHEAD = 500  # records fetched but not yet stored
BATCH = 200  # records stored in one transaction


class _End:
    """The listing is over: cleanly, or with the error that ended it."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


class Fetch:
    """One operation's records, in batches. An empty batch means that nothing came for a while: time for a heartbeat."""

    def __init__(self, listing: Callable[[], Iterator[Record]], stop: threading.Event, patience_seconds: float) -> None:
        self._listing = listing
        self._stop = stop
        self._patience_seconds = patience_seconds
        self._queue: queue.Queue[Record | _End] = queue.Queue(AHEAD)
        self._abandoned = threading.Event()
        # The thread logs and asks as a part of what is going on here.
        here = contextvars.copy_context()
        self._thread = threading.Thread(target=here.run, args=(self._run,), name="fetch", daemon=True)

    def batches(self) -> Iterator[list[Record]]:
        """Raises what the listing raised, after the records that came before it."""
        self._thread.start()
        end: _End | None = None
        while end is None:
            batch, end = self._batch()
            yield batch
        if end.error is not None:
            raise end.error

    def put(self, record: Record) -> None:
        """From any thread: a notice that belongs among the records."""
        self._put(record)

    def abandon(self) -> None:
        """Nobody stores any more: the thread ends at its next record."""
        self._abandoned.set()

    def _batch(self) -> tuple[list[Record], _End | None]:
        batch: list[Record] = []
        try:
            entry = self._queue.get(timeout=self._patience_seconds)
            while not isinstance(entry, _End):
                batch.append(entry)
                if len(batch) >= BATCH:
                    return batch, None
                entry = self._queue.get_nowait()
        except queue.Empty:
            return batch, None
        return batch, entry

    def _run(self) -> None:
        end = _End(None)
        try:
            for record in self._listing():
                self._put(record)
        except BaseException as error:  # noqa: BLE001 - carried over to the storing thread, which decides
            end = _End(error)
        try:
            self._put(end)
        except Cancelled:
            return

    def _put(self, entry: Record | _End) -> None:
        while not (self._stop.is_set() or self._abandoned.is_set()):
            try:
                return self._queue.put(entry, timeout=0.5)
            except queue.Full:
                continue
        raise Cancelled
