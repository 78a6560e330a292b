"""A full disk does not look well because what was stored can still be read."""

import time

import pytest
from django.db import transaction
from django.test import Client

from conferences.models import Connection
from conferences.operations import disk
from conferences.operations.gathering import system
from conferences.operations.health import judge_all
from conferences.sync.database import DISK_FULL

NO_SPACE = "DO $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$"
REFUSED = "DO $$ BEGIN RAISE EXCEPTION 'not allowed' USING ERRCODE = '42501'; END $$"


@pytest.fixture(autouse=True)
def nothing_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "_believed_until", float("-inf"))


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
    assert disk.has_room() is True


@pytest.mark.usefixtures("full")
def test_asking_ends_no_transaction_of_whoever_asks(rooms: Connection) -> None:
    with transaction.atomic():
        assert disk.has_room() is False
        assert Connection.objects.get() == rooms
