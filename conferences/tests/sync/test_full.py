"""A full disk loses nothing and blames nobody: what was begun waits, and goes on once there is room."""

from collections.abc import Callable, Iterator

import pytest
from django.db import connection as database

from conferences.models import ChatMessage, Conference, Participant, SyncEvent, SyncItem, SyncRun, SyncStep
from conferences.operations import disk
from conferences.sync import doorbell, full, runs, sweep, worker
from conferences.sync.database import DISK_FULL, DatabaseFull
from conferences.sync.lease import Lease, claim
from conferences.tests.sync.conftest import step_of

pytestmark = pytest.mark.django_db(transaction=True)

# As PostgreSQL refuses it: small changes still find room among the old rows, new rows do not.
FULL = """
CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$
"""
REFUSE = "CREATE TRIGGER no_room BEFORE INSERT ON {table} EXECUTE FUNCTION no_room()"
CHAT = "conferences_chatmessage"


def execute(*statements: str) -> None:
    with database.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def make_room() -> None:
    execute("DROP FUNCTION IF EXISTS no_room CASCADE")


@pytest.fixture
def fill() -> Iterator[Callable[..., None]]:
    """From now on the disk is full for new rows of these tables."""

    def filled(*tables: str) -> None:
        execute(FULL, *(REFUSE.format(table=table) for table in tables))

    yield filled
    make_room()


@pytest.fixture
def run(conference: Conference) -> SyncRun:
    return runs.request(conference, via="page", ring=False)


def fresh(run: SyncRun) -> SyncRun:
    return SyncRun.objects.get(pk=run.pk)


def test_run_waits_untried_and_says_so(run: SyncRun, fill: Callable[..., None]) -> None:
    fill(CHAT)
    worker.serve(run.pk)
    run, item = fresh(run), SyncItem.objects.get()
    assert (run.state, run.code, run.message) == ("running", "disk_full", DISK_FULL)
    assert (item.state, item.attempts, item.lease_until) == ("queued", 0, None)
    assert SyncEvent.objects.filter(run=run, code="disk_full", level="error").count() == 1


def test_nothing_is_called_a_fault_of_ours(run: SyncRun, fill: Callable[..., None]) -> None:
    fill(CHAT)
    worker.serve(run.pk)
    assert not SyncStep.objects.filter(outcome__in=["failed", "blocked"]).exists()
    assert not SyncEvent.objects.filter(text__contains="on our side").exists()


def test_it_goes_on_with_what_is_left_once_there_is_room(run: SyncRun, fill: Callable[..., None]) -> None:
    fill(CHAT)
    worker.serve(run.pk)
    stored_at = step_of(run, "attendance").finished_at
    assert stored_at is not None
    make_room()
    worker.serve(run.pk)
    run = fresh(run)
    assert (run.state, run.code, run.message == DISK_FULL) == ("succeeded", "", False)
    assert (Participant.objects.count(), ChatMessage.objects.count()) == (3, 2)
    assert step_of(run, "attendance").finished_at == stored_at


def test_waiting_for_room_uses_up_no_attempts(run: SyncRun, fill: Callable[..., None]) -> None:
    fill(CHAT)
    for _ in range(4):
        worker.serve(run.pk)
    assert (fresh(run).state, SyncItem.objects.get().attempts) == ("running", 0)


def test_command_is_told_why(run: SyncRun, fill: Callable[..., None]) -> None:
    fill("conferences_participant")
    with pytest.raises(DatabaseFull, match="its disk is full"):
        worker.work(run.pk)


def test_disk_too_full_for_a_line_of_the_log_is_said_on_the_run(run: SyncRun, fill: Callable[..., None]) -> None:
    fill(CHAT, "conferences_syncevent")
    worker.serve(run.pk)
    run, item = fresh(run), SyncItem.objects.get()
    assert (item.state, run.state, run.code, run.message) == ("queued", "running", "disk_full", DISK_FULL)


def test_lease_is_given_back_as_soon_as_that_fits(
    run: SyncRun, fill: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Promise: waiting for room costs no attempt, though not even the release fitted at first."""
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 2:
            make_room()

    monkeypatch.setattr(full.time, "sleep", pause)
    fill(CHAT)
    execute("CREATE TRIGGER no_room BEFORE UPDATE OF worker ON conferences_syncitem EXECUTE FUNCTION no_room()")
    execute("ALTER TABLE conferences_syncitem DISABLE TRIGGER no_room")
    begun = worker.wait_for_room

    def waiting(lease: Lease) -> None:
        execute("ALTER TABLE conferences_syncitem ENABLE TRIGGER no_room")
        begun(lease)

    monkeypatch.setattr(worker, "wait_for_room", waiting)
    worker.serve(run.pk)
    item = SyncItem.objects.get()
    assert (pauses, item.state, item.attempts) == ([full.PAUSE_SECONDS] * 2, "queued", 0)


def test_lease_that_cannot_be_given_back_runs_out(run: SyncRun, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(full.time, "sleep", lambda _: None)
    lease = claim(run.pk, "first")
    assert lease is not None
    monkeypatch.setattr(Lease, "release", lambda _: (_ for _ in ()).throw(DatabaseFull()))
    full.wait_for_room(lease)
    assert SyncItem.objects.get().state == "running"


def test_nobody_is_rung_for_while_there_is_no_room(run: SyncRun, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be stored need not be asked of the provider every few seconds."""
    rung: list[int] = []
    monkeypatch.setattr(doorbell, "ring", lambda run_id: rung.append(run_id) or True)
    monkeypatch.setattr(doorbell, "has_room", lambda: False)
    sweep.sweep()
    runs.look(run)
    assert rung == []
    monkeypatch.setattr(doorbell, "has_room", lambda: True)
    sweep.sweep()
    assert rung == [run.pk]


def test_room_is_asked_of_the_database(run: SyncRun, monkeypatch: pytest.MonkeyPatch) -> None:
    rung: list[int] = []
    monkeypatch.setattr(doorbell, "ring", lambda run_id: rung.append(run_id) or True)
    for name in ("_believed_until", "_full_at"):
        monkeypatch.setattr(disk, name, float("-inf"))
    monkeypatch.setattr(disk, "TRY", "DO $$ BEGIN RAISE EXCEPTION 'full' USING ERRCODE = '53100'; END $$")
    sweep.sweep()
    assert (rung, run.state) == ([], "queued")
