"""Has the database room to store anything? With a full disk it still reads, and everything looks well."""

import time
from concurrent.futures import Future, ThreadPoolExecutor, wait

from django.db import Error

from conferences.operations.aside import SECONDS, briefly, so_far
from conferences.sync.database import is_disk_full

# A few pages that are gone with the transaction: only a file that has to grow meets the end of the disk.
TRY = "CREATE TEMPORARY TABLE growing ON COMMIT DROP AS SELECT each, random() FROM generate_series(1, 5000) AS each"
# Pages and probes ask every few seconds: room that was found is not looked for again at once. A full disk is, so that
# it is seen at once when somebody has made room.
BELIEVED_SECONDS = 15.0

_THREAD = ThreadPoolExecutor(1, "room")
_believed_until = float("-inf")


def ask_for_room() -> "Future[bool]":
    return _THREAD.submit(_has_room)


def has_room() -> bool:
    """False only when the database says that its disk is full; it is waited for briefly."""
    asked = ask_for_room()
    wait([asked], SECONDS)
    return found(asked)


def found(asked: "Future[bool]") -> bool:
    """What is not known by now is no reason for an alarm: that the database answers is asked elsewhere."""
    return so_far(asked) is not False


def _has_room() -> bool:
    global _believed_until  # noqa: PLW0603 - of this one thread
    if time.monotonic() < _believed_until:
        return True
    try:
        with briefly() as cursor:
            cursor.execute(TRY)
    except Error as error:
        return not is_disk_full(error)
    _believed_until = time.monotonic() + BELIEVED_SECONDS
    return True
