"""Telling workers that a run waits; and what becomes of a run when they cannot be told."""

import socket
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import redis
from celery import current_app
from django.db.models.functions import Now
from pytest_django import Settings

from conferences.models import Conference, SyncItem, SyncRun
from conferences.sync import doorbell, runs
from conferences.sync.lease import claim
from lms_project.local.ports import free_port

ANSWER_SECONDS = 10  # what a person waits for a click; measured is about 4


@pytest.fixture
def run(conference: Conference) -> SyncRun:
    return runs.request(conference, via="command", ring=False)


@pytest.fixture
def broker(settings: Settings) -> Iterator[redis.Redis]:
    """The session's broker, emptied."""
    client = redis.Redis.from_url(settings.REDIS_URL)
    client.flushdb()
    yield client
    client.flushdb()
    client.close()


@pytest.fixture
def broker_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Sends what is published elsewhere."""

    def use(url: str) -> None:
        send = current_app.send_task

        def through(name: str, **options: Any) -> Any:
            with current_app.connection_for_write(url) as connection:
                return send(name, connection=connection, **options)

        monkeypatch.setattr(current_app, "send_task", through)

    return use


@pytest.fixture
def black_hole() -> Iterator[str]:
    """A broker that takes the connection and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(16)
        yield f"redis://127.0.0.1:{listener.getsockname()[1]}/0"


def waiting() -> list[int]:
    return list(doorbell.waiting().values_list("pk", flat=True))


def told(run: SyncRun) -> tuple[str, str, list[str]]:
    run.refresh_from_db()
    return run.code, run.message, list(run.events.filter(level="warning").values_list("code", flat=True))


def test_message_carries_the_run_s_number_alone(run: SyncRun, broker: redis.Redis) -> None:
    assert doorbell.ring(run.pk) is True
    assert broker.llen("sync") == 1
    assert f'"argsrepr": "[{run.pk}]"'.encode() in broker.lindex("sync", 0)


@pytest.mark.parametrize("where", ["nobody listens", "nobody answers"])
def test_broker_down_at_the_click(run: SyncRun, broker_at: Callable[[str], None], black_hole: str, where: str) -> None:
    """Promise: the click is answered within seconds, with a sentence, and the run is not left queued for ever."""
    broker_at(black_hole if where == "nobody answers" else f"redis://127.0.0.1:{free_port()}/0")
    began = time.monotonic()
    assert doorbell.ring(run.pk) is False
    assert time.monotonic() - began < ANSWER_SECONDS
    assert told(run) == ("broker_unreachable", doorbell.UNREACHABLE, ["broker_unreachable"])
    assert run.state == "queued"


def test_person_who_clicked_is_told_at_once(
    conference: Conference, broker_at: Callable[[str], None], django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    broker_at(f"redis://127.0.0.1:{free_port()}/0")
    with django_capture_on_commit_callbacks(execute=True):
        run = runs.request(conference, via="page")
    assert (run.state, run.code, run.message) == ("queued", "broker_unreachable", doorbell.UNREACHABLE)


def test_sentence_is_said_once(run: SyncRun, broker_at: Callable[[str], None]) -> None:
    broker_at(f"redis://127.0.0.1:{free_port()}/0")
    assert [doorbell.ring(run.pk) for _ in range(2)] == [False, False]
    assert told(run)[2] == ["broker_unreachable"]


def test_later_ring_goes_through(run: SyncRun, broker: redis.Redis, settings: Settings) -> None:
    SyncRun.objects.update(code="broker_unreachable", message=doorbell.UNREACHABLE, rung_at=Now())
    doorbell.ring_if_waiting(run.pk)
    assert broker.llen("sync") == 0, "it was rung for just now"
    SyncRun.objects.update(rung_at=Now() - timedelta(seconds=settings.SYNC_RING_AGAIN_SECONDS + 1))
    doorbell.ring_if_waiting(run.pk)
    assert (broker.llen("sync"), told(run)[:2]) == (1, ("", ""))


def test_run_that_has_begun_keeps_its_words_when_the_broker_fails(
    run: SyncRun, broker_at: Callable[[str], None]
) -> None:
    claim(run.pk, "first")
    broker_at(f"redis://127.0.0.1:{free_port()}/0")
    doorbell.ring(run.pk)
    assert told(run) == ("", "", [])


def test_queued_run_waits_until_it_is_rung_for(run: SyncRun, broker: redis.Redis) -> None:
    assert waiting() == [run.pk]
    doorbell.ring(run.pk)
    assert waiting() == []


def test_run_in_work_does_not_wait(run: SyncRun) -> None:
    claim(run.pk, "first")
    assert waiting() == []


def test_run_of_a_silent_worker_waits(run: SyncRun) -> None:
    claim(run.pk, "first")
    SyncItem.objects.update(lease_until=Now() - timedelta(seconds=1))
    assert waiting() == [run.pk]


@pytest.mark.parametrize("state", ["succeeded", "partial", "failed", "cancelled"])
def test_ended_run_does_not_wait(run: SyncRun, state: str) -> None:
    SyncRun.objects.update(state=state)
    assert waiting() == []


def test_all_waiting_runs_are_rung_for_once(run: SyncRun, broker: redis.Redis) -> None:
    assert [doorbell.ring_all_waiting() for _ in range(2)] == [1, 0]
    assert broker.llen("sync") == 1


def test_broker_that_is_away_is_not_tried_for_every_run(
    run: SyncRun, conference: Conference, broker_at: Callable[[str], None]
) -> None:
    """A worker that rings for many goes on with what else it has to do, such as saying that it lives."""
    runs.cancel(run)
    for state in ("first", "second"):
        lesson = Conference.objects.create(
            connection=conference.connection,
            external_id=state,
            title=state,
            starts_at=conference.starts_at,
            ends_at=conference.ends_at,
        )
        runs.request(lesson, via="command", ring=False)
    broker_at(f"redis://127.0.0.1:{free_port()}/0")
    assert doorbell.ring_all_waiting() == 0
    assert SyncRun.objects.filter(rung_at__isnull=False, state="queued").count() == 1
