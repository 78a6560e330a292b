"""What Prometheus is told of the rows that there are."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import DjangoAssertNumQueries, Settings

from conferences.models import Alert, AlertRule, Connection, SyncItem, SyncRun, SyncStep, WorkerPulse
from conferences.operations.metrics import exposition
from conferences.tests.operations.conftest import held, ran, went_wrong


def told(prefix: str = "lms_") -> dict[str, float]:
    """By name and the values of the labels in the order of their names; the connection's own by “it”."""
    samples = [sample for family in text_string_to_metric_families(exposition().decode()) for sample in family.samples]
    its = {str(pk): "it" for pk in Connection.objects.values_list("pk", flat=True)[:1]}
    return {
        " ".join([each.name, *(its.get(value, value) for _, value in sorted(each.labels.items()))]): each.value
        for each in samples
        if each.name.startswith(prefix)
    }


@pytest.fixture
def run(rooms: Connection) -> SyncRun:
    run = ran(held(rooms, 3), 0, "partial", attendance="synced", chat="failed")
    SyncStep.objects.filter(operation="attendance").update(created=5, requests=7)
    return run


def test_counters_are_those_of_all_time(run: SyncRun) -> None:
    went_wrong(run, 1, times=4)
    assert {name: value for name, value in told("lms_sync_").items() if "_total" in name and value} == {
        "lms_sync_runs_total it conference partial": 1,
        "lms_sync_steps_total it attendance synced": 1,
        "lms_sync_steps_total it chat failed": 1,
        "lms_sync_rows_total it created attendance": 5,
        "lms_sync_errors_total provider_trouble it server": 4,
    }
    assert told("lms_provider_requests_total") == {"lms_provider_requests_total it": 7}


def test_connections_are_named_in_one_place(rooms: Connection) -> None:
    assert told("lms_connection_info") == {f"lms_connection_info it {rooms.name} {rooms.provider}": 1}


def test_queue_tells_what_nobody_works_on(run: SyncRun) -> None:
    waiting = SyncRun.objects.create(
        connection=run.connection, mode="full", requested_via="page", created_at=timezone.now() - timedelta(minutes=5)
    )
    SyncItem.objects.create(run=waiting)
    assert told("lms_sync_runs_open") == {
        "lms_sync_runs_open queued": 1,
        "lms_sync_runs_open running": 0,
        "lms_sync_runs_open paused": 0,
    }
    assert told("lms_sync_items_waiting") == {"lms_sync_items_waiting it": 1}
    assert told("lms_sync_oldest")["lms_sync_oldest_waiting_seconds"] == pytest.approx(300, abs=60)


def test_empty_queue_is_zero(run: SyncRun) -> None:
    assert told("lms_sync_oldest") == {"lms_sync_oldest_waiting_seconds": 0}


def test_workers_are_counted_by_how_they_are(db: None) -> None:
    now = timezone.now()
    for name, silent in (("one", 0), ("two", 0), ("three", 1800)):
        beat_at = now - timedelta(seconds=silent)
        WorkerPulse.objects.create(name=name, started_at=now - timedelta(hours=9), beat_at=beat_at, took_work_at=now)
    assert told("lms_workers") == {"lms_workers well": 2, "lms_workers deaf": 0, "lms_workers lost": 1}


def test_broker_is_told_to_be_away(db: None, settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert told("lms_broker") == {"lms_broker_up": 0, "lms_broker_messages": 0}


def test_score_of_what_nobody_has_tried_is_left_out(rooms: Connection) -> None:
    assert told("lms_health_score") == {}


def test_scores_are_those_of_the_page(run: SyncRun) -> None:
    """With nobody at work a connection gets no more than what is critical."""
    assert set(told("lms_health")) == {"lms_health_score it", "lms_health_overall_score"}
    assert max(told("lms_health").values()) <= 20


def test_open_alerts_are_counted_by_kind(db: None) -> None:
    rule = AlertRule.objects.create(name="Stale", kind="stale_run")
    for state in ("open", "resolved", "pending"):
        now = timezone.now()
        Alert.objects.create(rule=rule, state=state, message="!", first_seen_at=now, subject=state)
    assert {name: value for name, value in told("lms_alerts").items() if value} == {"lms_alerts_open stale_run": 1}
    assert len(told("lms_alerts")) == len(AlertRule.Kind.values)


def test_durations_are_those_of_a_day(run: SyncRun) -> None:
    now = timezone.now()
    SyncStep.objects.filter(operation="attendance").update(started_at=now - timedelta(seconds=4), finished_at=now)
    before = now - timedelta(days=2)
    SyncStep.objects.filter(operation="chat").update(started_at=before, finished_at=before)
    assert told("lms_sync_step_seconds") == {
        f"lms_sync_step_seconds it attendance {share}": 4 for share in ("0.5", "0.9", "0.99")
    }


def test_rows_do_not_cost_questions(
    rooms: Connection, django_assert_max_num_queries: Any, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for days in range(5):
        ran(held(rooms, 3), days, attendance="synced")
    with django_assert_max_num_queries(40) as few:
        exposition()
    for days in range(20):
        ran(held(rooms, 3), days, attendance="synced")
    with django_assert_num_queries(len(few.captured_queries)):
        exposition()
