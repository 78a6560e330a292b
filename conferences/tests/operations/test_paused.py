"""Which syncs wait for somebody to resume them."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from conferences.models import Conference, Connection, SyncItem, SyncRun
from conferences.operations.facts import Facts
from conferences.operations.gathering import gather
from conferences.operations.paused import paused
from conferences.tests.operations.conftest import campus, held, ran


def stopped(conference: Conference, **values: object) -> SyncRun:
    run = ran(conference, 1, "paused", attendance="")
    SyncItem.objects.filter(run=run).update(state="queued")
    SyncRun.objects.filter(pk=run.pk).update(**{"finished_at": None, "code": "daily_limit", **values})
    return run


def whole(connection: Connection, state: str, mode: str = "full") -> SyncRun:
    return SyncRun.objects.create(connection=connection, mode=mode, state=state, requested_via="page")


def facts_of(connection: Connection) -> Facts:
    return gather([connection])[connection.pk]


def in_hours(hours: float) -> datetime:
    return timezone.now() + timedelta(hours=hours)


def test_paused_sync_is_told_until_somebody_resumes_it(rooms: Connection) -> None:
    until = in_hours(5)
    run = stopped(held(rooms, 5), resumes_at=until)
    facts = facts_of(rooms)
    assert (facts.paused, facts.resumes_at, facts.runs) == (1, until, 1)
    SyncRun.objects.filter(pk=run.pk).update(state="queued")
    assert (facts_of(rooms).paused, facts_of(rooms).pause) == (0, "")


def test_last_moment_counts_and_none_once_it_has_passed(rooms: Connection) -> None:
    until = in_hours(5)
    first, last = (stopped(held(rooms, 5), resumes_at=moment) for moment in (in_hours(-1), until))
    assert facts_of(rooms).resumes_at == until
    last.delete()
    assert (facts_of(rooms).paused, facts_of(rooms).resumes_at) == (1, None)
    SyncRun.objects.filter(pk=first.pk).update(resumes_at=None)
    assert (facts_of(rooms).paused, facts_of(rooms).resumes_at) == (1, None)


def test_connections_are_told_apart(rooms: Connection) -> None:
    other = campus("Other rooms")
    stopped(held(rooms, 5))
    assert {pk: facts.paused for pk, facts in gather([rooms, other]).items()} == {rooms.pk: 1, other.pk: 0}


@pytest.mark.parametrize(
    ("state", "left"), [("done", []), ("queued", []), ("running", []), ("failed", ["it"]), ("cancelled", ["it"])]
)
def test_class_that_a_newer_sync_has_taken_up_waits_for_nobody(rooms: Connection, state: str, left: list[str]) -> None:
    """Also one of the whole account."""
    lesson = held(rooms, 5)
    stopped(lesson)
    SyncItem.objects.create(run=whole(rooms, "running"), conference=lesson, state=state)
    assert ["it" for _ in paused()] == left


@pytest.mark.parametrize(
    ("mode", "newer", "state", "counts"),
    [
        ("full", "full", "succeeded", False),
        ("full", "full", "running", False),
        ("full", "full", "failed", True),
        ("full", "delta", "succeeded", True),
        ("delta", "delta", "partial", False),
        ("delta", "full", "queued", False),
        ("range", "range", "succeeded", True),
        ("range", "full", "succeeded", False),
    ],
)
def test_account_is_only_done_by_a_sync_that_is_as_wide(
    rooms: Connection, mode: str, newer: str, state: str, counts: bool
) -> None:
    older = whole(rooms, "paused", mode)
    whole(rooms, state, newer)
    whole(campus("Other rooms"), "succeeded")
    ran(held(rooms, 5), 0.1)
    assert [run.pk for run in paused()] == [older.pk] * counts


def test_of_two_paused_ones_the_newer_waits(rooms: Connection) -> None:
    whole(rooms, "paused")
    newer = whole(rooms, "paused")
    assert [run.pk for run in paused()] == [newer.pk]
