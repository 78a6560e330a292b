"""Promise: what is counted of rows is still counted when they are gone."""

import pytest

from conferences.models import Connection, RetiredTotal, SyncError, SyncRun, SyncStep
from conferences.operations.counters import COSTS, all_time, retire, retired, totals
from conferences.sync import pausing
from conferences.tests.operations.conftest import held, ran, went_wrong


@pytest.fixture
def run(rooms: Connection) -> SyncRun:
    run = ran(held(rooms, 3), 1, "partial", attendance="synced", chat="failed", files="")
    costs = {"requests": 7, "retries": 2, "throttled": 1, "waited_seconds": 2.5}
    SyncStep.objects.filter(operation="attendance").update(created=5, updated=3, unchanged=1, **costs)
    return run


def told(series: dict) -> dict[str, float]:
    """Without the connection, and without what is zero."""
    return {
        " ".join([name, *(value for label, value in labels if label != "connection")]): count
        for (name, labels), count in series.items()
        if count
    }


def test_runs_are_counted_once_they_have_ended(run: SyncRun, rooms: Connection) -> None:
    ran(held(rooms, 3), 0, "running")
    SyncRun.objects.filter(pk=ran(held(rooms, 3), 0).pk).update(state="paused")
    ran(held(rooms, 3), 2, "partial")
    assert totals(SyncRun.objects.all()) == {
        (
            "lms_sync_runs_total",
            (("connection", str(rooms.pk)), ("mode", "conference"), ("state", "partial")),
        ): 2
    }


def test_steps_are_counted_by_outcome_with_their_rows_and_costs(run: SyncRun) -> None:
    assert told(totals(SyncStep.objects.all())) == {
        "lms_sync_steps_total attendance synced": 1,
        "lms_sync_steps_total chat failed": 1,
        "lms_sync_rows_total created attendance": 5,
        "lms_sync_rows_total updated attendance": 3,
        "lms_sync_rows_total unchanged attendance": 1,
        "lms_provider_requests_total": 7,
        "lms_provider_retries_total": 2,
        "lms_provider_throttled_total": 1,
        "lms_provider_waited_seconds_total": 2.5,
    }


def test_errors_are_counted_as_often_as_they_occurred(run: SyncRun) -> None:
    went_wrong(run, 1, times=4)
    went_wrong(run, 1, times=2, operation="chat")
    went_wrong(run, 1, error_class="network", code="cut_off")
    assert told(totals(SyncError.objects.all())) == {
        "lms_sync_errors_total provider_trouble server": 6,
        "lms_sync_errors_total cut_off network": 1,
    }


def test_each_connection_has_its_own_series(run: SyncRun) -> None:
    other = Connection.objects.create(provider="campus", name="Halls")
    ran(held(other, 3), 1, attendance="synced")
    connections = {dict(labels)["connection"] for _, labels in totals(SyncStep.objects.all())}
    assert connections == {str(run.connection_id), str(other.pk)}


def test_what_rows_counted_for_is_kept_and_added_to(run: SyncRun) -> None:
    counted = totals(SyncStep.objects.all())
    retire(SyncStep.objects.all())
    assert retired() == counted
    retire(SyncStep.objects.all())
    assert retired() == {series: 2 * value for series, value in counted.items()}
    assert RetiredTotal.objects.count() == len(counted)


def test_all_time_is_what_there_is_and_what_there_was(run: SyncRun) -> None:
    went_wrong(run, 1)
    before = all_time()
    assert told(before)["lms_sync_runs_total conference partial"] == 1
    for rows in (SyncError.objects.all(), SyncStep.objects.all(), SyncRun.objects.all()):
        retire(rows)
        rows.delete()
    assert all_time() == before


def test_step_that_has_not_ended_counts_what_it_asked_and_no_more(run: SyncRun) -> None:
    SyncStep.objects.update(outcome="")
    assert set(told(totals(SyncStep.objects.all()))) == set(COSTS.values())


def test_run_that_is_gone_on_with_takes_nothing_back(run: SyncRun) -> None:
    SyncStep.objects.filter(operation="attendance").update(outcome="failed")
    run.items.update(state="failed")
    before = all_time()
    pausing.resume(run, ring=False)
    assert all_time() == before
    SyncStep.objects.update(outcome="synced")
    SyncRun.objects.update(state="succeeded")
    after = told(all_time())
    assert {name: count for name, count in told(before).items() if after[name] < count} == {}
    assert (after["lms_sync_steps_total attendance failed"], after["lms_sync_steps_total attendance synced"]) == (1, 1)
    assert after["lms_provider_requests_total"] == 7


@pytest.mark.django_db(transaction=True)
def test_all_time_is_read_outside_of_a_transaction_too(run: SyncRun) -> None:
    assert told(all_time())["lms_sync_runs_total conference partial"] == 1
    run.delete()  # the connection writes again afterwards
