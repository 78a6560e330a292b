"""What a worker does beside its work goes on through faults, and ends when it is told to."""

import logging
import threading
from collections.abc import Iterator

import pytest
from django.db import OperationalError

from conferences.sync import beside as module
from conferences.sync.beside import Beside
from conferences.sync.database import DatabaseUnavailable

PATIENCE_SECONDS = 20.0


class Job:
    """Counts its rounds; the first ones fail as `faults` says."""

    def __init__(self, *faults: Exception) -> None:
        self.faults = list(faults)
        self.rounds = 0
        self.went_well = threading.Event()
        self.ended = threading.Event()

    def do(self) -> None:
        self.rounds += 1
        if self.faults:
            raise self.faults.pop(0)
        self.went_well.set()

    def last(self) -> None:
        self.ended.set()


@pytest.fixture
def beside() -> Iterator[Beside]:
    made = Beside("job", "doing the job")
    yield made
    made.stop()
    for thread in _threads():
        thread.join(PATIENCE_SECONDS)


def _threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "job"]


def start(beside: Beside, job: Job, every_seconds: float = 0.001) -> None:
    beside.start(job.do, lambda: every_seconds, job.last)
    assert job.went_well.wait(PATIENCE_SECONDS)


def test_faults_of_the_database_are_told_and_tried_again(beside: Beside, caplog: pytest.LogCaptureFixture) -> None:
    job = Job(OperationalError("gone"), DatabaseUnavailable())
    with caplog.at_level(logging.WARNING, logger="conferences.sync.beside"):
        start(beside, job)
    assert job.rounds >= 3
    assert [record.getMessage() for record in caplog.records] == [
        "doing the job failed (OperationalError); trying again",
        "doing the job failed (DatabaseUnavailable); trying again",
    ]


def test_stopping_does_not_wait_for_the_next_round(beside: Beside) -> None:
    job = Job()
    start(beside, job, every_seconds=3600)
    assert not job.ended.is_set()
    beside.stop()
    assert job.ended.wait(PATIENCE_SECONDS)
    assert job.rounds == 1


def test_it_starts_again_after_a_stop(beside: Beside) -> None:
    first, second = Job(), Job()
    start(beside, first)
    beside.stop()
    assert first.ended.wait(PATIENCE_SECONDS)
    start(beside, second)


def test_last_act_that_fails_ends_it_all_the_same(beside: Beside) -> None:
    def fail() -> None:
        raise OperationalError("gone")

    went_well = threading.Event()
    beside.start(went_well.set, lambda: 3600, fail)
    assert went_well.wait(PATIENCE_SECONDS)
    (thread,) = _threads()
    beside.stop()
    thread.join(PATIENCE_SECONDS)
    assert not thread.is_alive()


def test_ending_waits_until_the_last_is_done(beside: Beside) -> None:
    went_well, may_end, ended = threading.Event(), threading.Event(), []

    def last() -> None:
        may_end.wait(PATIENCE_SECONDS)
        ended.append("said")

    beside.start(went_well.set, lambda: 3600, last)
    assert went_well.wait(PATIENCE_SECONDS)
    threading.Timer(0.1, may_end.set).start()
    beside.end()
    assert ended == ["said"]


def test_ending_does_not_wait_for_ever(beside: Beside, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever told the worker to end kills it after a while, and then what it holds is not handed back."""
    monkeypatch.setattr(module, "LAST_SECONDS", 0.01)
    went_well, may_end = threading.Event(), threading.Event()
    beside.start(went_well.set, lambda: 3600, lambda: may_end.wait(PATIENCE_SECONDS) and None)
    assert went_well.wait(PATIENCE_SECONDS)
    beside.end()
    (thread,) = _threads()
    assert thread.is_alive()
    may_end.set()


def test_what_never_began_ends_at_once(beside: Beside) -> None:
    beside.end()
    assert _threads() == []
