"""The life of a run: requested once, cancelled, looked at, reaped, finished."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.db.models.functions import Now
from pytest_django import Settings

from conferences.models import Conference, SyncItem, SyncRun, SyncStep
from conferences.sync import doorbell, runs, worker
from conferences.sync.lease import Lease, claim
from conferences.sync.runs import AlreadyActive, RequestRefused, TooManyStarts, UnknownOperation

OPERATIONS = ["attendance", "recordings", "chat", "files", "polls"]
OnCommit = Callable[..., Any]


@pytest.fixture
def run(conference: Conference) -> SyncRun:
    return runs.request(conference, via="command", ring=False)


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The runs that workers were told of."""
    told: list[int] = []
    monkeypatch.setattr(doorbell, "ring", lambda run_id: told.append(run_id) or True)
    return told


def taken(run: SyncRun) -> Lease:
    lease = claim(run.pk, "first")
    assert lease is not None
    return lease


def fall_silent(*, seconds: int) -> None:
    """Its worker was last heard of so long ago."""
    past = Now() - timedelta(seconds=seconds)
    SyncRun.objects.filter(state="running").update(heartbeat_at=past)
    SyncItem.objects.filter(state="running").update(lease_until=past)


def state(run: SyncRun) -> tuple[str, str]:
    run.refresh_from_db()
    return run.state, run.code


# Requested


def test_request_writes_the_whole_run(conference: Conference) -> None:
    user = User.objects.create(username="ines")
    run = runs.request(conference, via="page", user=user, ring=False)
    assert (run.state, run.requested_by, run.requested_via, run.operations) == ("queued", user, "page", OPERATIONS)
    assert list(SyncStep.objects.values_list("operation", "outcome")) == [(name, "") for name in OPERATIONS]
    assert list(run.events.values_list("text", flat=True)) == ["Sync requested by ines."]


def test_chosen_operations_keep_the_provider_s_order(conference: Conference) -> None:
    run = runs.request(conference, via="page", operations=["chat", "attendance"], ring=False)
    assert run.operations == ["attendance", "chat"]


def test_unknown_operation_is_refused_in_a_sentence(conference: Conference) -> None:
    with pytest.raises(UnknownOperation) as refused:
        runs.request(conference, via="page", operations=["chat", "karaoke"])
    assert str(refused.value) == (
        "There is no operation “karaoke” here. There are: attendance, recordings, chat, files, polls."
    )
    assert SyncRun.objects.count() == 0


def test_workers_are_told_on_commit_and_not_before(
    conference: Conference, rung: list[int], django_capture_on_commit_callbacks: OnCommit
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        run = runs.request(conference, via="page")
        assert rung == []
    assert rung == [run.pk]


def test_trouble_with_ringing_does_not_look_like_a_refusal(
    conference: Conference, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: OnCommit
) -> None:
    def broken(run_id: int) -> bool:
        raise RuntimeError("no such luck")

    monkeypatch.setattr(doorbell, "ring", broken)
    with django_capture_on_commit_callbacks(execute=True):
        run = runs.request(conference, via="page")
    assert state(run) == ("queued", "")


def test_second_request_names_the_active_run(conference: Conference, run: SyncRun) -> None:
    with pytest.raises(AlreadyActive) as refused:
        runs.request(conference, via="page")
    assert (refused.value.run, SyncRun.objects.count()) == (run, 1)


@pytest.mark.parametrize("ended", ["succeeded", "partial", "failed", "cancelled"])
def test_ended_run_is_no_obstacle(conference: Conference, run: SyncRun, ended: str) -> None:
    SyncRun.objects.update(state=ended)
    assert runs.request(conference, via="page", ring=False).pk != run.pk


def test_stale_run_is_no_obstacle(conference: Conference, run: SyncRun, settings: Settings) -> None:
    taken(run)
    fall_silent(seconds=settings.SYNC_STALE_AFTER + 1)
    assert runs.request(conference, via="page", ring=False).state == "queued"
    assert state(run) == ("failed", "stale")


def test_haste_is_refused_per_person(conference: Conference, settings: Settings) -> None:
    settings.SYNC_STARTS_PER_HOUR = 2
    hasty, calm = User.objects.create(username="hasty"), User.objects.create(username="calm")
    for _ in range(2):
        runs.cancel(runs.request(conference, via="page", user=hasty, ring=False))
    with pytest.raises(TooManyStarts):
        runs.request(conference, via="page", user=hasty)
    assert runs.request(conference, via="page", user=calm, ring=False).state == "queued"


def test_refusals_are_one_family_with_sentences() -> None:
    for refusal in (AlreadyActive(SyncRun()), TooManyStarts(), UnknownOperation(["x"], ["y"])):
        assert isinstance(refusal, RequestRefused)
        assert str(refusal).endswith(".")


@pytest.mark.django_db(transaction=True)
def test_twenty_clicks_at_once_make_one_run(conference: Conference) -> None:
    """Promise: one active run per conference, kept by the database."""
    start, answers = threading.Barrier(20), []

    def click() -> None:
        try:
            start.wait(20)
            answers.append(runs.request(conference, via="page", ring=False).pk)
        except AlreadyActive as refusal:
            answers.append(refusal.run.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    run = SyncRun.objects.get()
    assert answers == [run.pk] * 20
    assert (run.items.count(), SyncStep.objects.count()) == (1, len(OPERATIONS))


# Cancelled


def test_queued_run_is_cancelled_at_once(run: SyncRun) -> None:
    runs.cancel(run, User.objects.create(username="ines"))
    assert state(run) == ("cancelled", "cancelled")
    assert SyncItem.objects.get().state == "cancelled"
    assert run.message == "This sync was cancelled. What it had stored until then is kept."
    assert "Cancel requested by ines." in run.events.values_list("text", flat=True)


def test_running_run_is_asked_to_end(run: SyncRun) -> None:
    taken(run)
    runs.cancel(run)
    assert (state(run), run.cancel_requested) == (("running", ""), True)


def test_cancelled_run_of_a_lost_worker_ends_when_its_lease_does(run: SyncRun) -> None:
    """Nobody may claim it any more, so nobody else would end it."""
    taken(run)
    runs.cancel(run)
    fall_silent(seconds=1)
    assert runs.look(run).state == "cancelled"


def test_cancelled_run_that_was_handed_back_ends(run: SyncRun) -> None:
    lease = taken(run)
    runs.cancel(run)
    lease.release()
    assert runs.look(run).state == "cancelled"


def test_cancel_of_a_lost_run_ends_it_at_once(run: SyncRun) -> None:
    taken(run)
    fall_silent(seconds=1)
    runs.cancel(run)
    assert state(run) == ("cancelled", "cancelled")


@pytest.mark.parametrize("ended", ["succeeded", "partial", "failed", "cancelled"])
def test_ended_run_cannot_be_cancelled(run: SyncRun, ended: str) -> None:
    SyncRun.objects.update(state=ended)
    SyncItem.objects.update(state="done")
    runs.cancel(run)
    assert (state(run), run.cancel_requested) == ((ended, ""), False)


# Stale, lost, finished


def test_started_run_without_a_heartbeat_goes_stale(run: SyncRun, settings: Settings) -> None:
    taken(run)
    fall_silent(seconds=settings.SYNC_STALE_AFTER + 1)
    assert runs.reap_stale() == [run]
    assert (state(run), run.message) == (("failed", "stale"), runs.STALE)
    assert set(SyncStep.objects.values_list("outcome", "code")) == {("failed", "stale")}
    assert SyncItem.objects.get().state == "failed"
    assert runs.reap_stale() == []


def test_run_that_beats_is_not_stale(run: SyncRun, settings: Settings) -> None:
    taken(run)
    fall_silent(seconds=settings.SYNC_STALE_AFTER - 60)
    assert (runs.reap_stale(), state(run)) == ([], ("running", ""))


def test_queued_run_never_goes_stale(run: SyncRun, settings: Settings) -> None:
    """Promise: a queued run is not declared dead, however long it waits."""
    SyncRun.objects.update(created_at=Now() - timedelta(days=30), rung_at=Now() - timedelta(days=30))
    assert (runs.reap_stale(), runs.look(run).state) == ([], "queued")


def test_outcomes_of_steps_that_ended_survive_a_stale_run(run: SyncRun, settings: Settings) -> None:
    taken(run)
    SyncStep.objects.filter(operation="attendance").update(outcome="synced", code="synced")
    fall_silent(seconds=settings.SYNC_STALE_AFTER + 1)
    runs.look(run)
    assert SyncStep.objects.get(operation="attendance").outcome == "synced"


def test_run_whose_work_was_done_is_finished_and_not_reaped(run: SyncRun, settings: Settings) -> None:
    """Its worker died between the last item and the run's own end."""
    taken(run).end("done")
    SyncStep.objects.update(outcome="synced", items=1)
    fall_silent(seconds=settings.SYNC_STALE_AFTER + 1)
    assert (runs.reap_stale(), state(run)) == ([], ("succeeded", ""))


def test_reaping_one_run_leaves_others_alone(run: SyncRun, settings: Settings) -> None:
    taken(run)
    fall_silent(seconds=settings.SYNC_STALE_AFTER + 1)
    assert runs.reap_stale(SyncRun.objects.exclude(pk=run.pk)) == []


def test_poison_is_given_up_with_a_sentence(run: SyncRun, settings: Settings) -> None:
    for _ in range(settings.SYNC_MAX_ATTEMPTS):
        taken(run)
        fall_silent(seconds=1)
    told = runs.look(run)
    assert (told.state, told.code) == ("failed", "worker_lost")
    assert told.message == "3 workers were lost at this. Please sync again, or ask an administrator."


def test_item_is_not_poison_while_its_last_worker_lives(run: SyncRun, settings: Settings) -> None:
    for _ in range(settings.SYNC_MAX_ATTEMPTS):
        fall_silent(seconds=1)
        taken(run)
    assert runs.look(run).state == "running"


def test_run_with_items_left_is_not_finished(run: SyncRun) -> None:
    runs.finish(run.pk)
    taken(run)
    runs.finish(run.pk)
    assert state(run) == ("running", "")


def test_finished_run_stays_as_it_is(run: SyncRun) -> None:
    worker.work(run.pk)
    run.refresh_from_db()
    before = (run.finished_at, run.events.count())
    runs.finish(run.pk)
    runs.settle(run.pk)
    run.refresh_from_db()
    assert (run.finished_at, run.events.count()) == before


# Looked at


def test_looking_rings_for_a_run_that_nobody_took(run: SyncRun, rung: list[int]) -> None:
    runs.look(run)
    assert rung == [run.pk]


def test_many_lookers_ring_once_in_a_while(run: SyncRun, rung: list[int], settings: Settings) -> None:
    for _ in range(50):
        runs.look(run)
    assert rung == [run.pk]
    SyncRun.objects.update(rung_at=Now() - timedelta(seconds=settings.SYNC_RING_AGAIN_SECONDS + 1))
    runs.look(run)
    assert rung == [run.pk] * 2


def test_looking_at_a_run_in_work_rings_for_nobody(run: SyncRun, rung: list[int]) -> None:
    taken(run)
    assert (runs.look(run).state, rung) == ("running", [])


def test_looking_at_an_ended_run_changes_nothing(run: SyncRun, rung: list[int]) -> None:
    worker.work(run.pk)
    before = SyncRun.objects.values().get()
    runs.look(run)
    assert (SyncRun.objects.values().get(), rung) == (before, [])


def test_settling_all_reaches_every_active_run(run: SyncRun) -> None:
    taken(run)
    fall_silent(seconds=1)
    SyncRun.objects.update(cancel_requested=True)
    runs.settle_all()
    assert state(run) == ("cancelled", "cancelled")
