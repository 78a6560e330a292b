"""A run that keeps its place, and what others want of it meanwhile."""

from datetime import UTC, datetime

import pytest

from conferences.models import Conference, SyncItem, SyncRun
from conferences.sync import runs
from conferences.sync.lease import claim
from conferences.sync.pausing import Paused, pause, resume
from conferences.sync.result import result

RESUMES_AT = datetime(2026, 3, 3, tzinfo=UTC)
LASTS = "No more today. This sync resumes at 03 March 2026, 00:00 UTC at the earliest; its place is kept."


@pytest.fixture
def run(conference: Conference) -> SyncRun:
    made = runs.request(conference, via="command", ring=False)
    assert claim(made.pk, "a worker") is not None
    return made


def warnings(run: SyncRun) -> list[str]:
    run.refresh_from_db()
    return result(run)["warnings"]


def paused(run: SyncRun) -> tuple[str, str, datetime | None, str]:
    pause(run.pk, Paused("No more today.", RESUMES_AT))
    run.refresh_from_db()
    return run.state, run.code, run.resumes_at, SyncItem.objects.get().state


def test_pause_gives_the_item_back(run: SyncRun) -> None:
    assert paused(run) == ("paused", "daily_limit", RESUMES_AT, "queued")


def test_cancel_outweighs_a_pause(run: SyncRun) -> None:
    """Else whoever cancelled would find the run waiting to go on tomorrow."""
    runs.cancel(run)
    assert run.state == "running"
    assert paused(run) == ("cancelled", "cancelled", None, "cancelled")


def test_second_worker_at_the_limit_changes_nothing(run: SyncRun) -> None:
    paused(run)
    pause(run.pk, Paused("No more today, I said.", datetime(2026, 3, 4, tzinfo=UTC)))
    run.refresh_from_db()
    assert (run.resumes_at, run.events.filter(code="daily_limit").count()) == (RESUMES_AT, 1)


def test_late_word_of_a_limit_does_not_pause_a_run_that_goes_on(conference: Conference) -> None:
    """Two workers met the limit; the run was resumed before the second one came to say so."""
    made = runs.request(conference, via="command", ring=False)
    late = claim(made.pk, "a slow worker")
    assert late is not None
    paused(made)
    resume(made, ring=False)
    now = claim(made.pk, "a quick worker")
    assert now is not None
    pause(made.pk, Paused("No more yesterday.", RESUMES_AT), late)
    made.refresh_from_db()
    assert (made.state, now.is_held()) == ("running", True)
    pause(made.pk, Paused("No more today.", RESUMES_AT), now)
    made.refresh_from_db()
    assert (made.state, now.is_held()) == ("paused", False)


def test_pause_lasts_whole_seconds(run: SyncRun) -> None:
    pause(run.pk, Paused("No more today.", RESUMES_AT.replace(microsecond=536_778)))
    run.refresh_from_db()
    assert result(run)["resumes_at"] == "2026-03-03T00:00:00Z"


def test_pause_is_warned_of_only_while_it_lasts(run: SyncRun) -> None:
    """A run that has ended resumes no more."""
    for _ in range(2):
        paused(run)
        assert warnings(run) == [LASTS]
        resume(run, ring=False)
        assert warnings(run) == []
        claim(run.pk, "a worker")
    assert run.events.filter(text=LASTS).count() == 2
