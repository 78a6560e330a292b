"""Units of work that survive a lost database connection."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import InterfaceError, InternalError, OperationalError, close_old_connections, connection, transaction

logger = logging.getLogger(__name__)

T = TypeVar("T")

RETRIES = 3
PAUSES_SECONDS = (0.2, 1.0, 3.0)
# Lost connections have no code at all; then shutdown, serialisation, deadlock, too many clients, lock time-out,
# and the read-only replica that a failover may leave us on.
TRANSIENT_CODES = {None, "57P01", "57P02", "57P03", "40001", "40P01", "53300", "55P03", "25006"}
SENTENCE = "Database connection error. Please wait a moment and try again."
DISK_FULL = (
    "The database cannot store anything: its disk is full. An administrator must make room there. "
    "What was stored is kept, and what was begun goes on afterwards."
)
# Who cannot even connect is told no code. https://www.postgresql.org/docs/current/errcodes-appendix.html
_FULL_CODE, _FULL_SIGNS = "53100", ("No space left on device", "could not write init file")


class DatabaseUnavailable(Exception):
    """The database stayed out of reach through every retry; str() is the sentence for the user."""

    def __init__(self, sentence: str = SENTENCE) -> None:
        super().__init__(sentence)


class DatabaseFull(DatabaseUnavailable):
    """It cannot store anything until somebody has made room; trying again at once is of no use."""

    def __init__(self) -> None:
        super().__init__(DISK_FULL)


def is_disk_full(error: BaseException) -> bool:
    if isinstance(error, DatabaseFull):
        return True
    code = getattr(error.__cause__, "pgcode", None)
    return code == _FULL_CODE or (code is None and any(sign in str(error) for sign in _FULL_SIGNS))


def sentence_of(error: BaseException) -> str:
    return DISK_FULL if is_disk_full(error) else SENTENCE


def is_transient(error: Exception) -> bool:
    """Whether the same unit of work may succeed on a fresh connection."""
    if isinstance(error, InterfaceError):
        return True
    code = getattr(error.__cause__, "pgcode", None)
    if isinstance(error, InternalError):
        return code == "25006"
    return isinstance(error, OperationalError) and (code in TRANSIENT_CODES or str(code).startswith("08"))


def resilient(unit: Callable[[], T]) -> T:
    """Runs an idempotent unit in one transaction; a stale connection is dropped and the whole unit tried again.

    Raises DatabaseUnavailable after three retries, DatabaseFull at once. Inside a caller's transaction the unit simply
    joins it, since only the outermost block can be repeated.
    """
    if connection.in_atomic_block:
        return unit()
    for pause_seconds in (*PAUSES_SECONDS, None):
        close_old_connections()
        try:
            with transaction.atomic():
                return unit()
        except (OperationalError, InterfaceError, InternalError) as error:
            if is_disk_full(error):
                connection.close()
                raise DatabaseFull from error
            if not is_transient(error):
                raise
            connection.close()
            if pause_seconds is None:
                raise DatabaseUnavailable from error
            logger.warning("database connection lost (%s), trying again", type(error).__name__)
            time.sleep(pause_seconds)
    raise AssertionError("unreachable")


@contextmanager
def own_connection() -> Iterator[None]:
    """What a thread opens here it closes here: nobody else will."""
    opened_before = connection.connection is not None
    try:
        yield
    finally:
        if not opened_before:
            connection.close()
