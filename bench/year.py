"""The questions that operators' pages ask, of a year of data and of a month of it."""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from functools import partial
from itertools import islice

from django.db import connection, models
from django.utils import timezone

from bench.measure import seconds, table
from conferences.models import Conference, Connection, Participant, SyncError, SyncItem, SyncRun, SyncStep
from conferences.operations.gathering import gather
from conferences.operations.metrics import exposition
from conferences.operations.statistics import holdings, paces

CONNECTIONS, PEOPLE, TIMES = 5, 60, 5
MONTH_DAYS, YEAR_DAYS = 30, 365
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OPERATIONS = ("attendance", "recordings", "chat", "files")
BATCH = 5_000


def fill(days: int, classes_a_day: int, people: int = PEOPLE) -> list[Connection]:
    """Classes with their people, one run of each: a tenth of them failed, a tenth had something blocked."""
    rows = [
        Connection.objects.create(provider="teams", name=f"{days} days, {n}", credentials={})
        for n in range(CONNECTIONS)
    ]
    _write(Conference, _classes(rows, days * classes_a_day, DAY / classes_a_day))
    known = list(Conference.objects.filter(connection__in=rows))
    _write(Participant, (_person(each, n) for each in known for n in range(people)))
    _write(SyncRun, (_run(each, n) for n, each in enumerate(known)))
    runs = list(SyncRun.objects.filter(connection__in=rows))
    _write(SyncItem, (SyncItem(run=run, conference_id=run.conference_id, state="done") for run in runs))
    items = list(SyncItem.objects.filter(run__connection__in=rows).select_related("run"))
    _write(SyncStep, (step for n, item in enumerate(items) for step in _steps(item, n)))
    _write(SyncError, (_error(item) for item in items if item.run.state == "failed"))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return list(Connection.objects.select_related("authorization"))


def _write(model: type[models.Model], rows: Iterable[models.Model]) -> None:
    left = iter(rows)
    while batch := list(islice(left, BATCH)):
        model._default_manager.bulk_create(batch)


def _classes(rows: list[Connection], count: int, apart: timedelta) -> Iterator[Conference]:
    now = timezone.now()
    for number in range(count):
        starts_at = now - 3 * HOUR - number * apart
        yield Conference(
            connection=rows[number % len(rows)],
            external_id=f"class-{number}",
            title=f"Class {number}",
            starts_at=starts_at,
            ends_at=starts_at + HOUR,
        )


def _person(conference: Conference, number: int) -> Participant:
    seen = {"first_seen_at": conference.ends_at, "last_seen_at": conference.ends_at}
    return Participant(conference=conference, identity_key=f"p{number}", total_seconds=3000, kind="member", **seen)


def _run(conference: Conference, number: int) -> SyncRun:
    begun = conference.ends_at + HOUR
    return SyncRun(
        connection_id=conference.connection_id,
        conference=conference,
        state="succeeded" if number % 10 else "failed",
        created_at=begun,
        started_at=begun,
        heartbeat_at=begun,
        finished_at=begun + timedelta(minutes=1),
    )


def _steps(item: SyncItem, number: int) -> Iterator[SyncStep]:
    for name in OPERATIONS:
        blocked = name == "files" and number % 10 == 1
        outcome = "failed" if item.run.state == "failed" else "blocked" if blocked else "synced"
        done = {"started_at": item.run.started_at, "finished_at": item.run.finished_at}
        yield SyncStep(item=item, operation=name, outcome=outcome, code=outcome, items=PEOPLE, requests=5, **done)


def _error(item: SyncItem) -> SyncError:
    run, kind = item.run, {"error_class": "server", "code": "provider_trouble"}
    when = {"first_at": run.finished_at, "last_at": run.finished_at}
    return SyncError(connection_id=run.connection_id, run=run, item=item, times=3, ended_step=True, **kind, **when)


def questions(rows: list[Connection]) -> dict[str, Callable[[], object]]:
    return {
        "facts of health, of all connections": partial(gather, rows),
        "what the connections hold": holdings,
        "metrics, at each scrape": exposition,
        "pace of the latest runs": partial(paces, 10),
    }


def _best(question: Callable[[], object]) -> float:
    return min(seconds(question) for _ in range(TIMES))


def report(classes_a_day: int) -> str:
    """The best of several, in milliseconds: first of a month, then of a year and that month."""
    month = {name: _best(ask) for name, ask in questions(fill(MONTH_DAYS, classes_a_day)).items()}
    year = {name: _best(ask) for name, ask in questions(fill(YEAR_DAYS, classes_a_day)).items()}
    rows = [
        (name, f"{month[name] * 1000:.0f}", f"{year[name] * 1000:.0f}", f"×{year[name] / month[name]:.1f}")
        for name in year
    ]
    title = (
        f"Operators' questions, in ms, of a month and of a year: {classes_a_day} classes a day, {PEOPLE} people each"
    )
    return table(title, ("", "month", "year", ""), rows)
