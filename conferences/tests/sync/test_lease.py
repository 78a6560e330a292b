"""Who may write: claimed by one, fenced off by a token, handed on when a worker falls silent."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from pytest_django import Settings

from conferences.models import Conference, SyncItem, SyncRun
from conferences.sync import runs
from conferences.sync.lease import Lease, LeaseLost, claim


@pytest.fixture
def run(conference: Conference) -> SyncRun:
    return runs.request(conference, via="command", ring=False)


def expire() -> None:
    SyncItem.objects.update(lease_until=Now() - timedelta(seconds=1))


def claimed(run: SyncRun, worker: str = "first") -> Lease:
    lease = claim(run.pk, worker)
    assert lease is not None
    return lease


def test_claim_starts_the_run(run: SyncRun) -> None:
    lease, item = claimed(run), SyncItem.objects.get()
    assert lease == Lease(run.pk, item.pk, 1)
    assert (item.state, item.attempts, item.worker) == ("running", 1, "first")
    run.refresh_from_db()
    assert (run.state, run.started_at == run.heartbeat_at) == ("running", True)


def test_claim_takes_back_what_was_said_of_waiting(run: SyncRun) -> None:
    SyncRun.objects.update(code="broker_unreachable", message="Your sync is waiting.")
    claimed(run)
    assert SyncRun.objects.values_list("code", "message").get() == ("", "")


def test_claimed_item_is_nobody_else_s(run: SyncRun) -> None:
    claimed(run)
    assert claim(run.pk, "second") is None


def test_silent_worker_s_item_is_taken_over(run: SyncRun) -> None:
    first = claimed(run)
    started_at = SyncRun.objects.get().started_at
    expire()
    assert claimed(run, "second").token == first.token + 1
    assert SyncRun.objects.get().started_at == started_at


def test_presumed_dead_worker_changes_nothing_any_more(run: SyncRun) -> None:
    """Promise: the fencing token keeps a worker that was presumed dead from writing over its successor."""
    first = claimed(run)
    expire()
    second = claimed(run, "second")
    second.beat(40, "Attendance: 4 so far")
    before = (SyncItem.objects.values().get(), SyncRun.objects.values().get())
    for act in (first.fence, lambda: first.beat(99, "late"), lambda: first.end("done")):
        with pytest.raises(LeaseLost):
            act()
    first.release()
    assert (SyncItem.objects.values().get(), SyncRun.objects.values().get()) == before


def test_late_worker_goes_on_when_nobody_took_over(run: SyncRun) -> None:
    lease = claimed(run)
    expire()
    assert lease.beat(10, "late but alive") is False
    assert claim(run.pk, "second") is None


def test_progress_never_falls(run: SyncRun) -> None:
    lease = claimed(run)
    for progress, shown in ((30, 30), (10, 30), (31, 31)):
        lease.beat(progress, "x")
        assert SyncRun.objects.get().progress == shown


def test_beat_tells_of_a_cancel(run: SyncRun) -> None:
    lease = claimed(run)
    runs.cancel(run)
    assert lease.beat(1, "x") is True


def test_beat_of_an_ended_run_is_a_lost_lease(run: SyncRun) -> None:
    lease = claimed(run)
    SyncRun.objects.update(state="failed")
    with pytest.raises(LeaseLost):
        lease.beat(1, "x")


def test_phase_that_is_too_long_is_cut(run: SyncRun) -> None:
    claimed(run).beat(1, "p" * 500)
    assert SyncRun.objects.get().phase == "p" * 120


def test_released_item_is_free_at_once_and_costs_no_attempt(run: SyncRun) -> None:
    claimed(run).release()
    assert SyncItem.objects.values_list("state", "attempts", "lease_until").get() == ("queued", 0, None)
    assert claimed(run, "second").token == 2


@pytest.mark.parametrize("state", SyncRun.State.values)
def test_only_active_runs_are_claimed(run: SyncRun, state: str) -> None:
    SyncRun.objects.update(state=state)
    assert (claim(run.pk, "first") is not None) == (state in SyncRun.ACTIVE)
    if state not in SyncRun.ACTIVE:
        assert SyncRun.objects.get().state == state


def test_cancelled_run_is_not_claimed(run: SyncRun) -> None:
    SyncRun.objects.update(cancel_requested=True)
    assert (claim(run.pk, "first"), SyncRun.objects.get().state) == (None, "queued")


def test_poison_is_not_claimed_for_ever(run: SyncRun, settings: Settings) -> None:
    """An item that killed every worker that touched it is left alone, whether or not anybody looks."""
    for _ in range(settings.SYNC_MAX_ATTEMPTS):
        claimed(run)
        expire()
    assert claim(run.pk, "one too many") is None


@pytest.mark.django_db
def test_unknown_run_is_nobody_s() -> None:
    assert claim(0, "first") is None
