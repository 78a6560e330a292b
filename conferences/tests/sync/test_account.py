"""A run of a whole account: found, queued, drained, isolated, paused, resumed, and never doubled."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_django import Settings

from conferences.models import Conference, Connection, Participant, SyncItem, SyncRun, SyncStep
from conferences.providers.base import Link, Span, Target
from conferences.providers.errors import DailyLimit, NotPermitted, ServerTrouble
from conferences.providers.records import ConferenceRecord, Problem, Record
from conferences.sync import account, pausing, runs, worker
from conferences.sync.lease import claim
from conferences.sync.result import result
from conferences.tests.campus_integration.scripts import SCRIPTS, TERM_STARTS_AT, TIMETABLES, quick, timetable

RESUMES_AT = datetime(2026, 3, 3, tzinfo=UTC)


@pytest.fixture
def connection(db: None, campus: None) -> Connection:
    return Connection.objects.create(provider="campus", name="Campus", credentials={"script": "quick", "key": "canary"})


def drain(run: SyncRun) -> SyncRun:
    worker.work(run.pk)
    run.refresh_from_db()
    return run


def sync(connection: Connection, **options: Any) -> SyncRun:
    return drain(account.request(connection, via="command", ring=False, **options))


def test_full_run_finds_and_syncs_every_past_lesson(connection: Connection) -> None:
    run = sync(connection)
    told = result(run)
    assert (run.state, run.progress) == ("succeeded", 100)
    assert told["items"] == {"total": 7, "done": 7, "failed": 0}
    assert told["steps"]["discovery"]["created"] == 7
    assert told["steps"]["attendance"]["created"] == 18
    assert Conference.objects.count() == 7
    assert not Participant.objects.filter(conference__external_id="lesson-to-come").exists()


def test_second_run_creates_and_updates_nothing(connection: Connection) -> None:
    sync(connection)
    steps = result(sync(connection))["steps"]
    assert {(name, step["created"], step["updated"]) for name, step in steps.items()} == {
        (name, 0, 0) for name in ("discovery", "attendance", "recordings", "chat", "files", "polls")
    }


def test_range_run_touches_its_days_only(connection: Connection) -> None:
    day = timedelta(days=1)
    sync(connection, mode="range", span=Span(TERM_STARTS_AT + day, TERM_STARTS_AT + 3 * day))
    past = Conference.objects.filter(starts_at__lt=datetime(2026, 4, 1, tzinfo=UTC))
    assert set(past.values_list("external_id", flat=True)) == {"lesson-1", "lesson-2"}


def test_delta_asks_from_before_the_last_good_run(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Span] = []

    def watched(span: Span, link: Link) -> Iterator[Record]:
        asked.append(span)
        return timetable(span, link)

    monkeypatch.setitem(TIMETABLES, "quick", watched)
    assert sync(connection, mode="delta").state == "succeeded"
    good = sync(connection)
    assert good.started_at is not None
    sync(connection, mode="delta")
    assert asked == [Span(), Span(), Span(good.started_at - account.OVERLAP)]


def test_delta_takes_up_what_an_earlier_run_could_not_complete(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half(operation: str, target: Target, link: Link) -> Iterator[Record]:
        if target.external_id == "lesson-2" and operation == "attendance":
            raise ServerTrouble("down")
        yield from quick(operation, target, link)

    monkeypatch.setitem(SCRIPTS, "quick", half)
    sync(connection)
    SyncRun.objects.update(state=SyncRun.State.SUCCEEDED)
    monkeypatch.setitem(SCRIPTS, "quick", quick)
    run = sync(connection, mode="delta")
    assert list(run.items.exclude(conference=None).values_list("conference__external_id", flat=True)) == ["lesson-2"]
    assert Participant.objects.filter(conference__external_id="lesson-2").count() == 3


def test_poisoned_lesson_is_isolated_and_retriable(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    """Must-beat: one bad meeting stops every sync, or is skipped and its data lost in silence."""

    def poisoned(operation: str, target: Target, link: Link) -> Iterator[Record]:
        if target.external_id == "lesson-3":
            raise ServerTrouble("This lesson cannot be read.")
        yield from quick(operation, target, link)

    monkeypatch.setitem(SCRIPTS, "quick", poisoned)
    run = sync(connection)
    assert (run.state, result(run)["items"]) == ("partial", {"total": 7, "done": 6, "failed": 1})
    failed = run.items.get(state=SyncItem.State.FAILED)
    assert failed.conference is not None
    assert (failed.conference.external_id, failed.message) == ("lesson-3", "This lesson cannot be read.")
    monkeypatch.setitem(SCRIPTS, "quick", quick)
    pausing.resume(run, ring=False)
    assert (drain(run).state, result(run)["items"]) == ("succeeded", {"total": 7, "done": 7, "failed": 0})


def test_daily_limit_pauses_the_run_and_keeps_its_place(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Must-beat: daily limits stop work for a day."""
    calls: list[str] = []

    def limited(operation: str, target: Target, link: Link) -> Iterator[Record]:
        if operation == "attendance":
            calls.append(target.external_id)
        if len(calls) == 4:
            error = DailyLimit("Campus allows no more requests today.")
            error.resumes_at = RESUMES_AT
            raise error
        yield from quick(operation, target, link)

    monkeypatch.setitem(SCRIPTS, "quick", limited)
    run = sync(connection)
    assert (run.state, run.code, run.resumes_at) == ("paused", "daily_limit", RESUMES_AT)
    assert run.message == (
        "Campus allows no more requests today. This sync resumes at 03 March 2026, 00:00 UTC at the earliest; "
        "its place is kept."
    )
    assert result(run)["items"] == {"total": 7, "done": 4, "failed": 0}
    monkeypatch.setitem(SCRIPTS, "quick", quick)
    pausing.resume(run, ring=False)
    assert (drain(run).state, run.resumes_at, Participant.objects.count()) == ("succeeded", None, 18)


def test_daily_limit_pauses_a_single_conference_too(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    def limited(operation: str, target: Target, link: Link) -> Iterator[Record]:
        raise DailyLimit("No more today.")
        yield

    sync(connection)
    monkeypatch.setitem(SCRIPTS, "quick", limited)
    run = drain(runs.request(Conference.objects.get(external_id="lesson-0"), via="command", ring=False))
    assert (run.state, run.resumes_at is not None) == ("paused", True)
    assert Participant.objects.count() == 18


def test_search_that_breaks_off_keeps_what_it_found(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(span: Span, link: Link) -> Iterator[Record]:
        lessons = timetable(span, link)
        yield next(lessons)
        yield Problem(NotPermitted("One host was skipped."))
        yield next(lessons)
        raise ServerTrouble("Campus is down.")

    monkeypatch.setitem(TIMETABLES, "quick", broken)
    run = sync(connection)
    assert (run.state, result(run)["steps"]["discovery"]["outcome"]) == ("partial", "failed")
    assert (Conference.objects.count(), Participant.objects.count()) == (2, 6)


def test_search_that_cost_several_workers_says_that_conferences_may_be_missing(
    connection: Connection, settings: Settings
) -> None:
    """Else the run would end as if it had found all there is."""
    run = account.request(connection, via="page", ring=False)
    for _ in range(settings.SYNC_MAX_ATTEMPTS):
        assert claim(run.pk, "lost") is not None
        SyncItem.objects.update(lease_until=TERM_STARTS_AT)
    SyncStep.objects.update(items=3)  # as if it had found some before
    runs.settle(run.pk)
    run.refresh_from_db()
    assert (run.state, run.message) == (
        "partial",
        "Some operations had issues: discovery. The account could not be searched to the end, so that conferences may "
        "be missing. What could be read was stored.",
    )
    assert run.events.get(code="worker_lost").text == runs.SEARCH_LOST.format(3)
    pausing.resume(run, ring=False)
    assert (drain(run).state, Conference.objects.count()) == ("succeeded", 7)


def test_one_active_run_per_connection(connection: Connection) -> None:
    first = account.request(connection, via="page", ring=False)
    with pytest.raises(runs.AlreadyActive) as refused:
        account.request(connection, via="page", ring=False)
    assert (refused.value.run, str(refused.value)) == (first, "A sync of this connection is already under way.")


def test_cancelled_run_goes_on_where_it_stopped(connection: Connection) -> None:
    run = account.request(connection, via="page", ring=False)
    runs.cancel(run)
    assert run.state == "cancelled"
    pausing.resume(run, ring=False)
    assert (drain(run).state, Conference.objects.count()) == ("succeeded", 7)


def test_run_that_went_well_has_nothing_to_resume(connection: Connection) -> None:
    run = sync(connection)
    with pytest.raises(pausing.NothingLeft):
        pausing.resume(run)


def test_provider_that_lists_nothing_says_so(connection: Connection) -> None:
    teams = Connection.objects.create(provider="teams", name="Teams", credentials={})
    with pytest.raises(account.CannotDiscover):
        account.request(teams, via="command")


def test_rescheduled_lesson_is_changed_and_not_doubled(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    sync(connection)
    later = timedelta(hours=2)

    def moved(span: Span, link: Link) -> Iterator[Record]:
        for each in timetable(span, link):
            assert isinstance(each, ConferenceRecord)
            yield ConferenceRecord(each.external_id, each.title, each.starts_at + later, each.ends_at + later)

    monkeypatch.setitem(TIMETABLES, "quick", moved)
    assert result(sync(connection))["steps"]["discovery"]["updated"] == 7
    assert Conference.objects.get(external_id="lesson-0").series_id == "algebra"


def searched(connection: Connection, day: int = 0, search: str = "synced", code: str = "", **values: Any) -> None:
    """A run that has ended, so many days after the term began; with `since`, a search from that day on."""
    started_at = TERM_STARTS_AT + timedelta(days=day)
    since = values.pop("since", None)
    span = {"span_starts_at": None if since is None else TERM_STARTS_AT + timedelta(days=since)}
    run = SyncRun.objects.create(
        connection=connection, started_at=started_at, **{"mode": "full", "state": "partial", **span, **values}
    )
    item = SyncItem.objects.create(run=run, state="done")
    SyncStep.objects.create(item=item, operation="discovery", outcome=search, code=code)


def last_good(connection: Connection) -> int | None:
    """The day of the run after which a delta would look."""
    asked = account.request(connection, via="command", mode="delta", ring=False)
    starts_at = asked.span_starts_at
    return None if starts_at is None else (starts_at + account.OVERLAP - TERM_STARTS_AT).days


@pytest.mark.parametrize("search", ["synced", "no_data", "blocked"])
def test_run_that_lacks_only_single_conferences_data_is_good_enough_for_a_delta(
    connection: Connection, search: str
) -> None:
    """Also where the search was refused something, which the next one will be refused too: else every delta of an
    account that may not read reports would be a full sync."""
    searched(connection, 3, search)
    assert last_good(connection) == 3


@pytest.mark.parametrize("run", [{"search": "failed"}, {"state": "failed"}, {"state": "cancelled"}, {"mode": "range"}])
def test_run_that_may_have_missed_conferences_is_no_start_for_a_delta(
    connection: Connection, run: dict[str, str]
) -> None:
    searched(connection, 3, **run)
    assert last_good(connection) is None


@pytest.mark.parametrize(
    ("search", "code", "since", "starts"),
    [
        ("blocked", "no_history", 1, 5),  # still the same refusal
        ("synced", "", 1, None),  # it was lifted, and what it hid before day 1 has not been looked for
        ("blocked", "no_hosts", 1, None),  # another one, likewise
        ("synced", "", None, 5),  # all was searched
    ],
)
def test_what_a_refusal_hid_is_looked_for_once_it_is_lifted(
    connection: Connection, search: str, code: str, since: int | None, starts: int | None
) -> None:
    """Promise: nothing is missed for good because it could not be seen for a time."""
    searched(connection, 1, "blocked", "no_history")
    searched(connection, 5, search, code, since=since, mode="delta")
    assert last_good(connection) == starts


def test_delta_after_a_refusal_that_is_new_begins_where_it_began(connection: Connection) -> None:
    searched(connection, 1)
    searched(connection, 5, "blocked", "no_history", since=1, mode="delta")
    assert last_good(connection) == 5


def asked_of(spans: list[Span], *, refused: bool = False) -> Any:
    """A timetable that notes what it was asked for and may hide, as it says, a part of it."""

    def listing(span: Span, link: Link) -> Iterator[Record]:
        spans.append(span)
        yield from timetable(span, link)
        if refused:
            yield Problem(NotPermitted("The history may not be read.", code="no_history"))

    return listing


def test_first_delta_after_a_refusal_finds_what_it_hid(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    """Promise: nothing is missed because it could not be seen for a time, and nobody has to know that."""
    searched(connection, 3, "blocked", "no_history")
    spans: list[Span] = []
    monkeypatch.setitem(TIMETABLES, "quick", asked_of(spans))
    run = sync(connection, mode="delta")
    began = TERM_STARTS_AT + timedelta(days=3) - account.OVERLAP
    assert spans == [Span(began), Span(None, began)]
    told = result(run)
    assert (run.state, Conference.objects.count(), told["items"]["total"]) == ("succeeded", 7, 7)
    assert told["steps"]["discovery"]["created"] == 7
    assert run.events.filter(code="search_widened").count() == 1
    assert run.span_starts_at is None


def test_what_was_looked_for_once_is_not_looked_for_again(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    searched(connection, 3, "blocked", "no_history")
    first = sync(connection, mode="delta")
    spans: list[Span] = []
    monkeypatch.setitem(TIMETABLES, "quick", asked_of(spans))
    sync(connection, mode="delta")
    assert first.started_at is not None
    assert spans == [Span(first.started_at - account.OVERLAP)]


def test_delta_that_is_still_refused_looks_no_further(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    searched(connection, 3, "blocked", "no_history")
    spans: list[Span] = []
    monkeypatch.setitem(TIMETABLES, "quick", asked_of(spans, refused=True))
    run = sync(connection, mode="delta")
    assert len(spans) == 1
    assert run.span_starts_at == spans[0].starts_at
    assert not run.events.filter(code="search_widened").exists()


@pytest.mark.parametrize("mode", ["full", "range"])
def test_only_a_delta_looks_further(connection: Connection, monkeypatch: pytest.MonkeyPatch, mode: str) -> None:
    searched(connection, 3, "blocked", "no_history")
    spans: list[Span] = []
    monkeypatch.setitem(TIMETABLES, "quick", asked_of(spans))
    sync(connection, mode=mode, span=Span(TERM_STARTS_AT))
    assert len(spans) == 1


def test_looking_further_goes_on_after_a_pause(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    searched(connection, 3, "blocked", "no_history")

    def limited(span: Span, link: Link) -> Iterator[Record]:
        if span.starts_at is None:
            raise DailyLimit("Nothing more today.")
        yield from timetable(span, link)

    monkeypatch.setitem(TIMETABLES, "quick", limited)
    run = sync(connection, mode="delta")
    assert (run.state, Conference.objects.count()) == ("paused", 6)
    monkeypatch.setitem(TIMETABLES, "quick", timetable)
    pausing.resume(run, ring=False)
    assert (drain(run).state, Conference.objects.count()) == ("succeeded", 7)
