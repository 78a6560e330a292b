"""The newest errors, one line for each cause."""

from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from conferences.models import Connection, SyncRun
from conferences.operations.causes import Cause, newest_causes, places
from conferences.tests.operations.conftest import campus, held, ran, went_wrong


def refused(rooms: Connection, hours: float, *operations: str, **values: Any) -> SyncRun:
    run = ran(held(rooms, hours + 2), hours, "failed")
    told = {"error_class": "permission", "code": "missing_permission", "message": "A permission is missing."}
    for operation in operations:
        went_wrong(run, hours, item=run.items.get(), operation=operation, **{**told, "ended_step": True, **values})
    return run


def test_one_cause_is_one_line_however_many_operations_it_hits(rooms: Connection) -> None:
    """Promise: the newest errors are not filled by equal lines."""
    refused(rooms, 5, "attendance", "chat", "files", times=2)
    newest = refused(rooms, 3, "attendance")
    (cause,) = newest_causes(10)
    assert cause == Cause(
        connection="Rooms",
        error_class="permission",
        code="missing_permission",
        message="A permission is missing.",
        places="attendance, chat and files of 2 conferences",
        times=7,
        last_at=newest.errors.get().last_at,
        run=newest.pk,
        overcome=False,
    )
    assert cause.label == "Permission"


@pytest.mark.parametrize(
    "other", [{"code": "other"}, {"error_class": "network"}, {"message": "Another permission is missing."}]
)
def test_whatever_differs_is_another_cause(rooms: Connection, other: dict[str, str]) -> None:
    refused(rooms, 3, "attendance")
    refused(rooms, 2, "attendance", **other)
    assert [cause.places for cause in newest_causes(10)] == ["attendance of 1 conference"] * 2


def test_connections_are_told_apart_newest_first(rooms: Connection) -> None:
    refused(rooms, 3, "attendance")
    refused(campus("Other rooms"), 2, "attendance")
    assert [cause.connection for cause in newest_causes(10)] == ["Other rooms", "Rooms"]
    assert [cause.connection for cause in newest_causes(1)] == ["Other rooms"]


@pytest.mark.parametrize(("ended", "overcome"), [([False], True), ([True], False), ([False, True], False)])
def test_overcome_is_what_ended_nothing(rooms: Connection, ended: list[bool], overcome: bool) -> None:
    for ended_step in ended:
        refused(rooms, 3, "attendance", ended_step=ended_step)
    assert [cause.overcome for cause in newest_causes(10)] == [overcome]


def test_what_is_older_than_a_week_is_not_of_late(rooms: Connection) -> None:
    refused(rooms, 24 * 8, "attendance")
    assert newest_causes(10) == []


def test_one_statement_however_many_there_are(rooms: Connection) -> None:
    for number in range(3):
        refused(rooms, 3, "attendance", code=f"code_{number}")
    with CaptureQueriesContext(database) as asked:
        newest_causes(10)
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("operations", "conferences", "told"),
    [
        (["attendance"], 1, "attendance of 1 conference"),
        (["attendance", "chat"], 1200, "attendance and chat of 1,200 conferences"),
        (["discovery"], 0, "the search for conferences"),
        (["attendance", "discovery"], 2, "attendance of 2 conferences and the search for conferences"),
        (["check"], 1, "the check of 1 conference"),
        (["attendance", "chat"], 0, "attendance and chat"),
        ([""], 2, "2 conferences"),
        ([], 0, ""),
    ],
)
def test_places_in_words(operations: list[str], conferences: int, told: str) -> None:
    assert places(operations, conferences) == told
