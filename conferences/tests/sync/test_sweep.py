"""A running worker looks for waiting runs now and then."""

import threading
from collections.abc import Callable

import pytest
from celery.signals import worker_init
from django.db import OperationalError
from pytest_django import Settings

from conferences.models import Conference, SyncItem, SyncRun, SyncStep
from conferences.sync import doorbell, runs, sweep
from conferences.sync.lease import claim


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    told: list[int] = []
    monkeypatch.setattr(doorbell, "ring", lambda run_id: told.append(run_id) or True)
    return told


def test_waiting_run_is_rung_for(conference: Conference, rung: list[int]) -> None:
    run = runs.request(conference, via="command", ring=False)
    sweep.sweep()
    assert rung == [run.pk]


def test_run_that_was_done_is_finished(conference: Conference, rung: list[int]) -> None:
    run = runs.request(conference, via="command", ring=False)
    claim(run.pk, "first")
    SyncItem.objects.update(state="done")
    SyncStep.objects.update(outcome="no_data")
    sweep.sweep()
    assert (SyncRun.objects.get().state, rung) == ("succeeded", [])


def test_sweep_starts_no_run_of_its_own(conference: Conference, rung: list[int]) -> None:
    """Promise: a sync starts only when a person asks for it."""
    sweep.sweep()
    assert (SyncRun.objects.count(), rung) == (0, [])


def test_sweeping_outlives_a_database_that_is_away(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    settings.SYNC_RING_AGAIN_SECONDS = 0.001
    swept, enough = [], threading.Event()

    def away() -> None:
        swept.append(1)
        if len(swept) == 3:
            enough.set()
        raise OperationalError("EOF detected")

    monkeypatch.setattr(sweep, "sweep", away)
    sweep.start()
    try:
        assert enough.wait(20)
    finally:
        sweep.stop()


def test_sweeping_ends_with_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    swept = threading.Event()
    monkeypatch.setattr(sweep, "sweep", swept.set)
    sweep.start()
    assert swept.wait(20)
    sweep.stop()
    threads: Callable[[], list[threading.Thread]] = lambda: [t for t in threading.enumerate() if t.name == "sweep"]  # noqa: E731
    for thread in threads():
        thread.join(20)
    assert threads() == []


def test_worker_keeps_its_part_of_a_pace_that_is_not_shared(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.SYNC_ITEMS_AT_ONCE = 7
    monkeypatch.setattr(sweep.PACER, "sharers", 1)
    worker_init.send(sender=None)
    assert sweep.PACER.sharers == 7
