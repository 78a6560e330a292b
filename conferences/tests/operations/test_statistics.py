"""What connections hold, and how runs went."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from conferences.models import Connection, Participant, Recording, SyncRun, SyncStep
from conferences.operations.statistics import holdings, paces
from conferences.tests.operations.conftest import ago, campus, held, ran
from conferences.tests.school import seen


def test_empty_connection_holds_nothing(rooms: Connection) -> None:
    (line,) = holdings()
    assert (line.connection, line.conferences, line.people, line.hours, line.completeness, line.last_good_at) == (
        rooms,
        0,
        0,
        0,
        None,
        None,
    )


def test_conferences_people_and_hours(rooms: Connection) -> None:
    """What was superseded or has gone, and recording bots, do not count."""
    first, _, to_come = held(rooms, 5), held(rooms, 9), held(rooms, -9)
    for number, values in enumerate([{}, {}, {"superseded": True}, {"kind": "bot"}, {"gone_at": ago(1)}]):
        seen(first, f"p{number}", **values)
    Participant.objects.update(total_seconds=5400)
    for number, gone_at in enumerate([None, None, ago(1)]):
        Recording.objects.create(
            conference=first, provider_id=f"r{number}", gone_at=gone_at, first_seen_at=ago(2), last_seen_at=ago(2)
        )
    (line,) = holdings()
    assert (line.conferences, line.ended, line.attended) == (3, 2, 1)
    assert (line.people, line.hours, line.recordings) == (2, 3.0, 2)
    assert to_come.ends_at > ago(0)


@pytest.mark.parametrize(
    ("steps", "complete"),
    [
        ({"attendance": "synced", "chat": "blocked"}, 1),
        ({"attendance": "no_data:none_found"}, 1),
        ({"attendance": "no_data:not_ready"}, 0),
        ({"attendance": "synced", "chat": "failed"}, 0),
        ({"attendance": "blocked", "chat": "synced"}, 0),
    ],
)
def test_complete_is_what_was_answered_for_good_and_lacks_nothing(
    steps: dict[str, str], complete: int, rooms: Connection
) -> None:
    ran(held(rooms, 5), 4, **steps)
    held(rooms, -5)
    (line,) = holdings()
    assert (line.ended, line.complete, line.completeness) == (1, complete, 100.0 * complete)


def test_last_good_sync_is_one_that_was_of_use(rooms: Connection) -> None:
    lesson = held(rooms, 50)
    good = ran(lesson, 40, "partial", attendance="synced")
    ran(lesson, 30, "failed", attendance="failed")
    (line,) = holdings()
    good.refresh_from_db()
    assert line.last_good_at == good.finished_at


def test_statements_do_not_grow_with_connections(
    rooms: Connection, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        ran(held(campus(f"Rooms {number}"), 5), 4, attendance="synced")
    with django_assert_num_queries(5):
        assert [line.complete for line in holdings()] == [0, 1, 1, 1, 1, 1]
    with django_assert_num_queries(1):
        assert [pace.run.connection.name for pace in paces(3)] == ["Rooms 4", "Rooms 3", "Rooms 2"]


def test_pace_of_a_run(rooms: Connection) -> None:
    run = ran(held(rooms, 5), 4, attendance="synced", chat="synced")
    SyncStep.objects.update(items=30, requests=5, retries=1, throttled=2, waited_seconds=1.5)
    SyncRun.objects.update(finished_at=ago(3), started_at=ago(3) - timedelta(seconds=20))
    (pace,) = paces(5)
    assert (pace.run, pace.rows, pace.requests, pace.retries, pace.throttled, pace.waited_seconds) == (
        run,
        60,
        10,
        2,
        4,
        3.0,
    )
    assert pace.seconds == pytest.approx(20, abs=0.1)
    assert (pace.rows_per_second, pace.requests_per_second) == pytest.approx((3, 0.5), rel=0.01)


def test_run_that_has_not_begun_has_no_pace(rooms: Connection) -> None:
    SyncRun.objects.create(connection=rooms, requested_via="page")
    assert paces(5) == []


def test_run_without_steps_has_one_of_nothing(rooms: Connection) -> None:
    SyncRun.objects.create(connection=rooms, requested_via="page", state="running", started_at=ago(1))
    (pace,) = paces(5)
    assert (pace.rows, pace.seconds, pace.rows_per_second, pace.requests_per_second) == (0, None, None, None)
