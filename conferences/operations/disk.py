"""Has the database room to store anything? With a full disk it still reads, and everything looks well."""

import time
from concurrent.futures import Future, ThreadPoolExecutor, wait
from enum import StrEnum

from django.db import Error, InterfaceError, OperationalError

from conferences.operations.aside import SECONDS, briefly, so_far
from conferences.sync.database import is_disk_full

# Pages that are gone with the transaction: only a file that has to grow meets the end of the disk. 50 bytes a row.
TRY = "CREATE TEMPORARY TABLE growing ON COMMIT DROP AS SELECT each, random() FROM generate_series(1, {rows}) AS each"
# On a full disk something small fits again and again. It counts as mended only when there is room for more than that.
ROWS, ROWS_TO_BE_MENDED = 20_000, 200_000
# Pages and probes ask every few seconds: room that was found is not looked for again at once. A full disk is, so that
# it is seen at once when somebody has made room.
BELIEVED_SECONDS = 5.0
LATELY_SECONDS = 30.0

_THREAD = ThreadPoolExecutor(1, "room")
_believed_until = float("-inf")
_full_at = float("-inf")


class Room(StrEnum):
    """closed: it takes no new connections, whatever those that are open may still read. unknown: not told in time."""

    FOUND = "found"
    FULL = "full"
    CLOSED = "closed"
    UNKNOWN = "unknown"


def ask_for_room() -> "Future[Room]":
    return _THREAD.submit(_look)


def room() -> Room:
    """Waited for briefly."""
    asked = ask_for_room()
    wait([asked], SECONDS)
    return found(asked)


def has_room() -> bool:
    """False only when the database says that its disk is full."""
    return room() is not Room.FULL


def was_full_lately() -> bool:
    """What others could not store while it was, they may not have stored again yet."""
    return time.monotonic() < _full_at + LATELY_SECONDS


def found(asked: "Future[Room]") -> Room:
    return so_far(asked) or Room.UNKNOWN


def _look() -> Room:
    global _believed_until, _full_at  # noqa: PLW0603 - of this one thread
    if time.monotonic() < _believed_until:
        return Room.FOUND
    rows = ROWS_TO_BE_MENDED if _full_at > _believed_until else ROWS
    try:
        with briefly() as cursor:
            cursor.execute(TRY.format(rows=rows))
    except Error as error:
        if is_disk_full(error):
            _full_at = time.monotonic()
            return Room.FULL
        return Room.CLOSED if _is_closed(error) else Room.UNKNOWN
    _believed_until = time.monotonic() + BELIEVED_SECONDS
    return Room.FOUND


def _is_closed(error: Error) -> bool:
    """What could not even connect is told no code."""
    lost = isinstance(error, OperationalError | InterfaceError)
    return lost and getattr(error.__cause__, "pgcode", None) is None
