"""Promise: counters never fall, whatever becomes of the rows that they were counted from."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import timezone

from conferences.models import Connection, ErrorClass, RetiredTotal, SyncError, SyncRun, SyncStep
from conferences.operations import totals
from conferences.providers.base import Link, Target
from conferences.providers.errors import ServerTrouble
from conferences.providers.records import Record
from conferences.sync import pausing, runs, worker
from conferences.tests.campus_integration.scripts import person
from conferences.tests.sync.conftest import campus, conference, play

__all__ = ["campus", "conference", "play"]  # fixtures

Play = Callable[..., SyncRun]


def busy(target: Target, link: Link) -> Iterator[Record]:
    link.stats.add(requests=3, retries=2, throttled=1, waited_seconds=1.5)
    yield person(target, "Ann")


def broken(target: Target, link: Link) -> Iterator[Record]:
    link.stats.add(requests=1)
    yield person(target, "Ann")
    raise ServerTrouble("down")


def counted() -> dict[tuple[str, ...], float]:
    """What is not zero, without the connection, of which there is one."""
    return {(name, *labels[1:]): value for (name, labels), value in totals.counters().items() if value}


def error_of(run: SyncRun, **values: Any) -> SyncError:
    now = timezone.now()
    told = {"error_class": ErrorClass.SERVER, "code": "provider_trouble", "first_at": now, "last_at": now, **values}
    return SyncError.objects.create(connection=run.connection, run=run, **told)


def test_counters_tell_what_syncs_have_done(play: Play) -> None:
    run = play(attendance=busy)
    error_of(run, times=4)
    assert counted() == {
        (totals.RUNS, "conference", "succeeded"): 1,
        (totals.STEPS, "attendance", "synced"): 1,
        (totals.ROWS, "attendance", "created"): 1,
        (totals.ERRORS, "server", "provider_trouble"): 4,
        ("lms_provider_requests_total",): 3,
        ("lms_provider_retries_total",): 2,
        ("lms_provider_throttled_total",): 1,
        ("lms_provider_waited_seconds_total",): 1.5,
    }


def test_run_that_has_not_ended_counts_what_it_asked_and_no_more(play: Play) -> None:
    run = play(attendance=busy)
    SyncRun.objects.filter(pk=run.pk).update(state="running", finished_at=None)
    SyncStep.objects.update(outcome="", finished_at=None)
    assert set(counted()) == {(name,) for name in totals.COSTS}


def test_connections_are_told_apart(play: Play) -> None:
    run = play(attendance=busy)
    other = Connection.objects.create(provider="campus", name="Other", credentials={"script": "quick", "key": "k"})
    SyncRun.objects.create(connection=other, requested_via="command", state="failed", mode="full")
    counters = totals.counters()
    assert counters[totals.RUNS, (str(run.connection_id), "conference", "succeeded")] == 1
    assert counters[totals.RUNS, (str(other.pk), "full", "failed")] == 1


def test_what_is_retired_before_it_is_deleted_goes_on_counting(play: Play) -> None:
    run = play(attendance=busy)
    error_of(run)
    play(attendance=busy)
    before = totals.counters()
    totals.retire(
        [
            *totals.of_runs(SyncRun.objects.filter(pk=run.pk)),
            *totals.of_endings(SyncStep.objects.filter(item__run=run)),
            *totals.of_costs(SyncStep.objects.filter(item__run=run)),
            *totals.of_errors(SyncError.objects.filter(run=run)),
        ]
    )
    run.delete()
    assert totals.counters() == before


def test_retiring_again_adds_up(play: Play) -> None:
    run = play(attendance=busy)
    for _ in range(2):
        totals.retire(totals.of_runs(SyncRun.objects.filter(pk=run.pk)))
    assert RetiredTotal.objects.get().value == 2
    assert RetiredTotal.objects.get().labels == {
        "connection": str(run.connection_id),
        "mode": "conference",
        "state": "succeeded",
    }


def test_run_that_is_gone_on_with_takes_nothing_back(play: Play) -> None:
    run = play(attendance=broken)
    before = totals.counters()
    pausing.resume(run, ring=False)
    resumed = totals.counters()
    assert resumed == before
    worker.work(run.pk)
    after = totals.counters()
    assert {key: value for key, value in before.items() if after[key] < value} == {}
    assert counted()[totals.RUNS, "conference", "partial"] == 2
    assert counted()["lms_provider_requests_total",] == 2


@pytest.mark.django_db(transaction=True)
def test_totals_of_one_moment_are_read_outside_of_a_transaction_too(play: Play) -> None:
    play(attendance=busy)
    assert counted()[totals.RUNS, "conference", "succeeded"] == 1
    assert runs.reap_stale() == []  # the connection writes again afterwards
