"""Promise: a test session starts what it is not given, and leaves nothing behind."""

import fcntl
import os
from pathlib import Path

import pytest
import redis

from lms_project.local import scratch
from lms_project.local.children import command_of
from lms_project.local.scratch import PREFIX, Scratch, sweep

GIVEN = {"DATABASE_URL": "postgres://given"}


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(scratch, "_place", lambda: tmp_path)
    return tmp_path


def test_scratch_starts_only_what_is_missing() -> None:
    with Scratch(GIVEN) as servers:
        assert list(servers.environment) == ["REDIS_URL"]
        assert redis.Redis.from_url(servers.environment["REDIS_URL"]).ping() is True


def test_scratch_makes_nothing_when_all_is_given(place: Path) -> None:
    with Scratch({**GIVEN, "REDIS_URL": "redis://given"}) as servers:
        assert (servers.environment, list(place.iterdir())) == ({}, [])


def test_scratch_leaves_nothing(place: Path) -> None:
    with Scratch(GIVEN) as servers:
        process = servers._servers[0].process
        assert process is not None
    assert (list(place.iterdir()), command_of(process.pid)) == ([], "")


def test_scratch_cleans_up_when_a_server_does_not_start(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    homes = []

    def broken(self: scratch.Postgres) -> str:
        homes.append(self.home)
        raise OSError("no more ports")

    monkeypatch.setattr(scratch.Postgres, "start", broken)
    with pytest.raises(OSError, match="no more ports"), Scratch({}):
        pass
    assert list(place.iterdir()) == []
    assert [home.exists() for home in homes] == [False]


def test_sweep_removes_what_a_killed_session_left(place: Path) -> None:
    left = place / f"{PREFIX}left"
    (left / "broker").mkdir(parents=True)
    (left / "lock").touch()
    sweep(place)
    assert list(place.iterdir()) == []


def test_sweep_leaves_a_running_session_alone(place: Path) -> None:
    used = place / f"{PREFIX}used"
    used.mkdir()
    descriptor = os.open(used / "lock", os.O_CREAT | os.O_RDWR)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        sweep(place)
        assert list(place.iterdir()) == [used]
    finally:
        os.close(descriptor)


def test_sweep_leaves_other_folders_alone(place: Path) -> None:
    (place / "other").mkdir()
    (place / "other" / "lock").touch()
    sweep(place)
    assert (place / "other" / "lock").exists()
