"""What a run's asking has cost: counted for each step, kept whoever goes on with it, and told."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from conferences.models import Connection, SyncRun, SyncStep
from conferences.providers.base import Link, Span, Target
from conferences.providers.errors import DailyLimit, NotPermitted
from conferences.providers.records import AttendanceRecord, Notice, Record
from conferences.sync import account, pausing, pulse, runs, worker
from conferences.sync.result import COSTS, result
from conferences.tests.campus_integration.scripts import SCRIPTS, TIMETABLES, person, quick, timetable
from conferences.tests.sync.conftest import perform, step_of

Play = Callable[..., SyncRun]


def asking(times: int, **more: float) -> Callable[[Target, Link], Iterator[Record]]:
    def listing(target: Target, link: Link) -> Iterator[Record]:
        link.stats.add(requests=times, **more)  # type: ignore[arg-type]
        yield person(target, "Ann")

    return listing


def costs(step: SyncStep) -> tuple[float, ...]:
    return tuple(getattr(step, name) for name in COSTS)


def test_step_carries_what_its_own_asking_cost(play: Play) -> None:
    run = play(attendance=asking(3, retries=2, throttled=1, waited_seconds=2.5), recordings=asking(4))
    assert costs(step_of(run, "attendance")) == (3, 2, 1, 2.5)
    assert costs(step_of(run, "recordings")) == (4, 0, 0, 0)


def test_result_tells_them_by_step_and_in_all(play: Play) -> None:
    told = result(play(attendance=asking(3, retries=2, throttled=1, waited_seconds=2.5), recordings=asking(4)))
    assert {name: told["steps"]["attendance"][name] for name in COSTS} == {
        "requests": 3,
        "retries": 2,
        "throttled": 1,
        "waited_seconds": 2.5,
    }
    assert told["requests"] == 7


def test_refused_step_has_cost_something_too(play: Play) -> None:
    def refused(target: Target, link: Link) -> Iterator[Record]:
        link.stats.add(requests=2)
        raise NotPermitted("No.")
        yield

    assert step_of(play(attendance=refused), "attendance").requests == 2


def test_running_step_shows_them_with_every_batch_and_heartbeat(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse, "BEAT_SECONDS", 0.0)
    monkeypatch.setattr("conferences.sync.runner.BEAT_SECONDS", 0.02)
    seen: list[int] = []
    beat = pulse.Pulse.beat

    def watched(self: pulse.Pulse, *args: object) -> bool:
        stopped = beat(self, *args)  # type: ignore[arg-type]
        seen.append(SyncStep.objects.get().requests)
        return stopped

    def slow(target: Target, link: Link) -> Iterator[Record]:
        """Asks without finding anything until that was seen, then finds somebody and asks again."""
        for asked in (1, 2):
            link.stats.add(requests=1)
            for _ in range(500):
                if asked in seen or link.stop.wait(0.01):
                    break
            yield person(target, f"Person{asked}")

    monkeypatch.setattr(pulse.Pulse, "beat", watched)
    play(attendance=slow)
    assert {1, 2} <= set(seen)


def test_worker_that_takes_over_adds_to_what_its_predecessor_spent(play: Play) -> None:
    """Promise: a worker killed anywhere loses nothing."""
    killed = KeyboardInterrupt()

    def dying(target: Target, link: Link) -> Iterator[Record]:
        link.stats.add(requests=5, waited_seconds=1.5)
        yield person(target, "Ann")
        raise killed

    with pytest.raises(KeyboardInterrupt):
        play(attendance=dying)
    run = SyncRun.objects.get()
    assert costs(step_of(run, "attendance")) == (5, 0, 0, 1.5)
    with pytest.MonkeyPatch.context() as patch:
        perform(patch, lambda operation, target, link: asking(3, throttled=1)(target, link))
        worker.work(run.pk)
    assert costs(step_of(run, "attendance")) == (8, 0, 1, 1.5)


def test_paused_run_keeps_what_was_spent_until_then(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    def limited(target: Target, link: Link) -> Iterator[Record]:
        link.stats.add(requests=6)
        error = DailyLimit("No more today.")
        error.resumes_at = datetime(2026, 3, 3, tzinfo=UTC)
        raise error
        yield

    run = play(attendance=limited)
    assert (run.state, result(run)["requests"]) == ("paused", 6)
    perform(monkeypatch, lambda operation, target, link: asking(3)(target, link))
    pausing.resume(run, ring=False)
    worker.work(run.pk)
    run.refresh_from_db()
    assert (run.state, result(run)["requests"]) == ("succeeded", 9)


def test_search_and_conferences_of_an_account_are_added_up(
    db: None, campus: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def listed(span: Span, link: Link) -> Iterator[Record]:
        link.stats.add(requests=4, retries=1)
        yield from timetable(span, link)

    def asked(operation: str, target: Target, link: Link) -> Iterator[Record]:
        link.stats.add(requests=2, waited_seconds=0.25)
        yield from quick(operation, target, link)

    monkeypatch.setitem(TIMETABLES, "quick", listed)
    monkeypatch.setitem(SCRIPTS, "quick", asked)
    campus_account = Connection.objects.create(provider="campus", name="C", credentials={"script": "quick", "key": "k"})
    run = account.request(campus_account, via="command", ring=False)
    worker.work(run.pk)
    told = result(SyncRun.objects.get(pk=run.pk))
    assert (told["steps"]["discovery"]["requests"], told["steps"]["discovery"]["retries"]) == (4, 1)
    assert (told["steps"]["chat"]["requests"], told["steps"]["chat"]["waited_seconds"]) == (6 * 2, 6 * 0.25)
    assert told["requests"] == 4 + 6 * 5 * 2


def test_asking_for_nothing_costs_nothing(play: Play) -> None:
    def people(target: Target, link: Link) -> list[AttendanceRecord | Notice]:
        return [person(target, "Ann"), Notice("Fine.")]

    run = play(attendance=people)
    assert (result(run)["requests"], runs.look(run).state) == (0, "succeeded")
