"""A worker that is told to end: all its processes know, and none begins anything new."""

import multiprocessing
from collections.abc import Iterator

import pytest
from celery.apps import worker as celery_worker
from celery.signals import worker_shutdown, worker_shutting_down
from celery.utils.dispatch import Signal

from conferences.models import Conference, SyncItem, SyncRun
from conferences.providers.base import Link, Target
from conferences.providers.records import Record
from conferences.sync import doorbell, leaving, runs, sweep, worker
from conferences.sync.lease import Lease, claim
from conferences.tests.campus_integration.scripts import quick
from conferences.tests.sync.conftest import perform
from lms_project.celery import app
from lms_project.worker import Worker


@pytest.fixture(autouse=True)
def _stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Afterwards this process is told nothing any more."""
    monkeypatch.setattr(leaving, "_TOLD", bytearray(1))


@pytest.fixture
def stopped(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    told: list[str] = []
    monkeypatch.setattr(sweep._beside, "stop", lambda: told.append("stop"))
    return told


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    told: list[int] = []
    monkeypatch.setattr(doorbell, "ring", lambda run_id: told.append(run_id) or True)
    return told


def ask(run_id: int) -> SyncRun:
    return SyncRun.objects.get(pk=run_id)


def test_nobody_leaves_unasked() -> None:
    assert not leaving.is_leaving()


@pytest.mark.parametrize("signal", [worker_shutting_down, worker_shutdown])
def test_signals_of_celery_are_heard(signal: Signal, stopped: list[str]) -> None:
    signal.send(sender=None)
    assert (leaving.is_leaving(), stopped[0]) == (True, "stop")


def test_leaving_is_told_once(stopped: list[str]) -> None:
    leaving.leave()
    leaving.leave()
    assert stopped == ["stop"]


def test_process_of_the_pool_knows_what_its_parent_was_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    fork = multiprocessing.get_context("fork")
    begun, told = fork.Event(), fork.Event()
    answers = fork.SimpleQueue()

    def child() -> None:
        answers.put(leaving.is_leaving())
        begun.set()
        told.wait(20)
        answers.put(leaving.is_leaving())

    process = fork.Process(target=child)
    process.start()
    try:
        assert begun.wait(20)
        leaving._TOLD[0] = 1
        told.set()
        assert [answers.get(), answers.get()] == [False, True]
    finally:
        leaving._TOLD[0] = 0
        process.join(20)


def test_worker_leaves_before_celery_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Promise: what is begun in a worker's last seconds is nothing."""
    waited: list[bool] = []
    monkeypatch.setattr(
        celery_worker.Worker, "wait_for_soft_shutdown", lambda self: waited.append(leaving.is_leaving())
    )
    Worker.wait_for_soft_shutdown(object.__new__(Worker))
    assert waited == [True]


def test_command_starts_this_worker() -> None:
    assert issubclass(app.Worker, Worker)


def test_leaving_worker_claims_nothing_and_rings_for_another(conference: Conference, rung: list[int]) -> None:
    run = runs.request(conference, via="command", ring=False)
    leaving.leave()
    worker.serve(run.pk)
    assert (ask(run.pk).state, SyncItem.objects.get().token, rung) == ("queued", 0, [run.pk])


def test_item_in_hand_is_done_and_the_run_ended(
    conference: Conference, rung: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = runs.request(conference, via="command", ring=False)

    def told_in_the_middle(operation: str, target: Target, link: Link) -> Iterator[Record]:
        leaving.leave()
        yield from quick(operation, target, link)

    perform(monkeypatch, told_in_the_middle)
    worker.serve(run.pk)
    assert (ask(run.pk).state, SyncItem.objects.get().state) == ("succeeded", "done")


def test_clicks_of_others_are_left_to_others(
    conference: Conference, rung: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = runs.request(conference, via="command", ring=False)
    other = Conference.objects.get(pk=conference.pk)
    other.pk, other.external_id = None, "room-2"
    other.save()
    second = runs.request(other, via="command", ring=False)
    SyncRun.objects.update(rung_at="2026-03-02T09:00Z")

    def told(lease: Lease) -> None:
        leaving.leave()
        lease.end("done")

    monkeypatch.setattr(worker, "_run", told)
    worker.serve(first.pk)
    assert (ask(second.pk).state, second.items.get().token) == ("queued", 0)


def test_command_goes_on_to_its_end(conference: Conference, rung: list[int]) -> None:
    """It is no worker: whoever ends it sends it a signal of its own."""
    run = runs.request(conference, via="command", ring=False)
    leaving.leave()
    worker.work(run.pk)
    assert (ask(run.pk).state, claim(run.pk, "another"), rung) == ("succeeded", None, [])
