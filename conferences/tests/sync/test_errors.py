"""Promise: every error is kept with class, code, request id and how often it occurred, and tells of nobody."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core import serializers
from django.db import IntegrityError
from django.db import connection as database

from conferences import decisions
from conferences.models import Connection, SyncError, SyncEvent, SyncRun
from conferences.providers.base import Link, Span, Target
from conferences.providers.errors import (
    Circumstances,
    CredentialsRefused,
    DailyLimit,
    Malformed,
    NotPermitted,
    ProviderError,
    RateLimited,
    ServerTrouble,
    Unreachable,
)
from conferences.providers.fake_clock import FakeClock
from conferences.providers.records import ChatRecord, Problem, Record
from conferences.providers.retry import Retrier
from conferences.sync import account, errors, worker
from conferences.sync.errors import of_our_own, told_by
from conferences.sync.store import StepStore
from conferences.tests.campus_integration.scripts import SCRIPTS, TIMETABLES, message, person, timetable
from conferences.tests.sync.conftest import perform

Play = Callable[..., SyncRun]
Listing = Callable[[Target, Link], Iterator[Record]]


def trying(*failures: ProviderError, path: str = "/rooms/•••/doors") -> Listing:
    """Asks through the real retrier, whose clock never waits: each failure once, then the answer."""

    def listing(target: Target, link: Link) -> Iterator[Record]:
        left = list(failures)

        def call() -> str:
            if left:
                raise left.pop(0)
            return "Ann"

        retrier = Retrier("Campus", link, FakeClock().clock)
        yield person(target, retrier.run(call, "doors", path))

    return listing


def ending(error: ProviderError) -> Listing:
    def listing(target: Target, link: Link) -> Iterator[Record]:
        yield person(target, "Ann")
        raise error

    return listing


def kept(**scope: Any) -> list[tuple[Any, ...]]:
    names = ("operation", "error_class", "code", "status", "times", "ended_step")
    return list(SyncError.objects.filter(**scope).order_by("id").values_list(*names))


def texts(run: SyncRun) -> list[str]:
    return [event.text for event in SyncEvent.objects.filter(run=run, code="retry")]


def test_overcome_error_is_kept_with_all_that_is_known_of_it(play: Play) -> None:
    failure = ServerTrouble("Campus has a fault.", status=503, request_id="r-1", detail="busy", provider_code="E7")
    run = play(attendance=trying(failure))
    row = SyncError.objects.get()
    assert (row.run, row.item, row.connection) == (run, run.items.get(), run.connection)
    assert (row.operation, row.error_class, row.code, row.status) == ("attendance", "server", "provider_trouble", 503)
    assert (row.request_id, row.provider_code, row.message) == ("r-1", "E7", "Campus has a fault.")
    assert (row.detail, row.times, row.ended_step) == ("busy", 1, False)
    assert row.context == {"topic": "doors", "path": "/rooms/•••/doors", "try": 1}
    assert run.created_at <= row.first_at == row.last_at
    assert (run.state, run.message) == ("succeeded", "Successfully synced 1 item")


def test_alike_errors_are_counted_and_others_kept_apart(play: Play) -> None:
    limited = RateLimited("Slowly.", status=429)
    limited.retry_after = 0.0
    failures = (
        ServerTrouble("x", status=503, request_id="r-1"),
        ServerTrouble("x", status=503, request_id="r-2"),
        ServerTrouble("x", status=502),
        Unreachable("x"),
        limited,
    )
    play(attendance=trying(*failures))
    assert kept() == [
        ("attendance", "server", "provider_trouble", 503, 2, False),
        ("attendance", "server", "provider_trouble", 502, 1, False),
        ("attendance", "network", "unreachable", None, 1, False),
        ("attendance", "rate_limit", "rate_limited", 429, 1, False),
    ]
    assert SyncError.objects.get(status=503).request_id == "r-2"


def test_error_that_ends_a_step_stands_beside_those_tried_before(play: Play) -> None:
    run = play(attendance=trying(*(ServerTrouble("x", status=503, request_id=f"r-{n}") for n in range(5))))
    assert kept() == [
        ("attendance", "server", "provider_trouble", 503, 4, False),
        ("attendance", "server", "provider_trouble", 503, 1, True),
    ]
    last = SyncError.objects.get(ended_step=True)
    assert (last.request_id, last.context["try"]) == ("r-4", 5)
    assert run.state == "failed"


def test_refused_part_is_kept_and_so_is_a_refused_sign_in(play: Play) -> None:
    def partly(target: Target, link: Link) -> Iterator[Record]:
        yield Problem(NotPermitted("No.", code="missing_permission", status=403))

    play(attendance=partly, chat=ending(CredentialsRefused("No.", code="wrong_secret", status=401)))
    assert kept() == [
        ("attendance", "permission", "missing_permission", 403, 1, True),
        ("chat", "authentication", "wrong_secret", 401, 1, True),
    ]


def test_pause_at_the_daily_limit_is_kept(play: Play) -> None:
    run = play(attendance=ending(DailyLimit("No more today.", status=429)))
    assert (run.state, kept()) == ("paused", [("attendance", "rate_limit", "daily_limit", 429, 1, True)])


def test_bug_of_ours_is_kept_by_kind_and_place_without_values(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(_: object) -> None:
        raise KeyError("ann@example.org")

    monkeypatch.setattr(decisions, "apply_matching", break_down)
    play(attendance=lambda target, link: [person(target, "Ann")])
    row = SyncError.objects.get()
    assert (row.error_class, row.code, row.ended_step, row.context) == ("internal", "internal_error", True, {})
    place = f"{__name__}:{break_down.__code__.co_firstlineno + 1}"
    assert row.detail == f"KeyError at {place}"
    assert row.message == "Matching people failed because of an error on our side."


def test_error_that_was_never_raised_has_no_place() -> None:
    assert of_our_own("internal_error", "We broke.", ValueError("Ann")).detail == "ValueError"


def test_entry_that_the_database_refuses_is_kept_without_its_values(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = StepStore.store

    def refuse(self: StepStore, records: list[Record]) -> None:
        if any(isinstance(record, ChatRecord) for record in records):
            raise IntegrityError('violates "one_key"\nDETAIL:  Failing row contains (7, Ann Lee).')
        store(self, records)

    monkeypatch.setattr(StepStore, "store", refuse)
    play(chat=lambda target, link: [message(target, 1)])
    assert kept() == [("chat", "data", "unstorable", None, 1, True)]
    assert SyncError.objects.get().detail == 'IntegrityError: violates "one_key"'


def test_search_of_an_account_keeps_its_errors(db: None, campus: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(span: Span, link: Link) -> Iterator[Record]:
        yield from timetable(span, link)
        raise Malformed("Odd.", code="paging_loop")

    monkeypatch.setitem(TIMETABLES, "quick", broken)
    connection = Connection.objects.create(provider="campus", name="C", credentials={"script": "quick", "key": "key"})
    run = account.request(connection, via="command", ring=False)
    worker.work(run.pk)
    assert kept(item__conference=None) == [("discovery", "data", "paging_loop", None, 1, True)]


def test_connection_that_cannot_be_opened_is_kept_for_each_step(play: Play) -> None:
    Connection.objects.update(provider="nobody")
    play(attendance=trying(), chat=trying())
    assert kept() == [
        ("attendance", "permission", "not_configured", None, 1, True),
        ("chat", "permission", "not_configured", None, 1, True),
    ]


def test_worker_that_takes_over_goes_on_counting(play: Play) -> None:
    """Promise: a worker killed anywhere loses nothing."""

    def dying(target: Target, link: Link) -> Iterator[Record]:
        yield from trying(ServerTrouble("x", status=503), ServerTrouble("x", status=503))(target, link)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        play(attendance=dying)
    with pytest.MonkeyPatch.context() as patch:
        again = trying(ServerTrouble("x", status=503))
        perform(patch, lambda operation, target, link: again(target, link))
        worker.work(SyncRun.objects.get().pk)
    assert kept() == [("attendance", "server", "provider_trouble", 503, 3, False)]


def test_first_tries_are_told_one_by_one_and_then_every_tenth(play: Play) -> None:
    """Promise: the log shows the policy as it is applied, and a long run does not drown."""

    def shaky(target: Target, link: Link) -> Iterator[Record]:
        for _ in range(23):
            yield from trying(ServerTrouble("x", status=503))(target, link)

    line = "Campus did not answer properly (503): trying again in 1 s, try 2 of 5."
    assert texts(play(attendance=shaky)) == [
        *[line] * 4,
        f"{line} So far it was tried again 10 times.",
        f"{line} So far it was tried again 20 times.",
    ]
    assert SyncError.objects.get().times == 23


def test_each_conference_of_an_account_tells_the_first_try_alone(
    db: None, campus: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def shaky(operation: str, target: Target, link: Link) -> Iterator[Record]:
        if operation == "attendance":
            yield from trying(*(ServerTrouble("x", status=503) for _ in range(3)))(target, link)

    monkeypatch.setitem(SCRIPTS, "quick", shaky)
    connection = Connection.objects.create(provider="campus", name="C", credentials={"script": "quick", "key": "key"})
    run = account.request(connection, via="command", ring=False)
    worker.work(run.pk)
    assert texts(run) == ["Campus did not answer properly (503): trying again in 1 s, try 2 of 5."] * 6


def test_fetching_thread_writes_nothing(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    writers: set[str] = set()
    keep = errors.ErrorStore.keep

    def watched(self: errors.ErrorStore, troubles: Any) -> list[int]:
        writers.add(threading.current_thread().name)
        assert database.in_atomic_block
        return keep(self, troubles)

    monkeypatch.setattr(errors.ErrorStore, "keep", watched)
    play(attendance=trying(ServerTrouble("x")))
    assert writers == {threading.main_thread().name}


PERSONAL = ("ann.lee@example.org", "Ann Lee", "See you at six", "canary-key", "48d31887-5fad-4d73-a9f5-3c356e68a038")


def test_nothing_of_people_secrets_or_chat_is_kept(play: Play) -> None:
    """Promise: no secret, name, e-mail or chat text stands in an error."""
    address, name, chat, secret, guid = PERSONAL
    told = {"detail": f'user {address} “{name}” said "{chat}" with {secret} and {guid}', "provider_code": address}
    failures = [
        kind(f"{address} {guid} {secret}", code="x", request_id="r", **told)
        for kind in (ServerTrouble, Unreachable, RateLimited)
    ]
    play(attendance=trying(*failures), chat=ending(Malformed(f"No {address}.", **told)))
    rows = serializers.serialize("json", SyncError.objects.all(), ensure_ascii=False)
    assert SyncError.objects.count() == 4
    assert [each for each in PERSONAL if each in rows] == []


def test_text_that_no_column_takes_is_cut_and_cleaned(play: Play) -> None:
    odd = Malformed("NUL \x00 " + "m" * 9_000, code="c" * 200, detail="d\x00" * 9_000, provider_code="p" * 200)
    odd.status, odd.request_id = 99_999, "r" * 500
    odd.circumstances = Circumstances("t", "/x", 1)
    play(attendance=ending(odd))
    row = SyncError.objects.get()
    assert (row.code, row.status, row.provider_code, row.request_id) == ("c" * 64, None, "p" * 64, "r" * 128)
    assert (len(row.message), len(row.detail)) == (errors.LONGEST_TEXT, errors.LONGEST_TEXT)


def test_error_without_circumstances_has_no_context() -> None:
    assert told_by(Malformed("Odd.")).context == {}
