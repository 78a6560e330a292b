"""Time left: by the pace of the last minutes, and never by a pause."""

from datetime import timedelta

import pytest
from django.utils import timezone

from conferences.models import Conference, SyncEvent, SyncItem, SyncRun, SyncStep
from conferences.sync import account, pausing, runs
from conferences.sync.pace import RECENT, RESUMED, eta_seconds

SECOND = timedelta(seconds=1)


def begun(run: SyncRun, seconds_ago: float, progress: int = 0, state: str = "running") -> SyncRun:
    run.started_at, run.progress, run.state = timezone.now() - seconds_ago * SECOND, progress, state
    run.save()
    return run


def resumed(run: SyncRun, seconds_ago: float) -> None:
    event = SyncEvent.objects.create(run=run, code=RESUMED, text="Resumed.")
    SyncEvent.objects.filter(pk=event.pk).update(at=timezone.now() - seconds_ago * SECOND)


def end(steps: list[SyncStep], *seconds_ago: float) -> None:
    for step, seconds in zip(steps, seconds_ago, strict=False):
        step.outcome, step.finished_at = "synced", timezone.now() - seconds * SECOND
        step.save()


@pytest.fixture
def single(conference: Conference) -> SyncRun:
    return runs.request(conference, via="command", operations=["attendance", "chat"], ring=False)


@pytest.fixture
def wide(conference: Conference) -> SyncRun:
    """Of ten classes with two operations each; the search ended long ago."""
    run = account.request(conference.connection, via="command", ring=False)
    SyncRun.objects.filter(pk=run.pk).update(operations=["attendance", "chat"])
    run.refresh_from_db()
    end(list(SyncStep.objects.all()), 3_600)
    SyncItem.objects.update(state="done")
    for number in range(10):
        conference.pk, conference.external_id = None, f"c{number}"
        conference.save()
        item = SyncItem.objects.create(run=run, conference=conference)
        for position, name in enumerate(run.operations):
            SyncStep.objects.create(item=item, operation=name, position=position)
    return run


def lessons(run: SyncRun) -> list[SyncStep]:
    return list(SyncStep.objects.filter(item__run=run, item__conference__isnull=False).order_by("pk"))


@pytest.mark.parametrize(
    ("state", "progress", "elapsed", "expected"),
    [("running", 4, 60, None), ("running", 50, 60, 60), ("running", 25, 30, 90), ("succeeded", 100, 60, None)],
)
def test_time_left_of_one_conference(
    single: SyncRun, state: str, progress: int, elapsed: int, expected: int | None
) -> None:
    assert eta_seconds(begun(single, elapsed, progress, state)) == expected


def test_time_left_of_a_run_that_has_not_begun(single: SyncRun) -> None:
    assert eta_seconds(single) is None


def test_pause_of_one_conference_does_not_count(single: SyncRun) -> None:
    """Half was done before the pause; a quarter in the thirty seconds since."""
    run = begun(single, 86_400, 75)
    end(list(single.items.get().steps.all())[:1], 86_000)
    resumed(run, 30)
    assert eta_seconds(run) == 30


def test_nothing_is_foretold_right_after_a_resume(single: SyncRun) -> None:
    run = begun(single, 86_400, 51)
    end(list(single.items.get().steps.all())[:1], 86_000)
    resumed(run, 30)
    assert eta_seconds(run) is None


def test_time_left_of_an_account_is_told_by_the_last_minutes(wide: SyncRun) -> None:
    """Four operations in five minutes, whatever the eight hours before were like; twelve are left."""
    run = begun(wide, 8 * 3_600, 40)
    end(lessons(run), 7_000, 6_000, 5_000, 4_000, 200, 150, 100, 50)
    assert eta_seconds(run) == 12 * RECENT.total_seconds() / 4


def test_time_left_of_a_young_account_run_begins_with_its_search(wide: SyncRun) -> None:
    run = begun(wide, 100)
    SyncStep.objects.filter(item__conference=None).update(finished_at=timezone.now() - 60 * SECOND)
    end(lessons(run), 50, 40, 30, 20)
    assert eta_seconds(run) == 60 * 16 / 4


def test_pause_of_an_account_run_does_not_count(wide: SyncRun) -> None:
    run = begun(wide, 86_400)
    resumed(run, 40)
    end(lessons(run), 80_000, 100, 30, 20)
    assert eta_seconds(run) == 40 * 16 / 2


def test_nothing_is_foretold_while_the_search_goes_on(wide: SyncRun) -> None:
    run = begun(wide, 100)
    end(lessons(run), 50, 40, 30, 20)
    SyncStep.objects.filter(item__conference=None).update(finished_at=None, outcome="")
    assert eta_seconds(run) is None


def test_nothing_is_foretold_before_one_class_is_done(wide: SyncRun) -> None:
    run = begun(wide, 100)
    end(lessons(run), 50)
    assert eta_seconds(run) is None


def test_ended_classes_are_not_left(wide: SyncRun) -> None:
    """A cancelled or failed one has operations that nobody will do."""
    run = begun(wide, 60)
    SyncStep.objects.filter(item__conference=None).update(finished_at=timezone.now() - 60 * SECOND)
    SyncItem.objects.filter(pk__in=[step.item_id for step in lessons(run)[10:]]).update(state="failed")
    end(lessons(run), 50, 40)
    assert eta_seconds(run) == 60 * 8 / 2


def test_resumed_run_begins_to_count_anew(wide: SyncRun) -> None:
    """After an end it stood at a hundred percent, and would do so until its next end."""
    SyncRun.objects.update(state="partial", progress=100, started_at=timezone.now() - 3_600 * SECOND)
    wide.refresh_from_db()
    pausing.resume(wide, ring=False)
    assert (wide.state, wide.progress) == ("queued", 0)
    assert SyncEvent.objects.filter(run=wide, code=RESUMED).count() == 1
