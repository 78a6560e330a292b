"""What each kind of rule finds, and what it leaves in peace."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conferences.models import AlertRule, Authorization, Connection, SyncItem, SyncRun
from conferences.operations import broker, gathering
from conferences.operations.alerts.conditions import met
from conferences.operations.alerts.scene import Met, Scene
from conferences.operations.disk import Room
from conferences.tests.operations.conftest import ago, campus, held, ran, went_wrong
from conferences.tests.operations.test_workers import pulse

Rule = Callable[..., AlertRule]


def found(rule: AlertRule) -> list[Met]:
    return met(rule, Scene(timezone.now()))


def messages(rule: AlertRule) -> list[str]:
    return [each.message for each in found(rule)]


def subjects(rule: AlertRule) -> list[tuple[int | None, str]]:
    return [(each.connection, each.subject) for each in found(rule)]


def test_success_rate_below(rooms: Connection, rule: Rule) -> None:
    ran(held(rooms, 5), 3, "partial")
    for _ in range(2):
        ran(held(rooms, 5), 3, "failed")
    told = "Rooms: 1 of 3 synced well within a day, less than 50 %. The newest errors say why."
    assert messages(rule("success_rate", 50)) == [told]


def test_success_rate_that_is_just_good_enough(rooms: Connection, rule: Rule) -> None:
    ran(held(rooms, 5), 3)
    ran(held(rooms, 5), 3, "failed")
    assert found(rule("success_rate", 50)) == []


def test_success_rate_forgets_what_was_mended(rooms: Connection, rule: Rule) -> None:
    algebra = held(rooms, 5)
    ran(algebra, 3, "failed")
    ran(algebra, 2)
    assert found(rule("success_rate", 100)) == []


@pytest.mark.parametrize(("hours", "state"), [(25, "failed"), (1, "cancelled"), (1, "running")])
def test_success_rate_is_of_what_ended_within_a_day(rooms: Connection, rule: Rule, hours: int, state: str) -> None:
    ran(held(rooms, 30), hours, state)
    assert found(rule("success_rate", 100)) == []


def test_success_rate_of_a_whole_account(rooms: Connection, rule: Rule) -> None:
    run = ran(held(rooms, 5), 3, "failed")
    SyncRun.objects.filter(pk=run.pk).update(conference=None)
    assert subjects(rule("success_rate", 50)) == [(rooms.pk, "")]


def test_no_good_sync_though_somebody_tried(rooms: Connection, rule: Rule) -> None:
    ran(held(rooms, 50), 48.5)
    ran(held(rooms, 5), 3, "failed")
    assert messages(rule("no_good_sync", 24)) == [
        "Rooms: no good sync for 2 days, though it was asked for once since. "
        "Look at its newest errors, and check the connection."
    ]


def test_no_good_sync_ever(rooms: Connection, rule: Rule) -> None:
    for hours in (26, 30):
        ran(held(rooms, 40), hours, "failed")
    assert [told.split(".")[0] for told in messages(rule("no_good_sync", 24))] == [
        "Rooms: no good sync for 30 hours, though it was asked for 2 times since"
    ]


@pytest.mark.parametrize("state", ["succeeded", "partial"])
def test_no_good_sync_is_over_with_a_good_one(rooms: Connection, rule: Rule, state: str) -> None:
    ran(held(rooms, 50), 48, "failed")
    ran(held(rooms, 5), 3, state)
    assert found(rule("no_good_sync", 24)) == []


def test_no_good_sync_where_nobody_asked_for_one(rooms: Connection, rule: Rule) -> None:
    """Promise: a sync starts only when a person asks for it; so a quiet week is no trouble."""
    ran(held(rooms, 200), 190)
    assert found(rule("no_good_sync", 24)) == []


def test_no_good_sync_for_not_so_long(rooms: Connection, rule: Rule) -> None:
    ran(held(rooms, 30), 23, "failed")
    assert found(rule("no_good_sync", 24)) == []


def test_stale_run(rooms: Connection, rule: Rule) -> None:
    run = ran(held(rooms, 5), 0.2, "running")
    assert messages(rule("stale_run", 5)) == [
        f"Rooms: run {run.pk} of Algebra has shown no sign of life for 12 minutes. See whether a worker is running."
    ]


@pytest.mark.parametrize(("minutes", "threshold"), [(2, 0), (12, 15)])
def test_stale_run_not_before_another_worker_takes_over(
    rooms: Connection, rule: Rule, minutes: float, threshold: float
) -> None:
    ran(held(rooms, 5), minutes / 60, "running")
    assert found(rule("stale_run", threshold)) == []


@pytest.mark.parametrize(("hours", "expected"), [(0.5, 1), (1.5, 0)])
def test_stale_run_that_was_ended_is_news_for_an_hour(
    rooms: Connection, rule: Rule, hours: float, expected: int
) -> None:
    run = ran(held(rooms, 5), hours, "failed")
    SyncRun.objects.filter(pk=run.pk).update(code="stale")
    assert subjects(rule("stale_run", 5)) == [(rooms.pk, f"run {run.pk}")] * expected


def test_connection_refused(rooms: Connection, rule: Rule) -> None:
    run = ran(held(rooms, 5), 3, "failed", attendance="failed")
    went_wrong(run, 3, error_class="authentication", message="The secret has expired.", ended_step=True)
    assert messages(rule("connection_refused")) == [
        "Rooms cannot be used: The secret has expired. Its check under Connections tells the steps."
    ]


def test_connection_that_works_is_not_refused(rooms: Connection, rule: Rule) -> None:
    ran(held(rooms, 5), 3, attendance="synced")
    assert found(rule("connection_refused", 14)) == []


@pytest.mark.parametrize(("days_ago", "expected"), [(77, ["expiring"]), (75, [])])
def test_connection_whose_permission_is_about_to_end(
    rooms: Connection, rule: Rule, days_ago: int, expected: list[str]
) -> None:
    used_at = ago(24 * days_ago)
    Authorization.objects.create(connection=rooms, connected_at=used_at, renewed_at=used_at)
    assert [subject for _, subject in subjects(rule("connection_refused", 14))] == expected


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (13, "Rooms: its secret expires on {}."),
        (0, "Rooms: its secret expires on {}."),
        (-1, "Rooms cannot be used: Its secret has expired, by the date that was noted here."),
        (14, ""),
    ],
)
def test_secret_that_is_about_to_expire(rooms: Connection, rule: Rule, days: int, expected: str) -> None:
    ends = timezone.now().date() + timedelta(days=days)
    Connection.objects.update(secret_expires_on=ends)
    told = [expected.format(ends)] if expected else []
    assert [message.split(" Make")[0] for message in messages(rule("connection_refused", 14))] == told


def test_secret_that_works_after_its_date_is_still_noted_wrong(rooms: Connection, rule: Rule) -> None:
    Connection.objects.update(secret_expires_on=timezone.now().date() - timedelta(days=3))
    ran(held(rooms, 5), 1, attendance="synced")
    (told,) = messages(rule("connection_refused", 14))
    assert told.startswith("Rooms: its secret has expired by what was noted here.")


def test_queue_growing(rooms: Connection, rule: Rule) -> None:
    run = ran(held(rooms, 5), 0.5, "queued")
    SyncItem.objects.filter(run=run).update(state="queued")
    SyncRun.objects.filter(pk=run.pk).update(heartbeat_at=None, started_at=None)
    told = (
        "Rooms: 1 sync waits for a worker, the oldest for 30 minutes. "
        "See whether a worker is running; if all are busy, start another."
    )
    assert (messages(rule("queue_growing", 10)), messages(rule("queue_growing", 40, name="later"))) == ([told], [])


@pytest.mark.parametrize(("threshold", "expected"), [(0, 1), (1, 1), (2, 0)])
def test_paused_syncs_of_a_connection_are_one_alert(
    rooms: Connection, rule: Rule, threshold: float, expected: int
) -> None:
    for _ in range(2):
        run = ran(held(rooms, 5), 1, "paused", attendance="")
        SyncItem.objects.filter(run=run).update(state="queued")
    told = "Rooms: 2 syncs are paused at the provider's daily limit, which is over. Somebody has to resume them."
    assert found(rule("paused_run", threshold)) == [Met(rooms.pk, "", told)] * expected


def test_paused_sync_is_told_until_it_is_resumed(rooms: Connection, rule: Rule) -> None:
    run = ran(held(rooms, 5), 1, "paused", attendance="")
    SyncItem.objects.filter(run=run).update(state="queued")
    pausing = rule("paused_run")
    assert len(found(pausing)) == 1
    SyncRun.objects.filter(pk=run.pk).update(state="queued")
    assert found(pausing) == []


def test_two_syncs_that_wait(rooms: Connection, rule: Rule) -> None:
    for _ in range(2):
        run = ran(held(rooms, 5), 0.5, "queued")
        SyncItem.objects.filter(run=run).update(state="queued")
        SyncRun.objects.filter(pk=run.pk).update(heartbeat_at=None, started_at=None)
    assert messages(rule("queue_growing", 10))[0].startswith("Rooms: 2 syncs wait for a worker, the oldest for ")


def test_no_worker(rooms: Connection, rule: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    broker_answers(monkeypatch)
    dead = rule("system")
    assert messages(dead) == ["No worker is running: start one. Until then every click waits."]
    pulse("one", 1, 1)
    assert found(dead) == []


def test_silent_broker(rooms: Connection, rule: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    pulse("one", 1, 1)
    broker_answers(monkeypatch, answers=False)
    assert [(each.connection, each.message.split(":")[0]) for each in found(rule("system"))] == [
        (None, "The broker (REDIS_URL) does not answer")
    ]


def broker_answers(monkeypatch: pytest.MonkeyPatch, *, answers: bool = True) -> None:
    monkeypatch.setattr(broker, "ask", lambda *_: broker.Broker(answers))


def test_rule_of_one_connection_is_told_what_concerns_all(
    rooms: Connection, rule: Rule, monkeypatch: pytest.MonkeyPatch
) -> None:
    broker_answers(monkeypatch)
    assert subjects(rule("system", connection=rooms)) == [(None, "worker")]


def test_each_trouble_of_the_whole_is_an_alert_of_its_own(
    rooms: Connection, rule: Rule, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What comes while somebody deals with another one must not hide behind it."""
    broker_answers(monkeypatch, answers=False)
    whole = rule("system")
    assert subjects(whole) == [(None, "broker"), (None, "worker")]
    monkeypatch.setattr(gathering, "room", lambda: Room.FULL)
    assert subjects(whole) == [(None, "disk"), (None, "broker")]
    monkeypatch.setattr(gathering, "room", lambda: Room.CLOSED)
    assert subjects(whole) == [(None, "database"), (None, "broker")]


def test_rule_of_one_connection_leaves_the_others_in_peace(rooms: Connection, rule: Rule) -> None:
    other = campus("Other rooms")
    for each in (rooms, other):
        ran(held(each, 5), 3, "failed")
    assert subjects(rule("success_rate", 50, connection=other)) == [(other.pk, "")]


def test_statements_do_not_grow_with_connections(rooms: Connection, rule: Rule) -> None:
    rules = [rule(kind, 1) for kind in AlertRule.Kind.values]
    counts = []
    for name in ("b", "c"):
        went_wrong(ran(held(campus(name), 50), 48, "failed", attendance="failed"), 0.2)
        scene = Scene(timezone.now() + timedelta(seconds=1))
        with CaptureQueriesContext(database) as asked:
            assert [met(each, scene) for each in rules]
        counts.append(len(asked))
    assert counts[0] == counts[1]
