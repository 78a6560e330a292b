"""Promises that only real processes can keep: what a click asked for is done, whoever dies on the way."""

import json
import os
import signal
from datetime import timedelta

import pytest
import redis

from conferences.models import Conference, Participant, SyncItem, SyncRun, SyncStep, WorkerPulse
from conferences.providers.base import Span
from conferences.sync import account, doorbell, runs
from conferences.sync.result import result
from conferences.tests.campus_integration.scripts import TERM_STARTS_AT
from conferences.tests.campus_integration.terms import LESSONS
from conferences.tests.sync.processes.accounts import rewrite
from conferences.tests.sync.processes.workers import Workers, ended, expected, pool, stored, until

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]


def click(conference: Conference) -> SyncRun:
    run = runs.request(conference, via="page")
    assert (run.state, run.code) == ("queued", "")
    return run


def in_the_middle() -> bool:
    return 5 <= Participant.objects.count() < 20


def assert_done(run: SyncRun, conference: Conference, *, attempts: int) -> None:
    told = result(run)
    steps = {name: (step["outcome"], step["created"], step["updated"]) for name, step in told["steps"].items()}
    assert (told["status"], told["progress"]) == ("succeeded", 100)
    assert (steps["attendance"], steps["chat"]) == (("synced", 20, 0), ("synced", 20, 0))
    assert SyncItem.objects.get().attempts == attempts
    assert stored(conference) == expected(conference)


def test_click_reaches_a_worker(steady: Conference, workers: Workers) -> None:
    workers.start()
    run = click(steady)
    until(lambda: ended(run), "the run never ended")
    assert_done(run, steady, attempts=1)


def test_killed_worker_s_run_is_taken_over(steady: Conference, workers: Workers) -> None:
    """What is there in the end is what an undisturbed run would have left, and its counts too."""
    first = workers.start()
    run = click(steady)
    until(in_the_middle, "the first worker never began")
    workers.kill(first)
    workers.start()
    until(lambda: ended(run), "nobody took over")
    assert_done(run, steady, attempts=2)


def test_killed_pool_process_s_run_is_taken_over(steady: Conference, workers: Workers) -> None:
    """As the kernel does when memory runs out."""
    worker = workers.start()
    run = click(steady)
    until(in_the_middle, "the worker never began")
    for child in pool(worker):
        child.kill()
    until(lambda: ended(run), "nobody took over")
    assert_done(run, steady, attempts=2)


def test_paused_worker_that_comes_back_changes_nothing(steady: Conference, workers: Workers) -> None:
    """Two workers, an expired lease: what the first one writes later leaves no trace."""
    first = workers.start()
    run = click(steady)
    until(in_the_middle, "the first worker never began")
    os.killpg(first.pid, signal.SIGSTOP)
    workers.start()
    until(lambda: ended(run), "nobody took over")
    before = list(SyncStep.objects.values()), stored(steady)
    os.killpg(first.pid, signal.SIGCONT)
    until(lambda: "taken over" in workers.log.read_text(), "the first worker never noticed")
    assert (list(SyncStep.objects.values()), stored(steady)) == before
    assert_done(run, steady, attempts=2)


def test_lost_messages_lose_no_run(steady: Conference, workers: Workers, broker: redis.Redis) -> None:
    run = click(steady)
    broker.flushdb()
    assert broker.llen("sync") == 0
    workers.start()
    until(lambda: ended(run), "nobody rang again")
    assert_done(run, steady, attempts=1)


def test_doubled_messages_do_the_work_once(steady: Conference, workers: Workers, broker: redis.Redis) -> None:
    run = click(steady)
    for _ in range(3):
        doorbell.ring(run.pk)
    assert broker.llen("sync") == 4
    workers.start()
    until(lambda: ended(run) and not broker.llen("sync") and not broker.hlen("unacked"), "messages were left")
    assert_done(run, steady, attempts=1)


def test_deploy_hands_the_run_back(steady: Conference, workers: Workers) -> None:
    """A worker that is told to stop waits a little, gives its item back, and costs the run nothing."""
    first = workers.start(REMAP_SIGTERM="SIGQUIT", SYNC_LEASE_SECONDS="600")
    run = click(steady)
    until(in_the_middle, "the first worker never began")
    first.send_signal(signal.SIGTERM)
    until(lambda: first.poll() is not None, "the first worker never stopped")
    assert SyncItem.objects.values_list("state", "attempts", "lease_until").get() == ("queued", 0, None)
    workers.start(SYNC_LEASE_SECONDS="600")
    until(lambda: ended(run), "nobody took over")
    assert_done(run, steady, attempts=1)


def test_cancelled_run_ends_within_seconds(steady: Conference, workers: Workers) -> None:
    workers.start()
    run = click(steady)
    until(in_the_middle, "the worker never began")
    runs.cancel(run)
    until(lambda: ended(run), "the cancel was not heard")
    assert (run.state, SyncItem.objects.get().state) == ("cancelled", "cancelled")
    assert 0 < Participant.objects.count() <= 20


def test_account_is_drained_by_several_processes(steady: Conference, workers: Workers) -> None:
    """Promise: the search rings for help; nobody waits for a later look at what is left."""
    workers.start(SYNC_RING_AGAIN_SECONDS="600")
    days = Span(TERM_STARTS_AT, TERM_STARTS_AT + timedelta(days=2))
    run = account.request(steady.connection, via="page", mode="range", span=days)
    at_work = SyncItem.objects.filter(state=SyncItem.State.RUNNING).exclude(conference=None)
    until(lambda: at_work.values("worker").distinct().count() == 2, "one process was left alone with it")
    until(lambda: ended(run), "the run never ended")
    assert (run.state, result(run)["items"]) == ("succeeded", {"total": 3, "done": 3, "failed": 0})


def test_idle_worker_proves_that_it_listens_and_is_not_missed_once_it_was_stopped(
    campus: None, workers: Workers
) -> None:
    worker = workers.start()
    until(lambda: WorkerPulse.objects.filter(took_work_at__isnull=False).exists(), "its own messages never arrived")
    first = WorkerPulse.objects.get().took_work_at
    until(lambda: WorkerPulse.objects.filter(took_work_at__gt=first).exists(), "the first one was the last")
    worker.send_signal(signal.SIGTERM)
    until(lambda: not WorkerPulse.objects.exists(), "it never said that it was leaving")


def test_worker_that_is_told_to_end_begins_nothing_more_and_is_not_missed(steady: Conference, workers: Workers) -> None:
    """Promise: a deploy in the middle of an account's sync leaves neither a lost worker nor a lost conference."""
    rewrite(steady.connection, "term")
    pace = {"CAMPUS_PACE_SECONDS": "0.1", "CAMPUS_SOFT_SHUTDOWN_SECONDS": "4", "REMAP_SIGTERM": "SIGQUIT"}
    first = workers.start(**pace)
    run = account.request(steady.connection, via="page")
    at_work = SyncItem.objects.filter(run=run, state=SyncItem.State.RUNNING).exclude(conference=None)
    until(lambda: at_work.count() == 2 and WorkerPulse.objects.exists(), "the first worker never began")
    first.send_signal(signal.SIGTERM)
    until(lambda: not WorkerPulse.objects.exists(), "it never said that it was leaving")
    assert first.poll() is None, "it did not give what it had begun any time"
    begun = tried(run)
    until(lambda: not at_work.exists(), "it never ended what it had begun")
    until(lambda: first.poll() is not None, "the first worker never stopped")
    assert (tried(run), WorkerPulse.objects.exists()) == (begun, False)
    assert run.items.filter(state=SyncItem.State.QUEUED).exists()
    workers.start()
    until(lambda: ended(run), "nobody went on")
    assert (run.state, result(run)["items"]) == (
        "succeeded",
        {"total": LESSONS + 1, "done": LESSONS + 1, "failed": 0},
    )
    assert set(run.items.values_list("attempts", flat=True)) == {1}


def test_each_line_of_a_worker_is_json_where_the_log_is(campus: None, workers: Workers) -> None:
    """Promise: also that it starts and ends, and that the kernel killed one of its processes."""
    worker = workers.start(LOG_FORMAT="json", REMAP_SIGTERM="SIGQUIT")
    until(WorkerPulse.objects.exists, "it never said that it lives")
    pool(worker)[0].kill()
    until(lambda: "signal 9" in workers.log.read_text(), "nobody noticed")
    worker.send_signal(signal.SIGTERM)
    until(lambda: worker.poll() is not None, "it never ended")
    lines = [json.loads(line) for line in workers.log.read_text().splitlines()]
    told = {(each["logger"], each["level"]) for each in lines}
    assert {("multiprocessing", "error"), ("celery.apps.worker", "info")} <= told
    assert "worker: Cold shutdown (MainProcess)" in [each["message"] for each in lines]


def tried(run: SyncRun) -> set[int]:
    return set(run.items.filter(token__gt=0).values_list("pk", flat=True))


def test_idle_worker_that_is_told_to_end_is_not_missed_once_it_has(campus: None, workers: Workers) -> None:
    """Its process ends at once, but not before it has said so."""
    worker = workers.start(REMAP_SIGTERM="SIGQUIT")
    until(WorkerPulse.objects.exists, "it never said that it lives")
    worker.send_signal(signal.SIGTERM)
    until(lambda: worker.poll() is not None, "it never ended")
    assert not WorkerPulse.objects.exists()
