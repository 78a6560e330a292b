"""Promise: whoever judges by old runs judges as before when the outdone ones are gone, whatever the history."""

import random
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from conferences.models import Conference, Connection, SyncItem, SyncRun, SyncStep
from conferences.operations.outdone import Outdone, outdone
from conferences.register.knowledge import knowledge
from conferences.sync.account import _last_good
from conferences.sync.share import parts
from conferences.sync.store.incomplete import incomplete
from conferences.tests.operations.conftest import ago, held, ran

DAY = 24
ENDINGS = (("synced", "synced"), ("synced", "not_ready"), ("blocked", "no_scope"), ("failed", "cut_off"), ("", ""))


def old(days: float = 30) -> Outdone:
    return outdone(timezone.now() - timedelta(days=days))


def account_run(connection: Connection, hours: float, search: str = "synced", **values: Any) -> SyncRun:
    """Of the whole connection, with a search that ended so."""
    defaults = {"state": "succeeded", "mode": "full", "requested_via": "page"}
    at = {"created_at": ago(hours), "started_at": ago(hours), "finished_at": ago(hours)}
    run = SyncRun.objects.create(connection=connection, **{**defaults, **at, **values})
    item = SyncItem.objects.create(run=run, state="done")
    SyncStep.objects.create(item=item, operation="discovery", outcome=search, code=search, finished_at=ago(hours))
    return run


def test_older_of_two_like_runs_is_outdone(rooms: Connection) -> None:
    conference = held(rooms, 100 * DAY)
    first, _ = ran(conference, 90 * DAY, attendance="synced"), ran(conference, 80 * DAY, attendance="synced")
    assert old() == Outdone([first.items.get().pk], [first.pk])


def test_last_good_run_stays_whatever_its_age_and_what_failed_since(rooms: Connection) -> None:
    conference = held(rooms, 1000 * DAY)
    ran(conference, 900 * DAY, attendance="synced")
    ran(conference, 1 * DAY, "failed", attendance="failed")
    assert old() == Outdone([], [])


def test_runs_of_other_conferences_outdo_nothing(rooms: Connection) -> None:
    for number in range(3):
        ran(held(rooms, 100 * DAY, external_id=f"c{number}"), 90 * DAY, attendance="synced")
    assert old() == Outdone([], [])


@pytest.mark.parametrize("state", ["queued", "running", "paused"])
def test_run_that_has_not_ended_stays(rooms: Connection, state: str) -> None:
    conference = held(rooms, 100 * DAY)
    waiting = ran(conference, 90 * DAY, attendance="synced")
    SyncRun.objects.filter(pk=waiting.pk).update(state=state, finished_at=None)
    ran(conference, 80 * DAY, attendance="synced")
    assert old() == Outdone([], [])


def test_run_that_ended_lately_stays(rooms: Connection) -> None:
    conference = held(rooms, 100 * DAY)
    first, _ = ran(conference, 90 * DAY, attendance="synced"), ran(conference, 80 * DAY, attendance="synced")
    SyncRun.objects.filter(pk=first.pk).update(finished_at=ago(2))  # it was resumed
    assert old() == Outdone([], [])


def test_newest_failure_that_nothing_answered_stays(rooms: Connection) -> None:
    conference = held(rooms, 100 * DAY)
    first = ran(conference, 90 * DAY, "partial", attendance="synced", chat="failed")
    ran(conference, 80 * DAY, "partial", attendance="synced")
    ran(conference, 70 * DAY, "partial", attendance="synced")
    assert first.items.get().pk not in old().items
    assert [run for run in old().runs if run == first.pk] == []


def test_newest_answer_and_the_one_that_came_last_stay_both(rooms: Connection) -> None:
    """The first run was resumed after the third had answered what the second had failed at."""
    conference = held(rooms, 100 * DAY)
    first, second, _ = (
        ran(conference, days * DAY, "partial", attendance=outcome)
        for days, outcome in ((90, "synced"), (80, "failed"), (70, "synced"))
    )
    SyncStep.objects.filter(item__run=first).update(finished_at=ago(65 * DAY))
    ran(conference, 50 * DAY, "partial", attendance="failed")
    assert old() == Outdone([second.items.get().pk], [second.pk])


def test_newest_item_without_any_step_stays(rooms: Connection) -> None:
    conference = held(rooms, 100 * DAY)
    lost, waiting = ran(conference, 90 * DAY, "failed"), ran(conference, 80 * DAY, "failed")
    lost.items.update(state="failed")
    assert waiting.items.get().state == "done"
    assert old() == Outdone([], [])


def test_wide_run_is_thinned_out_to_the_conferences_that_no_later_run_had(rooms: Connection) -> None:
    conferences = [held(rooms, 100 * DAY, external_id=f"c{number}") for number in range(3)]
    wide = account_run(rooms, 90 * DAY)
    account_run(rooms, 80 * DAY)
    items = [SyncItem.objects.create(run=wide, conference=each, state="done") for each in conferences]
    for item in items:
        SyncStep.objects.create(item=item, operation="attendance", outcome="synced", finished_at=ago(90 * DAY))
    search = wide.items.get(conference=None)
    ran(conferences[0], 85 * DAY, attendance="synced:")
    SyncStep.objects.update(code="synced")
    assert old() == Outdone([search.pk, items[0].pk], [])


def test_last_run_with_a_clean_search_stays_for_the_next_delta(rooms: Connection) -> None:
    clean = account_run(rooms, 90 * DAY, state="partial")
    account_run(rooms, 80 * DAY, "failed", state="partial")
    account_run(rooms, 70 * DAY, mode="range")
    assert old() == Outdone([], [])
    assert _last_good(rooms) == clean.started_at


@pytest.mark.parametrize("seed", range(8))
def test_everything_is_judged_as_before(rooms: Connection, seed: int) -> None:
    history(rooms, random.Random(seed))
    before = judgements(rooms)
    found = old()
    SyncItem.objects.filter(pk__in=found.items).delete()
    SyncRun.objects.filter(pk__in=found.runs).delete()
    assert len(found.runs) > 20
    assert judgements(rooms) == before
    assert old() == Outdone([], [])


def judgements(connection: Connection) -> dict[str, Any]:
    """All that is read from runs that have ended."""
    conferences = Conference.objects.order_by("pk")
    good = SyncRun.objects.filter(state__in=SyncRun.GOOD).order_by("conference_id", "-pk").distinct("conference_id")
    return {
        "incomplete": set(incomplete(conferences).values_list("pk", flat=True)),
        "delta": _last_good(connection),
        "answered": [knowledge(each, None).answered_at for each in conferences],
        "shown": [parts(each).first() for each in conferences],
        "stated": [
            SyncStep.objects.filter(item__conference=each, operation="attendance").exclude(outcome="").last()
            for each in conferences
        ],
        "blocked": SyncStep.objects.filter(outcome="blocked").order_by("-pk").first(),
        "last good": [run.pk for run in good],
        "steps of the last good": sorted(SyncStep.objects.filter(item__run__in=good).values_list("pk", flat=True)),
    }


def history(connection: Connection, dice: random.Random) -> None:
    """Runs of single conferences and of the whole account, most of one kind, and some resumed long after."""
    conferences = [held(connection, 400 * DAY, external_id=f"c{number}") for number in range(3)]
    for number in range(120):
        hours, resumed = (390 - 3 * number) * DAY, dice.random() < 0.3
        chosen = dice.sample(conferences, dice.choice([1, 1, 1, 2]))
        mode = "conference" if len(chosen) == 1 else dice.choice(["full", "full", "range"])
        run = account_run(connection, hours, dice.choice(["synced", "failed"]), state="partial", mode=mode)
        ended_at = ago(max(0, hours - (90 * DAY if resumed else 0)))
        target = chosen[0] if mode == "conference" else None
        SyncRun.objects.filter(pk=run.pk).update(conference=target, finished_at=ended_at)
        if target:
            run.items.all().delete()
        for each in chosen:
            _synced(run, each, dice, ended_at)


def _synced(run: SyncRun, conference: Conference, dice: random.Random, ended_at: datetime) -> None:
    item = SyncItem.objects.create(run=run, conference=conference, state=dice.choice(["done", "done", "failed"]))
    for operation in ("attendance", "chat"):
        outcome, code = dice.choice(ENDINGS)
        at = ended_at if outcome else None
        SyncStep.objects.create(item=item, operation=operation, outcome=outcome, code=code, finished_at=at)
