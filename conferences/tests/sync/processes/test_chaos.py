"""Promise: whatever dies, and however often, every run ends and the rows are those of an undisturbed sync."""

import pytest
import redis
from pytest_django import Settings

from conferences.models import Conference, SyncItem, SyncRun, SyncStep
from conferences.sync import runs
from conferences.sync.runs import AlreadyActive
from conferences.tests.sync.processes.disasters import Disasters
from conferences.tests.sync.processes.workers import Workers, expected, stored
from lms_project.local import children

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

CLASSES = 6
DISASTERS = 8
CALM_SECONDS = 1.5  # between two disasters
END_SECONDS = 120
# Enough for an item to be met by every disaster; poison has tests of its own.
PATIENT = {"SYNC_MAX_ATTEMPTS": "30"}


@pytest.fixture
def classes(steady: Conference) -> list[Conference]:
    more = [
        Conference.objects.create(
            connection=steady.connection,
            title=f"Class {number}",
            external_id=f"class-{number}",
            starts_at=steady.starts_at,
            ends_at=steady.ends_at,
        )
        for number in range(1, CLASSES)
    ]
    return [steady, *more]


@pytest.fixture(autouse=True)
def _patience(settings: Settings) -> None:
    settings.SYNC_MAX_ATTEMPTS = int(PATIENT["SYNC_MAX_ATTEMPTS"])


def click_twice(conference: Conference) -> SyncRun:
    run = runs.request(conference, via="page")
    with pytest.raises(AlreadyActive):
        runs.request(conference, via="page")
    return run


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nothing_is_lost_in_chaos(classes: list[Conference], workers: Workers, broker: redis.Redis, seed: int) -> None:
    disasters = Disasters(workers, broker, seed, PATIENT)
    for _ in range(2):
        workers.start(**PATIENT)
    requested = [click_twice(conference) for conference in classes]
    for _ in range(DISASTERS):
        children.wait_until(lambda: not SyncRun.objects.filter(state__in=SyncRun.ACTIVE).exists(), CALM_SECONDS)
        disasters.strike()
    calm = children.wait_until(lambda: not SyncRun.objects.filter(state__in=SyncRun.ACTIVE).exists(), END_SECONDS)
    told = f"{disasters.story}: {list(SyncItem.objects.values('run', 'state', 'attempts', 'worker'))}"
    assert calm, f"runs that never ended, after {told}"
    assert SyncRun.objects.count() == len(requested), "one run a class, however often it was clicked"
    assert set(SyncRun.objects.values_list("state", flat=True)) == {"succeeded"}, told
    for conference in classes:
        assert stored(conference) == expected(conference), told
    counts = SyncStep.objects.filter(operation__in=["attendance", "chat"]).values_list("items", "created", "updated")
    assert set(counts) == {(20, 20, 0)}, told
