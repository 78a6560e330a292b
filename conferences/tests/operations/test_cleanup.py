"""Promises of housekeeping: it takes what is old and nobody needs, says so exactly, and leaves all else alone."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from typing import Any

import psycopg2
import pytest
from axes.models import AccessAttempt, AccessLog
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import F
from django.utils import timezone

from conferences.models import (
    Alert,
    AlertDelivery,
    AlertRule,
    AuthorizationRequest,
    Connection,
    RetiredTotal,
    SyncError,
    SyncEvent,
    SyncItem,
    SyncRun,
    SyncStep,
    WorkerPulse,
)
from conferences.operations import cleanup
from conferences.operations.cleanup import THINNED, clean_up
from conferences.operations.counters import COUNTED, retired, totals
from conferences.operations.outdone import outdone
from conferences.sync import account, pausing, runs, worker
from conferences.tests.operations.conftest import ago, held, ran, went_wrong
from conferences.tests.operations.rows import all_models, rows_of

DAY = 24
CLEANED = {
    SyncEvent, SyncError, SyncRun, SyncItem, SyncStep, Alert, AlertDelivery, AuthorizationRequest, Session,
    AccessAttempt, AccessLog, RetiredTotal,
}  # fmt: skip


def clean(*, dry_run: bool = False, days: float = 30) -> dict[str, int]:
    """What there was to be removed."""
    removed = clean_up(timezone.now() - timedelta(days=days), dry_run=dry_run)
    return {name: count for name, count in removed.items() if count}


def age(days: float) -> None:
    """Everything that has happened so far happened so much earlier."""
    by = timedelta(days=days)
    SyncRun.objects.update(
        created_at=F("created_at") - by,
        started_at=F("started_at") - by,
        heartbeat_at=F("heartbeat_at") - by,
        finished_at=F("finished_at") - by,
    )
    SyncStep.objects.update(started_at=F("started_at") - by, finished_at=F("finished_at") - by)
    SyncEvent.objects.update(at=F("at") - by)
    SyncError.objects.update(first_at=F("first_at") - by, last_at=F("last_at") - by)


def sync_all(rooms: Connection) -> SyncRun:
    run = account.request(rooms, via="command", ring=False)
    worker.work(run.pk)
    run.refresh_from_db()
    return run


@pytest.fixture
def year(rooms: Connection) -> list[SyncRun]:
    """A real sync of the whole account 120 days ago and three like it since, each with an error that was overcome."""
    found = [sync_all(rooms)]
    went_wrong(found[0], 0, times=3)
    for _ in range(3):
        age(30)
        found.append(again(found[0]))
    age(30)
    return found


def again(run: SyncRun) -> SyncRun:
    """The same just now."""
    now = timezone.now()
    new = SyncRun.objects.create(
        **{name: getattr(run, name) for name in ("connection", "conference", "mode", "state", "requested_via")},
        started_at=now,
        finished_at=now,
    )
    for event in SyncEvent.objects.filter(run=run):
        SyncEvent.objects.create(run=new, text=event.text)
    for item in run.items.all():
        copied(item, new)
    went_wrong(new, 0, times=3)
    return new


def copied(item: SyncItem, run: SyncRun) -> None:
    new = SyncItem.objects.create(run=run, conference=item.conference, state=item.state)
    for step in item.steps.all():
        step.pk, step.item, step.finished_at, step._state.adding = None, new, run.finished_at, True
        step.save()


def test_synced_data_is_never_touched(year: list[SyncRun]) -> None:
    """Counts and contents of every table but those of logs."""
    kept = [model for model in all_models() if model not in CLEANED]
    before = rows_of(kept)
    assert min(len(before[f"conferences_{name}"]) for name in ("conference", "participant", "attendancesession")) > 6
    assert clean(days=1)["runs"] == 3
    assert rows_of(kept) == before


def test_dry_run_tells_exactly_what_the_real_one_removes(year: list[SyncRun]) -> None:
    whole = rows_of(all_models())
    foreseen = clean(dry_run=True)
    assert rows_of(all_models()) == whole
    before = {model: model.objects.count() for model in (SyncEvent, SyncError, SyncRun, SyncItem, SyncStep)}
    assert clean() == foreseen
    lost = {cleanup.NAMES[model]: count - model.objects.count() for model, count in before.items()}
    assert lost == foreseen
    assert (foreseen["runs"], foreseen["items"], foreseen["errors"]) == (3, 21, 4)


def test_second_time_finds_nothing(year: list[SyncRun]) -> None:
    clean()
    assert (clean(dry_run=True), clean()) == ({}, {})


def test_what_is_younger_stays(year: list[SyncRun]) -> None:
    assert clean(days=121) == {}
    assert clean(days=100)["runs"] == 1


def test_counters_never_fall(year: list[SyncRun]) -> None:
    def counted() -> dict[Any, float]:
        now = retired()
        for model in COUNTED:
            for series, value in totals(model.objects.all()).items():
                now[series] = now.get(series, 0) + value
        return {series: value for series, value in now.items() if value}

    before = counted()
    clean()
    assert counted() == before
    assert (
        dict(before)[("lms_sync_errors_total", _labels(year[0], code="provider_trouble", error_class="server"))] == 12
    )


def _labels(run: SyncRun, **labels: str) -> tuple[tuple[str, str], ...]:
    return tuple(sorted({"connection": str(run.connection_id), **labels}.items()))


def test_last_good_run_keeps_its_items_and_steps_without_the_log(rooms: Connection) -> None:
    run = ran(held(rooms, 100 * DAY), 90 * DAY, attendance="synced", chat="no_data")
    SyncEvent.objects.create(run=run, text="Done.", at=ago(90 * DAY))
    assert clean() == {"events": 1}
    assert SyncStep.objects.filter(item__run=run).count() == 2


def test_log_of_a_run_that_is_paused_or_at_work_stays(rooms: Connection) -> None:
    for state in ("running", "paused"):
        run = ran(held(rooms, 100 * DAY, external_id=state), 90 * DAY, state)
        SyncRun.objects.filter(pk=run.pk).update(finished_at=None)
        SyncEvent.objects.create(run=run, text="Begun.", at=ago(90 * DAY))
        went_wrong(run, 90 * DAY)
    assert clean() == {}


def test_old_line_in_the_log_of_a_run_that_ended_lately_goes(rooms: Connection) -> None:
    run = ran(held(rooms, 100 * DAY), 1, attendance="synced")
    SyncEvent.objects.create(run=run, text="Begun.", at=ago(90 * DAY))
    SyncEvent.objects.create(run=run, text="Resumed.", at=ago(1))
    clean()
    assert [event.text for event in run.events.all()] == ["Resumed."]


def test_thinned_run_says_so_once(rooms: Connection) -> None:
    """Two later ones have found but two of its conferences each."""
    first = sync_all(rooms)
    SyncEvent.objects.all().delete()
    for _ in range(2):
        later = SyncRun.objects.create(connection=rooms, mode="full", state="succeeded", finished_at=timezone.now())
        for item in first.items.exclude(conference=None)[:2]:
            copied(item, later)
        age(40)
        first.refresh_from_db()
        clean()
    assert first.items.count() == 3
    assert first.message == f"Successfully synced 37 items{THINNED}"


def test_run_that_is_resumed_in_that_moment_is_left_alone(year: list[SyncRun]) -> None:
    found = outdone(timezone.now() - timedelta(days=30))
    SyncItem.objects.filter(run=year[0]).update(state="failed")
    pausing.resume(year[0], ring=False)
    before = year[0].items.count()
    assert cleanup._cleared(found)["runs"] == 2
    assert (year[0].items.count(), SyncRun.objects.get(pk=year[0].pk).state) == (before, "queued")


@pytest.mark.django_db(transaction=True)
def test_run_that_somebody_holds_is_not_waited_for(rooms: Connection) -> None:
    conference = held(rooms, 100 * DAY)
    first, _ = ran(conference, 90 * DAY, attendance="synced"), ran(conference, 80 * DAY, attendance="synced")
    with closing(psycopg2.connect(**connection.get_connection_params())) as other, other.cursor() as cursor:
        cursor.execute("SELECT 1 FROM conferences_syncrun WHERE id = %s FOR UPDATE", [first.pk])
        assert clean() == {}
    assert clean() == {"runs": 1, "items": 1, "steps": 1}


def test_next_delta_asks_for_the_same_and_nothing_is_new(year: list[SyncRun]) -> None:
    last = account._last_good(year[0].connection)
    clean(days=1)
    assert account._last_good(year[0].connection) == last
    steps = SyncStep.objects.filter(item__run=sync_all(year[0].connection))
    assert {(step.created, step.updated) for step in steps} == {(0, 0)}


def test_small_batches_remove_the_same(year: list[SyncRun], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cleanup, "BATCH", 5)
    foreseen = clean(dry_run=True)
    assert clean() == foreseen


@pytest.fixture
def alert(rooms: Connection) -> Iterator[Alert]:
    rule = AlertRule.objects.create(name="Stale", kind="stale_run")
    alert = Alert.objects.create(rule=rule, message="Lost.", first_seen_at=ago(90 * DAY), state="resolved")
    Alert.objects.filter(pk=alert.pk).update(resolved_at=ago(80 * DAY))
    AlertDelivery.objects.create(alert=alert, channel="email", event="opened")
    AlertDelivery.objects.create(alert=alert, channel="email", event="resolved")
    return alert


def test_resolved_alert_goes_with_its_messages(alert: Alert) -> None:
    assert (clean(dry_run=True), clean()) == ({"alerts": 1, "alert_messages": 2},) * 2


@pytest.mark.parametrize("change", [{"state": "open", "resolved_at": None}, {"resolved_at": ago(1)}])
def test_alert_that_is_open_or_was_resolved_lately_stays(alert: Alert, change: dict[str, Any]) -> None:
    Alert.objects.filter(pk=alert.pk).update(**change)
    assert clean() == {}


def test_expired_requests_to_connect_go(rooms: Connection) -> None:
    for name, hours in (("old", 1), ("new", 0)):
        request = AuthorizationRequest.objects.create(
            state_digest=name, session_digest=name, connection=rooms, user=User.objects.create(username=name)
        )
        AuthorizationRequest.objects.filter(pk=request.pk).update(created_at=ago(hours))
    assert clean() == {"authorization_requests": 1}
    assert AuthorizationRequest.objects.get().state_digest == "new"


def test_expired_sessions_go(rooms: Connection) -> None:
    for key, hours in (("old", 1), ("new", -1)):
        Session.objects.create(session_key=key, session_data="", expire_date=ago(hours))
    assert clean() == {"sessions": 1}
    assert Session.objects.get().session_key == "new"


def test_old_records_of_sign_ins_go(rooms: Connection) -> None:
    for name, hours in (("old", 90 * DAY), ("new", 1)):
        for model, values in ((AccessAttempt, {"failures_since_start": 1}), (AccessLog, {})):
            row = model.objects.create(username=name, **values)
            model.objects.filter(pk=row.pk).update(attempt_time=ago(hours))
    assert clean() == {"failed_sign_ins": 1, "sign_ins": 1}
    assert [AccessAttempt.objects.get().username, AccessLog.objects.get().username] == ["new", "new"]


def test_running_sync_is_not_disturbed(rooms: Connection, year: list[SyncRun]) -> None:
    """Promise: it works beside running syncs. An item is claimed, everything is cleaned, and the item goes on."""
    run = account.request(rooms, via="command", ring=False)
    age(60)
    SyncRun.objects.filter(pk=run.pk).update(created_at=ago(90 * DAY))
    WorkerPulse.objects.create(name="w", started_at=ago(1), beat_at=ago(0))
    clean(days=1)
    worker.work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.items.count()) == ("succeeded", 7)
    assert runs.look(run).state == "succeeded"
