"""Promise: a lost connection is dropped and the unit tried again, up to three times, before anybody hears of it."""

from collections.abc import Callable

import psycopg2
import pytest
from django.db import (
    DataError,
    IntegrityError,
    InterfaceError,
    InternalError,
    OperationalError,
    ProgrammingError,
    connection,
)

from conferences.models import Connection
from conferences.sync import database
from conferences.sync.database import (
    DISK_FULL,
    SENTENCE,
    DatabaseFull,
    DatabaseUnavailable,
    is_transient,
    resilient,
    sentence_of,
)


class Coded(Exception):
    def __init__(self, code: str | None) -> None:
        self.pgcode = code


def caused(kind: type[Exception], code: str | None) -> Exception:
    error = kind("as PostgreSQL says it")
    error.__cause__ = Coded(code)
    return error


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that were made, none of them for real."""
    made: list[float] = []
    monkeypatch.setattr(database.time, "sleep", made.append)
    return made


def kill_own_backend() -> None:
    """What a failover or an administrator does, in the middle of whatever we are doing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")


def kill_from_outside(backend: int) -> None:
    other = psycopg2.connect(**connection.get_connection_params())
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 10000)", [backend])
        assert cursor.fetchone() == (True,)
    other.close()


def failing(times: int, error: Callable[[], Exception]) -> Callable[[], str]:
    left = [times]

    def unit() -> str:
        if left[0]:
            left[0] -= 1
            raise error()
        return "done"

    return unit


@pytest.mark.parametrize(
    "code", [None, "57P01", "57P03", "40001", "40P01", "53300", "55P03", "25006", "08006", "08P01"]
)
def test_connection_trouble_is_transient(code: str | None) -> None:
    assert is_transient(caused(OperationalError, code)) is True


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (InterfaceError("connection already closed"), True),
        (caused(InternalError, "25006"), True),
        (caused(InternalError, "25P02"), False),
        (caused(OperationalError, "57014"), False),
        (caused(OperationalError, "53100"), False),
        (caused(DataError, "22003"), False),
        (caused(IntegrityError, "23505"), False),
        (ValueError("NUL"), False),
    ],
)
def test_other_trouble(error: Exception, expected: bool) -> None:
    assert is_transient(error) is expected


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("times", [0, 1, 2, 3])
def test_unit_is_tried_up_to_four_times(pauses: list[float], times: int) -> None:
    assert resilient(failing(times, lambda: OperationalError("EOF detected"))) == "done"
    assert pauses == list(database.PAUSES_SECONDS[:times])


@pytest.mark.django_db(transaction=True)
def test_sentence_follows_the_third_retry(pauses: list[float]) -> None:
    with pytest.raises(DatabaseUnavailable) as told:
        resilient(failing(4, lambda: OperationalError("EOF detected")))
    assert (str(told.value), len(pauses)) == (SENTENCE, 3)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "error", [DataError, IntegrityError, ProgrammingError, lambda: caused(OperationalError, "57014"), ValueError]
)
def test_what_would_fail_again_is_not_retried(pauses: list[float], error: Callable[[], Exception]) -> None:
    with pytest.raises(Exception) as raised:  # noqa: PT011
        resilient(failing(1, error))
    assert (isinstance(raised.value, DatabaseUnavailable), pauses) == (False, [])


@pytest.mark.django_db(transaction=True)
def test_backend_terminated_between_two_statements(pauses: list[float]) -> None:
    """The whole unit is repeated on a fresh connection, and what its first half wrote is there once."""
    attempts: list[int] = []

    def unit() -> None:
        attempts.append(1)
        Connection.objects.create(provider="campus", name="First")
        if len(attempts) == 1:
            kill_own_backend()
        Connection.objects.create(provider="campus", name="Second")

    resilient(unit)
    assert (len(attempts), len(pauses)) == (2, 1)
    assert list(Connection.objects.values_list("name", flat=True)) == ["First", "Second"]


@pytest.mark.django_db(transaction=True)
def test_backend_terminated_just_before_the_commit(pauses: list[float]) -> None:
    attempts: list[int] = []

    def unit() -> None:
        attempts.append(1)
        Connection.objects.create(provider="campus", name="Only")
        if len(attempts) == 1:
            kill_from_outside(connection.connection.info.backend_pid)

    resilient(unit)
    assert (len(attempts), Connection.objects.count()) == (2, 1)


@pytest.mark.django_db(transaction=True)
def test_connection_that_died_while_idle_is_noticed_before_the_unit(pauses: list[float]) -> None:
    """A health check, not a retry: nothing is repeated."""
    assert Connection.objects.count() == 0
    with pytest.raises(OperationalError):
        kill_own_backend()
    assert (resilient(Connection.objects.count), pauses) == (0, [])


@pytest.mark.django_db
def test_inside_a_transaction_the_unit_joins_it() -> None:
    with pytest.raises(OperationalError):
        resilient(failing(1, lambda: OperationalError("EOF detected")))


@pytest.mark.parametrize(
    "error",
    [
        caused(OperationalError, "53100"),
        OperationalError("connection failed: FATAL:  could not write init file"),
        OperationalError("FATAL:  could not open file: No space left on device"),
    ],
)
@pytest.mark.django_db(transaction=True)
def test_full_disk_is_told_at_once(error: Exception, pauses: list[float]) -> None:
    """Trying again is of no use: somebody has to make room."""
    with pytest.raises(DatabaseFull, match="its disk is full") as caught:
        resilient(failing(1, lambda: error))
    assert (pauses, isinstance(caught.value, DatabaseUnavailable)) == ([], True)
    assert sentence_of(caught.value) == sentence_of(error) == DISK_FULL


@pytest.mark.parametrize("error", [caused(OperationalError, None), caused(OperationalError, "57P01"), ValueError("x")])
def test_other_trouble_is_no_full_disk(error: Exception) -> None:
    assert sentence_of(error) == SENTENCE
