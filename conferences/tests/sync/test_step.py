"""One step's rows, written under the lease: the unstorable is left out alone, what was rolled back counts once."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import psycopg2
import pytest
from django.db import OperationalError, connection

from conferences.models import (
    ChatMessage,
    Conference,
    FlawedEntry,
    Participant,
    Response,
    SyncEvent,
    SyncItem,
    SyncStep,
)
from conferences.providers.errors import Blocked, NotPermitted
from conferences.providers.records import (
    ChatRecord,
    FileRecord,
    FlawRecord,
    Notice,
    Problem,
    ProviderTotal,
    Record,
    ResponseRecord,
)
from conferences.sync import database, runs
from conferences.sync.lease import Lease, LeaseLost, claim
from conferences.sync.step import StepRun
from conferences.sync.verdict import Verdict
from conferences.tests.sync.conftest import STARTS_AT
from conferences.tests.sync.store.listings import attendance


def chat(number: int, text: str = "Hello") -> ChatRecord:
    return ChatRecord(f"m{number}", STARTS_AT, "Ann", text=text)


def response(key: str, kind: str = "poll") -> ResponseRecord:
    return ResponseRecord(key, kind, "More?", "Yes", "Ann")


def begin(conference: Conference, operation: str) -> StepRun:
    run = runs.request(conference, via="command", operations=[operation], ring=False)
    lease = claim(run.pk, "first")
    assert isinstance(lease, Lease)
    item = SyncItem.objects.select_related("run", "conference__connection").get()
    step = StepRun(SyncStep.objects.get(), item, conference.connection.config, lease)
    step.begin()
    return step


@pytest.fixture
def step(conference: Conference) -> StepRun:
    return begin(conference, "chat")


def row() -> SyncStep:
    return SyncStep.objects.get()


def texts(level: str = "") -> list[str]:
    return list(SyncEvent.objects.filter(level__startswith=level).values_list("text", flat=True))


def test_begun_step_says_so(step: StepRun) -> None:
    assert row().started_at is not None
    assert texts()[-1] == "Chat: asking Campus."


def test_counts_are_stored_with_every_batch(step: StepRun) -> None:
    for number in (1, 2):
        step.store([chat(number)])
        assert (row().items, row().created, step.items) == (number, number, number)


def test_notices_and_problems_reach_the_log(step: StepRun) -> None:
    problem = Problem(NotPermitted("One drawer is locked."))
    heard = step.store([Notice("Slowly.", "warning"), problem, ProviderTotal(3), chat(1)])
    assert heard == [Notice("Slowly.", "warning"), problem, ProviderTotal(3), chat(1)]
    assert texts("warning") == ["Slowly.", "Chat: One drawer is locked."]


@pytest.mark.parametrize("culprit", [chat(7, "NUL \x00"), chat(7, "half \ud83d"), ChatRecord("k\x00", STARTS_AT)])
def test_one_unstorable_record_is_left_out_alone(step: StepRun, culprit: Record) -> None:
    """Promise: one bad record costs no other one, and is not passed over in silence."""
    heard = step.store([chat(1), culprit, chat(2), FileRecord("f1", "Slides")])
    problems = [record for record in heard if isinstance(record, Problem)]
    assert [(each.error.code, each.error.message) for each in problems] == [
        ("unstorable", "One chat entry could not be stored.")
    ]
    assert list(ChatMessage.objects.values_list("provider_id", flat=True)) == ["m1", "m2"]
    assert (row().items, row().created) == (3, 3)
    assert texts("error") == ["Chat: One chat entry could not be stored."]


def test_record_that_breaks_a_rule_of_the_database_is_left_out_alone(conference: Conference) -> None:
    step = begin(conference, "polls")
    step.store([response("p1"), response("p2", kind="vote"), response("p3")])
    assert list(Response.objects.values_list("provider_id", flat=True)) == ["p1", "p3"]
    assert (row().items, row().created) == (2, 2)


def test_step_without_its_lease_writes_nothing(step: StepRun) -> None:
    SyncItem.objects.update(token=99)
    before = (row(), texts())
    verdict = Verdict()
    acts: list[Callable[[], Any]] = [
        step.begin,
        lambda: step.store([chat(1)]),
        lambda: step.close(clean=True),
        lambda: step.end(verdict),
    ]
    for act in acts:
        with pytest.raises(LeaseLost):
            act()
    assert (row(), texts(), ChatMessage.objects.count()) == (*before, 0)


def test_ended_step_has_its_one_outcome(step: StepRun) -> None:
    step.store([chat(1), ProviderTotal(2)])
    verdict = Verdict(provider_total=2)
    step.end(verdict)
    assert (row().outcome, row().code, row().message, row().provider_total) == (
        "synced",
        "synced",
        "1 message synced.",
        2,
    )
    assert row().finished_at is not None
    assert texts()[-1] == "Chat: 1 message synced."


def test_last_words_can_always_be_stored(step: StepRun) -> None:
    """A provider's nonsense must not break the write that ends the step."""
    verdict = Verdict(provider_total=2**70)
    verdict.refused(Blocked("NUL \x00 half \ud83d", code="c" * 200, advice="\x00Ask."))
    step.end(verdict)
    assert (row().message, row().code, row().advice, row().provider_total) == (
        "NUL  half \ufffd",
        "c" * 64,
        "Ask.",
        None,
    )


def test_secrets_stay_out_of_message_and_advice(step: StepRun) -> None:
    verdict = Verdict()
    verdict.refused(Blocked("Bearer abcdefghijklmnop", advice="client_secret=abcdefghijklmnop"))
    step.end(verdict)
    assert "abcdefghijklmnop" not in f"{row().message}{row().advice}{texts()}"


def test_step_of_a_provider_that_cannot_be_opened_can_end(conference: Conference, step: StepRun) -> None:
    item = SyncItem.objects.select_related("run", "conference__connection").get()
    verdict = Verdict()
    verdict.refused(Blocked("No."))
    StepRun(row(), item, None, Lease(item.run_id, item.pk, item.token)).end(verdict)
    assert (row().outcome, row().message) == ("blocked", "No.")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("statement", ["INSERT INTO", "UPDATE", "RELEASE SAVEPOINT"])
def test_connection_lost_in_the_middle_of_a_batch(
    conference: Conference, monkeypatch: pytest.MonkeyPatch, statement: str
) -> None:
    """Promise: the batch is stored once and counted once, whichever statement the connection is lost at."""
    monkeypatch.setattr(database.time, "sleep", lambda seconds: None)
    step = begin(conference, "attendance")
    step.store([attendance("Ann", (0, 60))])
    killed: list[str] = []

    def saboteur(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(statement) and not killed:
            killed.append(sql)
            with suppress(psycopg2.OperationalError), connection.connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(saboteur):
        step.store([attendance("Ann", (0, 60)), attendance("Ben", (0, 30), (0, 40)), attendance("Cat", (5, 6))])
    step.close(clean=True)
    assert len(killed) == 1
    assert (row().items, row().created, row().unchanged) == (3, 3, 0)
    assert set(Participant.objects.values_list("name", "total_seconds", "gone_at")) == {
        ("Ann", 3600, None),
        ("Ben", 2400, None),
        ("Cat", 60, None),
    }


@pytest.mark.django_db(transaction=True)
def test_batch_lost_at_its_commit_counts_once(conference: Conference, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rows of the first attempt were rolled back; they must not stay in the tally."""
    monkeypatch.setattr(database.time, "sleep", lambda seconds: None)
    step = begin(conference, "chat")
    commit, failures = connection._commit, [OperationalError("SSL SYSCALL error: EOF detected")]

    def failing_commit() -> None:
        if failures:
            connection.connection.rollback()
            raise failures.pop()
        commit()

    monkeypatch.setattr(connection, "_commit", failing_commit)
    step.store([chat(1), chat(2)])
    assert (failures, row().items, row().created, ChatMessage.objects.count()) == ([], 2, 2, 2)


def test_entries_that_make_no_sense_are_told_and_the_step_stays_synced(conference: Conference) -> None:
    """Promise: a flawed entry is repaired, listed and told, and is no reason to call the rest a failure."""
    step, verdict = begin(conference, "attendance"), Verdict()
    verdict.hear(step.store([attendance("Ann", (0, 60)), attendance("Ben", (60, 0))]))
    step.close(clean=verdict.clean)
    step.end(verdict)
    assert (row().outcome, row().code, row().items, row().created) == ("synced", "synced", 2, 2)
    assert row().message == "2 people synced. 1 entry made no sense; it is listed below."
    assert texts("warning") == ["Attendance: 1 entry made no sense: left before joining (1)."]
    assert list(FlawedEntry.objects.values_list("about", "reasons", "stored")) == [
        ("Ben", ["left before joining"], True)
    ]
    assert set(Participant.objects.values_list("name", "total_seconds")) == {("Ann", 3600), ("Ben", 0)}


def test_entry_that_the_database_refuses_is_listed_beside_its_problem(step: StepRun) -> None:
    step.store([chat(7, "NUL \x00")])
    flaw = FlawedEntry.objects.get()
    assert (flaw.provider_id, flaw.about, flaw.reasons) == ("chat:m7", "Ann", ["refused by the database"])
    assert (flaw.raw["text"], flaw.stored) == ("NUL", False)


def test_step_of_which_nothing_could_be_stored_has_failed(step: StepRun) -> None:
    """Promise: entries that cannot be read are not called “nothing found”."""
    verdict = Verdict()
    verdict.hear(step.store([FlawRecord("k", ("not an entry",), {}, stored=False)]))
    step.close(clean=verdict.clean)
    step.end(verdict)
    assert (row().outcome, row().code) == ("failed", "unstorable")
    assert row().message == "Nothing that was listed could be stored. 1 entry made no sense; it is listed below."
