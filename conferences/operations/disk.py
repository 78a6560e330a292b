"""Has the database room to store anything? With a full disk it still reads, and everything looks well."""

from concurrent.futures import Future, ThreadPoolExecutor, wait

from django.db import Error, connection, transaction

SECONDS = 1.0
DISK_FULL = "53100"
# A few pages that are gone with the transaction: only a file that has to grow meets the end of the disk.
TRY = "CREATE TEMPORARY TABLE growing ON COMMIT DROP AS SELECT each, random() FROM generate_series(1, 5000) AS each"

# A connection of its own: whoever asks may be in a transaction, which a refusal would end.
_THREAD = ThreadPoolExecutor(1, "room")


def ask_for_room() -> "Future[bool]":
    return _THREAD.submit(_has_room)


def has_room() -> bool:
    """False only when the database says that its disk is full; it is waited for briefly."""
    asked = ask_for_room()
    wait([asked], SECONDS)
    return found(asked)


def found(asked: "Future[bool]") -> bool:
    """What is not known by now is no reason for an alarm: that the database answers is asked elsewhere."""
    return True if asked.cancel() or not asked.done() else asked.result()


def _has_room() -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = %s", [int(SECONDS * 1000)])
            cursor.execute(TRY)
    except Error as error:
        return getattr(error.__cause__, "pgcode", None) != DISK_FULL
    finally:
        connection.close()
    return True
