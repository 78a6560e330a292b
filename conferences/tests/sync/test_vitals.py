"""Signs of life of a worker process."""

import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import redis
from celery.signals import task_received
from celery.utils.nodenames import worker_direct
from celery.worker import state
from django.utils import timezone

from conferences.models import WorkerPulse
from conferences.sync import sweep, vitals
from conferences.sync.vitals import Vitals
from conferences.tests.sync.test_doorbell import broker, broker_at
from lms_project.local.ports import free_port

__all__ = ["broker", "broker_at"]  # fixtures

MY_QUEUE = worker_direct("celery@here").name

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine() -> Vitals:
    mine = Vitals()
    mine.begin("celery@here")
    return mine


def taken() -> bool:
    return WorkerPulse.objects.get().took_work_at is not None


def test_beats_are_one_row(mine: Vitals) -> None:
    mine.beat()
    first = WorkerPulse.objects.get()
    mine.beat()
    second = WorkerPulse.objects.get()
    assert (second.pk, second.name, second.beat_at >= first.beat_at) == (first.pk, f"celery@here {os.getpid()}", True)
    assert second.took_work_at is None


def test_message_that_arrives_is_noted(mine: Vitals, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep, "VITALS", mine)
    task_received.send(sender=None)
    mine.beat()
    assert taken()


def test_busy_worker_is_not_deaf(mine: Vitals, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its pool is full, so that not even its own messages can arrive."""
    monkeypatch.setattr(state, "active_requests", {"a long one"})
    mine.beat()
    assert taken()


def test_process_that_is_no_worker_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vitals.current_app, "send_task", pytest.fail)
    nobody = Vitals()
    nobody.beat()
    nobody.ping()
    nobody.end()
    assert not WorkerPulse.objects.exists()


def test_stopped_worker_is_not_missed(mine: Vitals) -> None:
    mine.beat()
    mine.end()
    mine.beat()
    assert not WorkerPulse.objects.exists()


def test_lost_worker_is_forgotten_after_a_while(mine: Vitals) -> None:
    now = timezone.now()
    for name, age in (("lost", timedelta(minutes=50)), ("long lost", timedelta(minutes=70))):
        WorkerPulse.objects.create(name=name, started_at=now - age, beat_at=now - age)
    mine.beat()
    assert set(WorkerPulse.objects.values_list("name", flat=True)) == {"lost", mine.name}


def test_ping_goes_to_this_worker_alone_and_expires(mine: Vitals, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(
        vitals.current_app, "send_task", lambda name, queue, **how: sent.append((name, queue.name, how["expires"]))
    )
    mine.ping()
    assert sent == [("conferences.ping", MY_QUEUE, 60)]


def test_broker_out_of_reach_costs_the_sweep_nothing(
    mine: Vitals, broker_at: Callable[[str], None], caplog: pytest.LogCaptureFixture
) -> None:
    broker_at(f"redis://127.0.0.1:{free_port()}/0")
    mine.ping()
    assert [record.message for record in caplog.records] == ["this worker cannot reach the broker (OperationalError)"]


def test_ping_waits_in_the_broker_for_its_worker(mine: Vitals, broker: redis.Redis) -> None:
    mine.ping()
    assert (broker.llen(MY_QUEUE), broker.llen("sync")) == (1, 0)
