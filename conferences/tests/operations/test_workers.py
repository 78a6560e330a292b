"""Which workers live, and which still take work."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from conferences.models import WorkerPulse
from conferences.operations.workers import Condition, workers

pytestmark = pytest.mark.django_db


def pulse(name: str, beat: float, took: float | None, born: float = 86_400) -> None:
    """A worker that beat, took work and began so many seconds ago."""
    now = timezone.now()
    WorkerPulse.objects.create(
        name=name,
        started_at=now - timedelta(seconds=born),
        beat_at=now - timedelta(seconds=beat),
        took_work_at=None if took is None else now - timedelta(seconds=took),
    )


@pytest.mark.parametrize(
    ("beat", "took", "born", "condition"),
    [
        (1, 1, 86_400, Condition.WELL),
        (40, 100, 86_400, Condition.WELL),
        (55, 55, 86_400, Condition.LOST),
        (1, 200, 86_400, Condition.DEAF),
        (1, None, 5, Condition.WELL),
        (1, None, 200, Condition.DEAF),
    ],
)
def test_condition(beat: float, took: float | None, born: float, condition: Condition) -> None:
    pulse("one", beat, took, born)
    assert [worker.condition for worker in workers()] == [condition]


def test_slow_beat_that_was_asked_for_is_no_loss(settings: Settings) -> None:
    settings.SYNC_RING_AGAIN_SECONDS = 60
    pulse("one", 150, 600)
    assert [worker.condition for worker in workers()] == [Condition.WELL]


def test_ages_are_told() -> None:
    pulse("one", 10, 20)
    (worker,) = workers()
    assert (worker.silent_seconds, worker.idle_seconds) == pytest.approx((10, 20), abs=5)
