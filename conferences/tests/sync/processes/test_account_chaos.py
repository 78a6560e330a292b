"""Promise: whatever happens to a whole account's sync, it ends in the very rows and counts of an undisturbed one."""

import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
import redis
from django.conf import settings as configured
from pytest_django import Settings

from conferences.models import Connection, SyncItem, SyncRun
from conferences.sync import account, pausing, runs
from conferences.sync.result import result
from conferences.tests.campus_integration.terms import BROKEN, DEADLY, LESSONS, RESUMES_AT
from conferences.tests.sync.processes.accounts import Calm, attempts, connect, counts_of, rewrite, rows_of, undisturbed
from conferences.tests.sync.processes.disasters import Disasters
from conferences.tests.sync.processes.workers import Workers, ended, environment, until
from lms_project.local import children

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

PACE = {"CAMPUS_PACE_SECONDS": "0.04"}
PATIENT = {"SYNC_MAX_ATTEMPTS": "30", **PACE}
DISASTERS = 8
CALM_SECONDS = 1.5  # between two disasters
END_SECONDS = 120


@pytest.fixture
def school(campus: None) -> Connection:
    return connect("School")


@pytest.fixture
def calm(school: Connection) -> Calm:
    """Made before any worker is there to help with it."""
    return undisturbed()


def click(school: Connection) -> SyncRun:
    return account.request(school, via="page")


def done(run: SyncRun) -> int:
    return SyncItem.objects.filter(run=run, state="done").count()


def assert_as_if_nothing_had_happened(run: SyncRun, calm: Calm, told: object = "") -> None:
    disturbed = rows_of(run.connection)
    run.refresh_from_db()
    assert (run.state, run.progress) == ("succeeded", 100), told
    assert {"lost": calm.rows - disturbed, "too many": disturbed - calm.rows} == {"lost": {}, "too many": {}}, told
    assert counts_of(run) == calm.counts, told
    assert calm.counts["items"] == {"total": LESSONS + 1, "done": LESSONS + 1, "failed": 0}


@pytest.mark.parametrize("seed", [1, 2])
def test_account_outlives_every_disaster(
    school: Connection, calm: Calm, workers: Workers, broker: redis.Redis, settings: Settings, seed: int
) -> None:
    settings.SYNC_MAX_ATTEMPTS = 30
    disasters = Disasters(workers, broker, seed, PATIENT)
    for _ in range(2):
        workers.start(**PATIENT)
    run = click(school)
    until(school.conferences.exists, "nobody began")
    for _ in range(DISASTERS):
        disasters.strike()
        children.wait_until(lambda: ended(run), CALM_SECONDS)
    told = f"{disasters.story}: {list(run.items.values('pk', 'state', 'attempts', 'worker'))}"
    assert children.wait_until(lambda: ended(run), END_SECONDS), f"never ended, after {told}"
    assert SyncRun.objects.filter(connection=school).count() == 1
    assert_as_if_nothing_had_happened(run, calm, told)


def test_deploy_in_the_middle_hands_items_to_the_other_worker(school: Connection, calm: Calm, workers: Workers) -> None:
    """At once: with leases of ten minutes, whoever waited for one to run out would never be done."""
    patient = {**PACE, "REMAP_SIGTERM": "SIGQUIT", "SYNC_LEASE_SECONDS": "600"}
    first, _ = workers.start(**patient), workers.start(**patient)
    run = click(school)
    until(lambda: len(holders(run)) == 4, "the workers never shared the account")
    first.send_signal(signal.SIGTERM)
    until(lambda: first.poll() is not None, "the first worker never stopped")
    until(lambda: ended(run), "what the first worker had begun was left lying")
    assert attempts(run) == [1]
    assert_as_if_nothing_had_happened(run, calm)


def holders(run: SyncRun) -> set[str]:
    return set(SyncItem.objects.filter(run=run, state="running").values_list("worker", flat=True))


def test_poison_is_isolated_named_and_retriable(school: Connection, calm: Calm, workers: Workers) -> None:
    """One lesson kills whoever touches it, another breaks on our side: all others are done."""
    rewrite(school, "deadly")
    for _ in range(2):
        workers.start(**PACE)
    run = click(school)
    assert children.wait_until(lambda: ended(run), END_SECONDS)
    assert (run.state, result(run)["items"]) == ("partial", {"total": LESSONS + 1, "done": LESSONS - 1, "failed": 2})
    failed = run.items.filter(state="failed").values_list("conference__external_id", "attempts", "message")
    assert list(failed.order_by("conference__external_id")) == [
        (DEADLY, 3, "3 workers were lost at this. Please sync again, or ask an administrator."),
        (BROKEN, 1, "Attendance failed because of an error on our side."),
    ]
    rewrite(school, "term")
    pausing.resume(run)
    until(lambda: ended(run), "the resumed run never ended")
    assert_as_if_nothing_had_happened(run, calm)


def test_cancelled_in_the_middle_and_resumed(school: Connection, calm: Calm, workers: Workers) -> None:
    for _ in range(2):
        workers.start(**PACE)
    run = click(school)
    until(lambda: done(run) >= LESSONS // 3, "nobody worked")
    runs.cancel(run)
    until(lambda: ended(run), "the cancel was not heard")
    assert (run.state, done(run) < LESSONS) == ("cancelled", True)
    pausing.resume(run)
    until(lambda: ended(run), "the resumed run never ended")
    assert_as_if_nothing_had_happened(run, calm)


def test_daily_limit_in_the_middle_and_resumed_tomorrow(school: Connection, calm: Calm, workers: Workers) -> None:
    rewrite(school, "rationed")
    for _ in range(2):
        workers.start(**PACE)
    run = click(school)
    until(lambda: ended(run), "the run was never paused")
    assert (run.state, run.code, run.resumes_at) == ("paused", "daily_limit", RESUMES_AT)
    kept = done(run)
    rewrite(school, "term")
    pausing.resume(run)
    until(lambda: ended(run), "the resumed run never ended")
    assert kept > LESSONS // 3
    assert_as_if_nothing_had_happened(run, calm)


# When to kill it, by what it has found and done until then, and how it is run.
KILLS = [(12, 0, ()), (62, 3, ()), (62, 17, ("--resume",)), (62, 38, ("--afresh",))]


def test_command_killed_at_any_point_goes_on_when_run_again(
    school: Connection, calm: Calm, broker: redis.Redis, tmp_path: Path
) -> None:
    """At once: with leases of ten minutes, whoever waited for one to run out would be refused."""
    log = tmp_path / "commands.log"
    for found, items, options in KILLS:
        running = sync_in_foreground(school, log, *options)
        assert children.wait_until(partial(far_enough, school, found, items), END_SECONDS), children.tail(log)
        running.kill()
        running.wait()
    assert sync_in_foreground(school, log).wait() == 0, children.tail(log)
    assert_as_if_nothing_had_happened(SyncRun.objects.get(connection=school), calm)


def sync_in_foreground(school: Connection, log: Path, *options: str) -> subprocess.Popen:
    command = [sys.executable, "manage.py", "sync_connection", str(school.pk), *options]
    settings = environment(CAMPUS_PACE_SECONDS="0.01", SYNC_LEASE_SECONDS="600")
    return children.start(command, log, env=settings, cwd=configured.BASE_DIR)


def far_enough(school: Connection, found: int, items: int) -> bool:
    done_items = SyncItem.objects.filter(run__connection=school, state="done")
    return school.conferences.count() >= found and done_items.count() >= items
