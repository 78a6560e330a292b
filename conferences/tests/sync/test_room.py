"""How many work on an account at once, and who is not made to wait for it."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection as database
from django.db.models.functions import Now
from pytest_django import Settings

from conferences.models import Conference, Connection, SyncItem, SyncRun
from conferences.providers.base import Link, Target
from conferences.providers.records import Record
from conferences.sync import account, doorbell, pausing, runs, worker
from conferences.sync.lease import Lease, claim
from conferences.sync.room import has_room, helpers, neglected, places
from conferences.tests.campus_integration.scripts import SCRIPTS, quick

CAP = 3
SECONDS = 20  # for what must happen; nothing waits that long unless it fails


@pytest.fixture(autouse=True)
def _cap(settings: Settings) -> None:
    settings.SYNC_ITEMS_AT_ONCE = CAP


@pytest.fixture
def connection(db: None, campus: None) -> Connection:
    return Connection.objects.create(provider="campus", name="Campus", credentials={"script": "quick", "key": "canary"})


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One entry a message."""
    told: list[int] = []
    monkeypatch.setattr(doorbell.current_app, "send_task", lambda name, args: told.extend(args))
    return told


def lesson(of: Connection, name: str) -> Conference:
    starts_at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    ends_at = starts_at + timedelta(hours=1)
    return Conference.objects.create(connection=of, title=name, external_id=name, starts_at=starts_at, ends_at=ends_at)


def searched(of: Connection, lessons: int = 7) -> SyncRun:
    """A run of the account whose search is over."""
    run = account.request(of, via="page", ring=False)
    run.items.update(state=SyncItem.State.DONE)
    SyncItem.objects.bulk_create(SyncItem(run=run, conference=lesson(of, f"found-{n}")) for n in range(lessons))
    return run


def click(on: Conference) -> SyncRun:
    return runs.request(on, via="page", ring=False)


def claims(run: SyncRun, times: int) -> list[Lease | None]:
    return [claim(run.pk, "worker") for _ in range(times)]


def test_account_is_worked_on_by_so_many_at_once(connection: Connection) -> None:
    leases = claims(searched(connection), 5)
    assert [lease is not None for lease in leases] == [True] * CAP + [False] * 2


def test_place_that_becomes_free_is_taken(connection: Connection) -> None:
    run = searched(connection)
    first, *_ = claims(run, CAP)
    assert first is not None
    first.end(SyncItem.State.DONE)
    assert [lease is not None for lease in claims(run, 2)] == [True, False]


def test_place_of_a_silent_worker_is_free(connection: Connection) -> None:
    run = searched(connection)
    claims(run, CAP)
    SyncItem.objects.update(lease_until=Now() - timedelta(seconds=1))
    assert claim(run.pk, "successor") is not None


def test_single_conference_never_waits_for_room_and_takes_a_place(connection: Connection) -> None:
    """Promise: a click is not made to wait for an account, nor is the account asked by more and more."""
    run = searched(connection)
    claims(run, CAP - 1)
    singles = [claim(click(lesson(connection, f"clicked-{n}")).pk, "worker") for n in range(2)]
    assert [lease is not None for lease in singles] == [True, True]
    assert (claim(run.pk, "worker"), places(run)) == (None, 0)


def test_other_connections_take_no_place(connection: Connection) -> None:
    claims(searched(connection), CAP)
    other = Connection.objects.create(provider="campus", name="Other", credentials={})
    assert places(account.request(other, via="page", ring=False)) == CAP


def test_run_that_finds_no_room_waits_as_it_was(connection: Connection) -> None:
    for number in range(CAP):
        claim(click(lesson(connection, f"clicked-{number}")).pk, "worker")
    run = account.request(connection, via="page", ring=False)
    assert claim(run.pk, "worker") is None
    run.refresh_from_db()
    assert (run.state, has_room(run), doorbell.waiting().filter(pk=run.pk).exists()) == ("queued", False, True)


@pytest.mark.django_db(transaction=True)
def test_many_claims_at_once_do_not_exceed_the_cap(connection: Connection) -> None:
    run, start = searched(connection, 10), threading.Barrier(8)
    taken: list[Lease | None] = []

    def one() -> None:
        try:
            start.wait(SECONDS)
            taken.append(claim(run.pk, "worker"))
        finally:
            database.close()

    threads = [threading.Thread(target=one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    assert (len(taken), len({lease.item_id for lease in taken if lease})) == (8, CAP)


@pytest.mark.parametrize(("lessons", "messages"), [(0, 1), (1, 1), (2, 2), (7, CAP)])
def test_as_many_are_rung_for_as_are_of_use(
    connection: Connection, rung: list[int], lessons: int, messages: int
) -> None:
    run = searched(connection, lessons)
    doorbell.ring(run.pk)
    assert rung == [run.pk] * messages


def test_one_more_is_rung_for_once_somebody_is_at_it(connection: Connection) -> None:
    run = searched(connection)
    claim(run.pk, "worker")
    assert helpers(run.pk) == 1


def test_single_conference_and_a_run_that_is_no_more_need_one(connection: Connection) -> None:
    assert (helpers(click(lesson(connection, "clicked")).pk), helpers(0)) == (1, 1)


def test_search_calls_for_helpers(connection: Connection, rung: list[int]) -> None:
    run = account.request(connection, via="page", ring=False)
    worker.serve(run.pk)
    assert rung == [run.pk] * CAP
    run.refresh_from_db()
    assert run.state == "succeeded"


def test_command_works_alone(connection: Connection, rung: list[int]) -> None:
    """A machine without a broker syncs by command."""
    worker.work(account.request(connection, via="command", ring=False).pk)
    assert rung == []


def test_resumed_account_calls_for_helpers(connection: Connection, rung: list[int]) -> None:
    run = searched(connection)
    SyncRun.objects.update(state=SyncRun.State.PAUSED)
    run.refresh_from_db()
    pausing.resume(run)
    assert rung == [run.pk] * CAP


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The lessons in the order in which they were asked for."""
    asked: list[str] = []

    def noting(operation: str, target: Target, link: Link) -> Iterator[Record]:
        if operation == "attendance":
            asked.append(target.external_id)
        yield from quick(operation, target, link)

    monkeypatch.setitem(SCRIPTS, "quick", noting)
    return asked


def clicked_meanwhile(on: Conference, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody clicks while the account's first lesson is being stored."""
    end = Lease.end

    def ended(self: Lease, state: str, message: str = "") -> None:
        if not self.searches and not SyncRun.objects.filter(conference=on).exists():
            doorbell.ring(click(on).pk)
        end(self, state, message)

    monkeypatch.setattr(Lease, "end", ended)


def test_click_is_taken_in_turn_by_who_is_busy_with_an_account(
    connection: Connection, rung: list[int], fetched: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Promise: one conference's click does not starve behind an account with thousands of them."""
    elsewhere = Connection.objects.create(provider="campus", name="Other", credentials=connection.credentials)
    clicked_meanwhile(lesson(elsewhere, "clicked"), monkeypatch)
    worker.serve(account.request(connection, via="page", ring=False).pk)
    assert fetched == ["lesson-0", "clicked", *(f"lesson-{n}" for n in range(1, 6))]
    assert set(SyncRun.objects.values_list("state", flat=True)) == {"succeeded"}


def test_accounts_are_worked_on_by_turns(connection: Connection, rung: list[int], fetched: list[str]) -> None:
    other = Connection.objects.create(provider="campus", name="Other", credentials=connection.credentials)
    first, _ = (account.request(each, via="page") for each in (connection, other))
    SyncRun.objects.update(rung_at=Now())
    worker.serve(first.pk)
    assert fetched == [f"lesson-{number}" for number in range(6) for _ in range(2)]
    assert set(SyncRun.objects.values_list("state", flat=True)) == {"succeeded"}


def test_neglected_is_what_workers_were_told_of_and_nobody_works_on(connection: Connection) -> None:
    first, second, third = (click(lesson(connection, f"clicked-{n}")) for n in range(3))
    assert neglected(but=0) == [], "commands begin theirs by themselves"
    SyncRun.objects.update(rung_at=Now())
    claim(second.pk, "worker")
    assert (neglected(but=0), neglected(but=first.pk)) == ([first.pk, third.pk], [third.pk])
    SyncItem.objects.update(lease_until=Now() - timedelta(seconds=1))
    assert neglected(but=0) == [first.pk, second.pk, third.pk]
