"""Asking the database aside: in another thread and on a connection of its own, and not for long.

Whoever asks may be in a transaction, and must get an answer in time whatever is broken.
"""

from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import TypeVar

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

T = TypeVar("T")

SECONDS = 1.0


@contextmanager
def briefly() -> Iterator[CursorWrapper]:
    """For the thread that asks. Its connection is closed afterwards: nobody else would. Raises django.db.Error."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = %s", [int(SECONDS * 1000)])
            yield cursor
    finally:
        connection.close()


def so_far(asked: "Future[T]") -> T | None:
    """None while it is not answered; what has not even begun by now never will be."""
    if asked.cancel() or not asked.done():
        return None
    return asked.result()
