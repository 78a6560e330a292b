"""Draining a run: by one worker, by several, by a successor."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Now
from pytest_django import Settings

from conferences.models import ChatMessage, Conference, Participant, SyncItem, SyncRun, SyncStep
from conferences.providers.base import Link, Target
from conferences.providers.errors import Cancelled
from conferences.providers.records import Record
from conferences.sync import database, doorbell, pulse, runner, runs, worker
from conferences.sync.database import SENTENCE, DatabaseUnavailable
from conferences.sync.lease import Lease, claim
from conferences.tests.campus_integration.scripts import message, person, quick
from conferences.tests.sync.conftest import perform
from conferences.tests.sync.test_doorbell import broker, broker_at
from lms_project.local.ports import free_port

__all__ = ["broker", "broker_at"]  # fixtures

SECONDS = 20  # for what must happen; nothing waits that long unless it fails


@pytest.fixture
def run(conference: Conference) -> SyncRun:
    return runs.request(conference, via="command", ring=False)


@pytest.fixture
def _beat_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse, "BEAT_SECONDS", 0.01)
    monkeypatch.setattr(runner, "BEAT_SECONDS", 0.01)


def taken(run: SyncRun) -> Lease:
    lease = claim(run.pk, "first")
    assert lease is not None
    return lease


def expire() -> None:
    SyncItem.objects.update(lease_until=Now() - timedelta(seconds=1))


def fresh(run: SyncRun) -> SyncRun:
    return SyncRun.objects.get(pk=run.pk)


def only(operation: str, answer: Callable[[Target, Link], Iterator[Record]]) -> Any:
    """A script in which one operation answers so, and the others as in `quick`."""

    def script(asked: str, target: Target, link: Link) -> Iterator[Record]:
        yield from answer(target, link) if asked == operation else quick(asked, target, link)

    return script


def test_run_is_drained_and_finished(run: SyncRun) -> None:
    worker.work(run.pk)
    assert (fresh(run).state, SyncItem.objects.get().state) == ("succeeded", "done")


def test_second_message_for_a_run_does_nothing(run: SyncRun) -> None:
    """Promise: a doubled message does no harm."""
    worker.work(run.pk)
    before = (SyncRun.objects.values().get(), SyncItem.objects.values().get(), list(SyncStep.objects.values()))
    worker.work(run.pk)
    assert (SyncRun.objects.values().get(), SyncItem.objects.values().get(), list(SyncStep.objects.values())) == before


def test_message_for_a_run_in_work_does_nothing(run: SyncRun) -> None:
    taken(run)
    worker.work(run.pk)
    assert (SyncItem.objects.get().token, Participant.objects.count(), fresh(run).state) == (1, 0, "running")


def test_message_for_a_run_that_is_no_more_does_nothing(db: None) -> None:
    worker.work(0)
    assert SyncRun.objects.count() == 0


def test_successor_goes_on_with_the_steps_that_are_left(run: SyncRun) -> None:
    taken(run)
    SyncStep.objects.filter(operation="attendance").update(outcome="synced", code="synced", items=9)
    expire()
    worker.work(run.pk)
    assert (fresh(run).state, Participant.objects.count(), ChatMessage.objects.count()) == ("succeeded", 0, 2)
    assert SyncStep.objects.get(operation="attendance").items == 9


def test_rows_of_a_lost_worker_count_as_created_by_the_run(run: SyncRun, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counts are those of an undisturbed run, whichever worker did the work."""

    def dying(target: Target, link: Link) -> Iterator[Record]:
        yield from (person(target, name) for name in ("Ann", "Ben"))
        raise SystemExit

    perform(monkeypatch, only("attendance", dying))
    with pytest.raises(SystemExit):
        worker.work(run.pk)
    assert Participant.objects.count() == 2
    perform(monkeypatch, quick)
    worker.work(run.pk)
    step = SyncStep.objects.get(operation="attendance")
    assert (step.items, step.created, step.updated, fresh(run).state) == (3, 3, 0, "succeeded")


@pytest.mark.parametrize("shutdown", [SystemExit, KeyboardInterrupt])
def test_worker_that_is_told_to_shut_down_hands_its_item_back(
    run: SyncRun, monkeypatch: pytest.MonkeyPatch, shutdown: type[BaseException]
) -> None:
    monkeypatch.setattr(worker.ItemRunner, "run", lambda self: (_ for _ in ()).throw(shutdown()))
    with pytest.raises(shutdown):
        worker.work(run.pk)
    assert SyncItem.objects.values_list("state", "attempts", "lease_until").get() == ("queued", 0, None)
    assert fresh(run).state == "running"


def test_predecessor_s_later_writes_change_nothing(run: SyncRun, monkeypatch: pytest.MonkeyPatch) -> None:
    """Promise: two workers, an expired lease: what the first one still writes leaves no trace."""

    def overtaken(target: Target, link: Link) -> Iterator[Record]:
        yield person(target, "Ghost")

    perform(monkeypatch, only("attendance", overtaken))
    first = worker.ItemRunner(taken(run))
    expire()
    perform(monkeypatch, quick)
    worker.work(run.pk)
    before = [list(model.objects.values()) for model in (SyncRun, SyncItem, SyncStep, Participant)]
    perform(monkeypatch, only("attendance", overtaken))
    with pytest.raises(worker.LeaseLost):
        first.run()
    assert [list(model.objects.values()) for model in (SyncRun, SyncItem, SyncStep, Participant)] == before


def test_lost_lease_is_no_error_of_the_worker(run: SyncRun, monkeypatch: pytest.MonkeyPatch) -> None:
    def losing(target: Target, link: Link) -> Iterator[Record]:
        yield person(target, "Ann")

    perform(monkeypatch, only("attendance", losing))
    monkeypatch.setattr(Lease, "fence", lambda self: (_ for _ in ()).throw(worker.LeaseLost))
    worker.work(run.pk)
    assert (fresh(run).state, Participant.objects.count()) == ("running", 0)


@pytest.mark.usefixtures("_beat_quickly")
def test_cancel_during_a_long_silence(run: SyncRun, monkeypatch: pytest.MonkeyPatch) -> None:
    """Promise: a cancel is heard while the provider is silent, and a waiting fetch ends early."""
    ended = threading.Event()

    def silent(target: Target, link: Link) -> Iterator[Record]:
        yield person(target, "Ann")
        if link.stop.wait(SECONDS):
            ended.set()
            raise Cancelled
        yield person(target, "Too late")

    perform(monkeypatch, only("attendance", silent))
    beat = Lease.beat

    def beat_and_cancel(self: Lease, progress: int, phase: str, *save: Any) -> bool:
        if Participant.objects.exists():
            runs.cancel(run)
        return beat(self, progress, phase, *save)

    monkeypatch.setattr(Lease, "beat", beat_and_cancel)
    worker.work(run.pk)
    assert ended.wait(SECONDS)
    assert (fresh(run).state, fresh(run).progress < 100) == ("cancelled", True)
    assert list(Participant.objects.values_list("name", flat=True)) == ["Ann"], "what was stored is kept"
    assert set(SyncStep.objects.values_list("outcome", flat=True)) == {""}


@pytest.mark.usefixtures("_beat_quickly")
def test_heart_beats_inside_a_long_silent_call(run: SyncRun, monkeypatch: pytest.MonkeyPatch) -> None:
    """Promise: a slow provider is not a dead worker."""
    beaten, beats = threading.Event(), []

    def silent(target: Target, link: Link) -> Iterator[Record]:
        assert beaten.wait(SECONDS)
        yield person(target, "Ann")

    beat = Lease.beat

    def counted(self: Lease, progress: int, phase: str, *save: Any) -> bool:
        answer = beat(self, progress, phase, *save)
        item = SyncItem.objects.get()
        beats.append((phase, item.lease_until, fresh(run).heartbeat_at))
        if len(beats) == 5:
            beaten.set()
        return answer

    monkeypatch.setattr(Lease, "beat", counted)
    perform(monkeypatch, only("attendance", silent))
    worker.work(run.pk)
    assert [phase for phase, *_ in beats[:5]] == ["Fetching attendance"] * 5
    assert fresh(run).state == "succeeded"


def test_cancel_after_the_last_record_does_not_undo_a_finished_run(
    run: SyncRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    def last(target: Target, link: Link) -> Iterator[Record]:
        return iter(())

    perform(monkeypatch, only("polls", last))
    end = Lease.end

    def cancelled_at_the_end(self: Lease, state: str, text: str = "") -> None:
        runs.cancel(run)
        end(self, state, text)

    monkeypatch.setattr(Lease, "end", cancelled_at_the_end)
    worker.work(run.pk)
    assert fresh(run).state == "succeeded"


def test_database_that_was_away_too_long_fails_a_step_with_the_sentence(
    run: SyncRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = [DatabaseUnavailable()]
    beat = Lease.beat

    def away_once(self: Lease, progress: int, phase: str, *save: Any) -> bool:
        if left:
            raise left.pop()
        return beat(self, progress, phase, *save)

    monkeypatch.setattr(Lease, "beat", away_once)
    worker.work(run.pk)
    step = SyncStep.objects.get(operation="attendance")
    assert (step.outcome, step.code, step.message) == (
        "failed",
        "database_unavailable",
        f"{database.SENTENCE} What could be read (3) is stored.",
    )
    assert (fresh(run).state, ChatMessage.objects.count()) == ("partial", 2)


def test_database_that_stays_away_leaves_the_item_to_a_successor(run: SyncRun, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*arguments: object) -> None:
        raise DatabaseUnavailable

    with monkeypatch.context() as gone:
        gone.setattr(Lease, "beat", away)
        gone.setattr(runner.StepRun, "end", away)
        with pytest.raises(DatabaseUnavailable):
            worker.work(run.pk)
    assert set(SyncStep.objects.values_list("outcome", flat=True)) == {""}
    expire()
    worker.work(run.pk)
    assert (fresh(run).state, Participant.objects.count()) == ("succeeded", 3)


def test_busy_worker_begins_what_no_broker_could_tell_it_of(
    run: SyncRun, conference: Conference, broker_at: Callable[[str], None]
) -> None:
    """Promise: without the broker a click waits no longer than the work that is in hand."""
    broker_at(f"redis://127.0.0.1:{free_port()}/0")
    other = Conference.objects.get(pk=conference.pk)
    other.pk, other.external_id = None, "room-2"
    other.save()
    clicked = runs.request(other, via="page", ring=False)
    assert not doorbell.ring(clicked.pk)
    worker.serve(run.pk)
    assert (fresh(run).state, fresh(clicked).state) == ("succeeded", "succeeded")


def test_worker_says_in_a_sentence_that_the_database_is_away(
    run: SyncRun, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Promise: an outage is no fault of a task. The run is gone on with once the lease has run out."""
    with monkeypatch.context() as gone:
        gone.setattr(runner.StepRun, "end", unavailable)
        worker.serve(run.pk)
    told = [
        (each.levelname, each.getMessage(), each.exc_info) for each in caplog.records if each.name == worker.__name__
    ]
    assert told == [("ERROR", f"run {run.pk}: {SENTENCE}", None)]
    expire()
    worker.serve(run.pk)
    assert (fresh(run).state, Participant.objects.count()) == ("succeeded", 3)


def unavailable(*_: Any, **__: Any) -> None:
    raise DatabaseUnavailable


@pytest.mark.usefixtures("_beat_quickly")
def test_progress_of_a_whole_run_never_falls(run: SyncRun, monkeypatch: pytest.MonkeyPatch) -> None:
    def many(target: Target, link: Link) -> Iterator[Record]:
        for number in range(900):
            yield message(target, number)

    shown = []
    beat = Lease.beat

    def watched(self: Lease, progress: int, phase: str, *save: Any) -> bool:
        answer = beat(self, progress, phase, *save)
        shown.append(fresh(run).progress)
        return answer

    monkeypatch.setattr(Lease, "beat", watched)
    perform(monkeypatch, only("chat", many))
    worker.work(run.pk)
    assert (shown, len(shown) > 5, fresh(run).progress) == (sorted(shown), True, 100)


@pytest.mark.django_db(transaction=True)
def test_eight_workers_on_one_run_do_the_work_once(
    conference: Conference, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched: list[str] = []

    def noted(operation: str, target: Target, link: Link) -> Iterator[Record]:
        fetched.append(operation)
        yield from quick(operation, target, link)

    perform(monkeypatch, noted)
    run = runs.request(conference, via="command", ring=False)
    start = threading.Barrier(8)

    def one() -> None:
        try:
            start.wait(SECONDS)
            worker.work(run.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    assert fetched == ["attendance", "recordings", "chat", "files", "polls"]
    assert (fresh(run).state, SyncItem.objects.get().attempts, Participant.objects.count()) == ("succeeded", 1, 3)
