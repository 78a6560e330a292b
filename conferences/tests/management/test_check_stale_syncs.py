from datetime import timedelta

import pytest
from django.utils import timezone

from conferences.models import Conference, SyncRun
from conferences.sync import runs
from conferences.tests.management.conftest import Run


@pytest.fixture
def stale(conference: Conference) -> SyncRun:
    run = runs.request(conference, via="command", ring=False)
    long_ago = timezone.now() - timedelta(days=1)
    run.items.update(state="running", lease_until=long_ago)
    SyncRun.objects.filter(pk=run.pk).update(state="running", started_at=long_ago, heartbeat_at=long_ago)
    return run


def test_stale_run_is_ended_and_named(run: Run, stale: SyncRun) -> None:
    ran = run("check_stale_syncs", "--json")
    assert (ran.exit_code, ran.json) == (
        0,
        {"stale": [{"run": stale.pk, "conference": stale.conference_id, "target": "Algebra 1"}], "rung": 0},
    )
    stale.refresh_from_db()
    assert (stale.state, stale.code) == ("failed", "stale")


def test_stale_run_is_told_to_people(run: Run, stale: SyncRun) -> None:
    assert run("check_stale_syncs").out == f"Run {stale.pk} of Algebra 1 was stale and has failed.\n"


def test_healthy_run_is_left_alone(run: Run, stale: SyncRun) -> None:
    SyncRun.objects.update(heartbeat_at=timezone.now())
    stale.items.update(lease_until=timezone.now() + timedelta(minutes=1))
    assert run("check_stale_syncs").out == "No run was stale.\n"
    stale.refresh_from_db()
    assert stale.state == "running"


def test_queued_run_never_goes_stale_and_workers_are_told_again(run: Run, conference: Conference) -> None:
    queued = runs.request(conference, via="command", ring=False)
    SyncRun.objects.update(created_at=timezone.now() - timedelta(days=30))
    ran = run("check_stale_syncs")
    assert ran.out == "No run was stale.\nWorkers were told of 1 waiting run.\n"
    queued.refresh_from_db()
    assert queued.state == "queued"
