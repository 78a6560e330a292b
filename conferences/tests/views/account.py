"""A campus account with lessons, and account-wide runs of it, for tests of the pages that show them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from conferences.models import Conference, Connection, SyncItem, SyncRun, SyncStep
from conferences.tests.school import STARTS_AT

OPERATIONS = ("attendance", "chat")


def campus_connection() -> Connection:
    return Connection.objects.create(provider="campus", name="Rooms", credentials={"script": "quick", "key": "k"})


def lesson(connection: Connection, number: int, **values: Any) -> Conference:
    starts_at = STARTS_AT + timedelta(days=number)
    defaults = {"title": f"Lesson {number}", "external_id": f"lesson-{number}", "organizer": "ada@example.org"}
    return Conference.objects.create(
        connection=connection,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1),
        **{"time_zone": "Europe/Zurich", **defaults, **values},
    )


def whole_run(connection: Connection, state: str = "running", **values: Any) -> SyncRun:
    """A run of the account whose search has ended."""
    run = SyncRun.objects.create(
        connection=connection, mode="full", requested_via="page", state=state, operations=list(OPERATIONS), **values
    )
    search = SyncItem.objects.create(run=run, state="done")
    SyncStep.objects.create(item=search, operation="discovery", outcome="synced", items=2, created=2)
    run.refresh_from_db()
    return run


def put(
    run: SyncRun, conference: Conference, state: str, outcomes: Sequence[str] = ("", ""), **values: Any
) -> SyncItem:
    """The conference's part in the run, with the outcomes of attendance and chat."""
    item = SyncItem.objects.create(run=run, conference=conference, state=state, **values)
    SyncStep.objects.bulk_create(
        SyncStep(item=item, operation=name, position=position, outcome=outcome, items=3, created=3, message=f"{name}!")
        for position, (name, outcome) in enumerate(zip(OPERATIONS, outcomes, strict=True))
    )
    return item
