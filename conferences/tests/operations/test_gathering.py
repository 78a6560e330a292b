"""What the rows say of each connection."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from conferences.models import Connection, SyncItem, SyncRun, WorkerPulse
from conferences.operations import gathering
from conferences.operations.broker import Broker
from conferences.operations.facts import Facts, System
from conferences.operations.gathering import gather, system
from conferences.tests.operations.conftest import ago, campus, held, ran, went_wrong
from conferences.tests.operations.test_workers import pulse


def facts_of(connection: Connection) -> Facts:
    return gather([connection])[connection.pk]


def told(connection: Connection, *names: str) -> tuple[Any, ...]:
    facts = facts_of(connection)
    return tuple(getattr(facts, name) for name in names)


def test_untried_connection_has_no_facts(rooms: Connection) -> None:
    assert facts_of(rooms) == Facts()


def test_outcomes_are_counted_by_kind(rooms: Connection) -> None:
    for _ in range(2):
        ran(held(rooms, 5), 3, "partial", attendance="synced", chat="no_data", files="blocked", recordings="failed")
    assert told(rooms, "good", "failed", "blocked") == (4, 2, 2)
    assert told(rooms, "failed_operations", "blocked_operations") == (("recordings",), ("files",))


def test_what_was_mended_since_is_no_failure_any_more(rooms: Connection) -> None:
    lesson = held(rooms, 50)
    ran(lesson, 40, "failed", attendance="failed", chat="failed")
    ran(lesson, 30, "partial", attendance="synced", chat="failed")
    assert told(rooms, "good", "failed") == (1, 1)


def test_what_is_long_past_does_not_count(rooms: Connection) -> None:
    ran(held(rooms, 24 * 9), 24 * 8, "failed", attendance="failed")
    assert told(rooms, "good", "failed", "runs") == (0, 0, 0)


def test_other_connections_are_told_apart(rooms: Connection) -> None:
    other = campus("Other rooms")
    ran(held(rooms, 5), 3, attendance="synced")
    ran(held(other, 5), 3, "failed", attendance="failed")
    facts = gather([rooms, other])
    assert [(facts[each.pk].good, facts[each.pk].failed) for each in (rooms, other)] == [(1, 0), (0, 1)]


def checked(connection: Connection, hours: float, **states: str) -> None:
    connection.checks = [
        {"operation": name, "state": state, "message": f"{name} is {state}."} for name, state in states.items()
    ]
    connection.checked_at = ago(hours)
    connection.save()


def test_what_a_check_finds_blocked_is_so_before_anybody_has_tried(rooms: Connection) -> None:
    checked(rooms, 1, attendance="permitted", chat="blocked")
    assert told(rooms, "blocked", "blocked_operations", "proved", "refusal") == (1, ("chat",), True, "")


@pytest.mark.parametrize(("hours", "blocked"), [(1, 0), (10, 1)])
def test_what_was_granted_since_is_blocked_no_more(hours: float, blocked: int, rooms: Connection) -> None:
    ran(held(rooms, 5), 3, "partial", attendance="synced", chat="blocked")
    checked(rooms, hours, attendance="permitted", chat="permitted")
    assert told(rooms, "blocked") == (blocked,)


@pytest.mark.parametrize(
    ("attendance", "lacking"),
    [("synced", 0), ("no_data:none_found", 0), ("no_data:not_ready", 1), ("synced:not_ready", 1), ("failed", 1)],
)
def test_class_that_was_asked_for_lacks_a_final_answer(attendance: str, lacking: int, rooms: Connection) -> None:
    ran(held(rooms, 5), 3, attendance=attendance)
    assert told(rooms, "wanted", "lacking") == (1, lacking)


def test_class_that_nobody_asked_for_is_nobodys_failure(rooms: Connection) -> None:
    """Promise: a sync starts only when a person asks for it, so that a quiet week is no illness."""
    held(rooms, 5)
    ran(held(rooms, 2), 10, attendance="no_data:not_started")  # asked for before it had begun
    cancelled = ran(held(rooms, 5), 3, "cancelled", attendance="failed")
    cancelled.items.update(state="cancelled")
    ran(held(rooms, 24 * 20), 3, "failed", attendance="failed")  # ended long ago
    assert told(rooms, "wanted", "lacking") == (0, 0)


def test_class_that_is_at_work_again_lacks_nothing_yet(rooms: Connection) -> None:
    lesson = held(rooms, 5)
    ran(lesson, 3, "failed", attendance="failed")
    ran(lesson, 0.01, "running")
    assert told(rooms, "wanted", "lacking") == (1, 0)


def test_failing_is_in_vain_since_the_first_that_nothing_good_followed(rooms: Connection) -> None:
    lesson = held(rooms, 200)
    ran(lesson, 120, "failed", attendance="failed")
    ran(lesson, 110, "partial", attendance="synced")
    ran(lesson, 96, "failed", attendance="failed")
    ran(lesson, 24, "failed", attendance="failed")
    assert facts_of(rooms).vain_days == pytest.approx(4, abs=0.01)
    ran(lesson, 1, attendance="synced")
    assert facts_of(rooms).vain_days == 0


def test_lost_workers_are_counted(rooms: Connection, settings: Settings) -> None:
    lesson = held(rooms, 200)
    for hours in (3, 24 * 10):
        SyncRun.objects.filter(pk=ran(lesson, hours, "failed").pk).update(code="stale")
    silent = ran(lesson, 1, "running")
    SyncRun.objects.filter(pk=silent.pk).update(heartbeat_at=ago(3 * settings.SYNC_LEASE_SECONDS / 3600))
    assert told(rooms, "runs", "stale") == (2, 2)
    SyncRun.objects.filter(pk=silent.pk).update(heartbeat_at=timezone.now())
    assert told(rooms, "runs", "stale") == (2, 1)


def test_errors_of_today_beside_those_of_a_usual_day(rooms: Connection) -> None:
    run = ran(held(rooms, 5), 3)
    went_wrong(run, 2, times=6)
    went_wrong(run, 30, times=14, code="other")
    went_wrong(run, 24 * 9, times=999, code="long ago")
    went_wrong(run, 2, times=50, error_class="rate_limit", code="rate_limited")
    assert told(rooms, "errors_today", "errors_usual") == (6, 2.0)
    went_wrong(run, 2, error_class="rate_limit", code="daily_limit", ended_step=True)
    assert told(rooms, "errors_today") == (7,)


def test_work_waits_while_nobody_does_any_of_it(rooms: Connection) -> None:
    whole = SyncRun.objects.create(connection=rooms, state="running", requested_via="page", mode="full")
    SyncRun.objects.filter(pk=whole.pk).update(heartbeat_at=ago(0.5))
    items = [SyncItem.objects.create(run=whole, conference=held(rooms, 5), state="queued") for _ in range(2)]
    assert told(rooms, "waiting") == (1,)
    assert facts_of(rooms).waiting_seconds == pytest.approx(1800, abs=60)
    SyncItem.objects.filter(pk=items[0].pk).update(state="running", lease_until=timezone.now() + timedelta(minutes=1))
    assert told(rooms, "waiting", "waiting_seconds") == (0, 0.0)


def test_refused_credentials_are_told_until_they_work_again(rooms: Connection) -> None:
    run = ran(held(rooms, 5), 3, "failed", attendance="failed")
    went_wrong(
        run, 3, error_class="authentication", code="secret_expired", message="The secret has expired.", ended_step=True
    )
    assert told(rooms, "refusal", "proved") == (
        "The secret has expired. Its check under Connections tells the steps.",
        False,
    )
    ran(held(rooms, 5), 2, attendance="synced")
    assert told(rooms, "refusal", "proved") == ("", True)


def test_refusal_that_was_overcome_is_none(rooms: Connection) -> None:
    run = ran(held(rooms, 5), 3, attendance="synced")
    went_wrong(run, 2, error_class="authentication", code="token_refused", message="An old token.")
    assert told(rooms, "refusal") == ("",)


@pytest.mark.parametrize(
    ("states", "refused"),
    [
        ({"attendance": "failed", "chat": "blocked"}, True),
        ({"attendance": "permitted", "chat": "blocked"}, False),
        ({"attendance": "failed", "chat": "unknown"}, False),
    ],
)
def test_check_that_finds_nothing_permitted_is_a_refusal(
    states: dict[str, str], refused: bool, rooms: Connection
) -> None:
    checked(rooms, 1, **states)
    assert bool(facts_of(rooms).refusal) is refused


@pytest.mark.parametrize(("hours", "proves"), [(24 * 6, True), (24 * 8, False), (24 * 400, False)])
def test_check_of_long_ago_proves_nothing(rooms: Connection, hours: float, proves: bool) -> None:
    """Secrets expire in silence: what worked a year ago says nothing of today."""
    checked(rooms, hours, attendance="permitted")
    assert told(rooms, "refusal", "proved") == ("", proves)


@pytest.mark.parametrize(
    ("days", "worked_hours", "refused"),
    [(-21, None, True), (-1, None, True), (0, None, False), (30, None, False), (-21, 2, False), (-3, 24 * 5, True)],
)
def test_secret_past_its_date_is_refused_until_something_shows_that_it_works(
    rooms: Connection, days: int, worked_hours: float | None, refused: bool
) -> None:
    Connection.objects.filter(pk=rooms.pk).update(secret_expires_on=timezone.now().date() + timedelta(days=days))
    rooms.refresh_from_db()
    if worked_hours is not None:
        ran(held(rooms, worked_hours + 1), worked_hours, attendance="synced")
    (told_,) = told(rooms, "refusal")
    assert ("Its secret has expired, by the date that was noted here." in told_) is refused


def test_newest_evidence_counts(rooms: Connection) -> None:
    ran(held(rooms, 5), 3, attendance="synced")
    checked(rooms, 2, attendance="failed")
    assert told(rooms, "refusal") == ("attendance is failed. Its check under Connections tells the steps.",)
    ran(held(rooms, 5), 1, attendance="synced")
    assert told(rooms, "refusal") == ("",)


def test_credentials_that_cannot_be_read_are_told(rooms: Connection, settings: Settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = ["b3RoZXIta2V5LW9mLTMyLWJ5dGVzLWZvci10ZXN0cyE="]
    assert told(Connection.objects.get(), "refusal")[0].startswith("The stored credentials cannot be decrypted.")


def test_provider_that_was_uninstalled_is_told(rooms: Connection) -> None:
    gone = campus("Gone", provider="gone")
    assert told(gone, "refusal")[0].startswith("There is no provider “gone”.")


@pytest.mark.django_db
def test_number_of_statements_does_not_grow(
    rooms: Connection, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    many = [rooms, *(campus(f"Rooms {number}") for number in range(5))]
    for each in many:
        run = ran(held(each, 5), 3, "failed", attendance="failed")
        went_wrong(run, 2)
    with django_assert_num_queries(9):
        gather(many)


@pytest.mark.django_db
def test_system_counts_its_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    pulse("well", 1, 1)
    pulse("deaf", 1, 600)
    pulse("lost", 600, 600)
    monkeypatch.setattr(gathering.broker, "ask", lambda: Broker(True, 3))
    assert system() == System(broker=True, messages=3, well=1, deaf=1, lost=1)
    WorkerPulse.objects.all().delete()
    assert system().well == 0


def test_rows_of_long_ago_are_not_read(rooms: Connection) -> None:
    """Promise: fast with a year of data. Of the runs, which are few, all are read."""
    went_wrong(ran(held(rooms, 5), 3, "failed", attendance="failed"), 2)
    with CaptureQueriesContext(connection) as asked:
        gather([rooms])
    whole = set()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for query in asked.captured_queries:
            cursor.execute(f"EXPLAIN {query['sql']}")
            whole |= {line.strip() for (line,) in cursor.fetchall() if "Seq Scan" in line}
    assert {line.split(" on ")[1].split()[0] for line in whole} <= {"conferences_syncrun"}
