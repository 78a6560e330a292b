from datetime import timedelta

import pytest
from django.utils import timezone

from conferences.models import Conference, SyncEvent, SyncRun
from conferences.sync import runs, worker
from conferences.tests.management.conftest import Run

NOTHING = dict.fromkeys(
    [
        "events", "errors", "runs", "items", "steps", "alerts", "alert_messages", "authorization_requests",
        "sessions", "failed_sign_ins", "sign_ins",
    ],
    0,
)  # fmt: skip


@pytest.fixture
def twice(conference: Conference) -> list[SyncRun]:
    """Two real syncs, 50 and 40 days ago."""
    found = []
    for days in (50, 40):
        found.append(run := runs.request(conference, via="command", operations=["chat"], ring=False))
        worker.work(run.pk)
        SyncRun.objects.filter(pk=run.pk).update(finished_at=timezone.now() - timedelta(days=days))
        run.events.exclude(pk=run.events.earliest("pk").pk).delete()
    return found


def test_older_sync_and_both_logs_go(run: Run, twice: list[SyncRun]) -> None:
    ran = run("cleanup_sync_data", "--days", 30)
    assert (ran.exit_code, ran.out) == (0, "Removed: events 2, runs 1, items 1, steps 1.\n")
    assert (SyncRun.objects.get().pk, SyncEvent.objects.count()) == (twice[1].pk, 0)


def test_dry_run_removes_nothing(run: Run, twice: list[SyncRun]) -> None:
    ran = run("cleanup_sync_data", "--dry-run")
    assert ran.out == "Would remove: events 2, runs 1, items 1, steps 1.\n"
    assert SyncRun.objects.count() == 2


def test_result_for_programs(run: Run, twice: list[SyncRun]) -> None:
    ran = run("cleanup_sync_data", "--days", 45, "--dry-run", "--json")
    told = ran.json
    assert told.pop("before").startswith(f"{timezone.now() - timedelta(days=45):%Y-%m-%dT}")
    assert told == {
        "days": 45,
        "dry_run": True,
        "removed": {**NOTHING, "events": 1, "runs": 1, "items": 1, "steps": 1},
    }


def test_nothing_old_is_said_to_be_nothing(run: Run, conference: Conference) -> None:
    assert run("cleanup_sync_data").out == "Removed: nothing.\n"


@pytest.mark.parametrize("days", ["0", "-3", "36501", "many", "1.5"])
def test_impossible_days_are_wrong_usage(run: Run, db: None, days: str) -> None:
    ran = run("cleanup_sync_data", f"--days={days}")
    assert (ran.exit_code, ran.out) == (2, "")
