"""A full disk does not look well because what was stored can still be read."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import OperationalError, transaction
from django.db.backends.utils import CursorWrapper
from django.test import Client

from conferences.models import Connection
from conferences.operations import disk
from conferences.operations.disk import Room
from conferences.operations.gathering import system
from conferences.operations.health import judge_all
from conferences.sync.database import DISK_FULL

NO_SPACE = "DO $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$"
REFUSED = "DO $$ BEGIN RAISE EXCEPTION 'not allowed' USING ERRCODE = '42501'; END $$"


@pytest.fixture(autouse=True)
def nothing_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "_believed_until", float("-inf"))
    monkeypatch.setattr(disk, "_full_at", float("-inf"))


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "TRY", NO_SPACE)


def test_database_with_room(rooms: Connection) -> None:
    assert rooms
    assert (disk.has_room(), disk.has_room()) == (True, True)


def test_room_that_was_found_is_not_looked_for_again_at_once(
    rooms: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages that keep themselves up to date ask every few seconds."""
    assert rooms
    assert disk.has_room() is True
    monkeypatch.setattr(disk, "TRY", NO_SPACE)
    assert disk.has_room() is True
    monkeypatch.setattr(disk, "_believed_until", time.monotonic())
    assert (disk.has_room(), disk.has_room()) == (False, False)
    monkeypatch.setattr(disk, "TRY", "SELECT 1")
    assert disk.has_room() is True


@pytest.mark.usefixtures("full")
def test_full_disk_is_critical(rooms: Connection) -> None:
    assert rooms
    found = system()
    assert found.room is False
    assert found.troubles[0] == DISK_FULL
    assert DISK_FULL in judge_all({}, found).critical


@pytest.mark.usefixtures("full")
def test_full_disk_is_not_ready(rooms: Connection, client: Client) -> None:
    assert rooms
    answer = client.get("/readyz")
    assert (answer.status_code, "no room left on its disk" in answer.content.decode()) == (503, True)


def test_any_other_refusal_is_no_full_disk(rooms: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    assert rooms
    monkeypatch.setattr(disk, "TRY", REFUSED)
    assert (disk.room(), disk.has_room()) == (Room.UNKNOWN, True)


SOME_FIT = """DO $$ BEGIN IF {rows} > 20000 THEN
    RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END IF; END $$"""


def test_something_small_that_fits_again_does_not_mean_that_there_is_room(
    rooms: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Promise: what is full is not called full and well in turns."""
    assert rooms
    monkeypatch.setattr(disk, "TRY", SOME_FIT)
    assert disk.room() is Room.FOUND  # nobody has seen it full yet
    monkeypatch.setattr(disk, "_believed_until", float("-inf"))
    monkeypatch.setattr(disk, "TRY", NO_SPACE)
    assert disk.room() is Room.FULL
    monkeypatch.setattr(disk, "TRY", SOME_FIT)
    assert [disk.room() for _ in range(3)] == [Room.FULL] * 3
    monkeypatch.setattr(disk, "TRY", "SELECT 1")
    assert disk.room() is Room.FOUND


@contextmanager
def refusing(text: str) -> Iterator[CursorWrapper]:
    """What whoever connects anew is told; psycopg2 gives such an error no code."""
    raise OperationalError(f'connection to server at "127.0.0.1", port 5432 failed: FATAL:  {text}')
    yield


def closed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(disk, "briefly", lambda: refusing(text))


@pytest.mark.parametrize("text", ["could not write init file", "could not open: No space left on device"])
def test_connection_that_is_refused_for_want_of_room_is_a_full_disk(
    rooms: Connection, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    assert rooms
    closed(monkeypatch, text)
    assert disk.room() is Room.FULL
    assert DISK_FULL in system().troubles


def test_database_that_takes_no_new_connections_is_not_well(
    rooms: Connection, monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    """Whoever asks may have a connection that is still open, and reads well over it."""
    assert rooms
    closed(monkeypatch, "sorry, too many clients already")
    found = system()
    assert (disk.has_room(), found.room, found.open) == (True, True, False)
    assert judge_all({}, found).critical == (
        "The database takes no new connections. Look at its log, and at its disk.",
    )
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["database"]["told"]) == (503, "does not answer")


@pytest.mark.usefixtures("full")
def test_worker_that_cannot_note_its_beat_is_not_called_stopped(
    rooms: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor before it could note the next one."""
    assert rooms
    assert set(system().named_troubles) == {"disk"}
    monkeypatch.setattr(disk, "TRY", "SELECT 1")
    assert set(system().named_troubles) == set()
    monkeypatch.setattr(disk, "_full_at", time.monotonic() - disk.LATELY_SECONDS)
    assert set(system().named_troubles) == {"worker"}


@pytest.mark.usefixtures("full")
def test_asking_ends_no_transaction_of_whoever_asks(rooms: Connection) -> None:
    with transaction.atomic():
        assert disk.has_room() is False
        assert Connection.objects.get() == rooms
