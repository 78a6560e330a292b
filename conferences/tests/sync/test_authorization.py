"""Promise: refresh tokens are never lost, and never refreshed twice at once (calcom #16206, raycast #10896)."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Barrier, Event, Thread

import pytest
from cryptography.fernet import Fernet
from django.db import connection as database
from pytest_django import Settings

from conferences.checking import check
from conferences.models import Authorization, Connection, SyncRun
from conferences.providers.authorization import Granted, Tokens
from conferences.providers.errors import NotConfigured, ReconnectNeeded, Unreachable
from conferences.providers.redaction import redact
from conferences.sync import account, worker
from conferences.sync.authorization import StoredAuthorization, authorization_of, forget, keep, secret_values
from conferences.tests.campus_integration.gate import Gate
from conferences.tests.gated import gated_connection, keeper, plug_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def gate(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Gate:
    settings.PUBLIC_URL = "https://lms.example.org"
    return plug_in(settings, monkeypatch)


@pytest.fixture
def connection(gate: Gate, transactional_db: None) -> Connection:
    """Somebody has connected it."""
    made = gated_connection()
    keep(made, Granted(gate._next_pair(), gate.scopes), keeper())
    return made


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def held(connection: Connection, stack: ExitStack) -> StoredAuthorization:
    return of(connection, stack)


def of(connection: Connection, stack: ExitStack) -> StoredAuthorization:
    found = authorization_of(connection, connection.config, connection.credentials.reveal(), stack)
    assert found is not None
    return found


def stored() -> Tokens:
    return Authorization.objects.get().tokens.reveal()


def advice(connection: Connection) -> str:
    address = f"https://lms.example.org/connections/{connection.pk}/"
    return f"Somebody who may allow it at Campus opens {address} and clicks “Connect Campus”."


def elsewhere(do: Callable[[], object]) -> None:
    """In a thread of its own, as another worker would; its database connection is closed after it."""

    thread = Thread(target=in_thread, args=[do])
    thread.start()
    thread.join()


def test_connection_that_signs_in_by_itself_has_none(stack: ExitStack, transactional_db: None) -> None:
    plain = Connection.objects.create(provider="campus", name="Plain", credentials={"script": "quick", "key": "k"})
    assert authorization_of(plain, plain.config, {"script": "quick"}, stack) is None


def test_current_are_the_stored_ones(held: StoredAuthorization, gate: Gate) -> None:
    assert held.current() == gate.pair


def test_newer_tokens_are_committed_before_they_are_returned(held: StoredAuthorization, gate: Gate) -> None:
    newer, seen = held.renew(gate.renew), []
    elsewhere(lambda: seen.append(stored()))
    assert (seen, gate.renewals) == ([newer], 1)


def test_two_who_renew_at_once_make_one_call(connection: Connection, stack: ExitStack, gate: Gate) -> None:
    """As a provider does it: whoever finds that another has renewed takes what is there."""
    stale, start = stored(), Barrier(2)

    def unless_done(tokens: Tokens) -> Tokens:
        return gate.renew(tokens) if tokens == stale else tokens

    def renew(_: int) -> Tokens:
        start.wait(10)
        return of(connection, stack).renew(unless_done)

    with ThreadPoolExecutor(2) as workers:
        first, second = workers.map(renew, range(2))
    assert (first, second, gate.renewals) == (gate.pair, gate.pair, 1)
    assert stored() == gate.pair


def test_second_waits_for_the_call_of_the_first(connection: Connection, stack: ExitStack, gate: Gate) -> None:
    calling, answer, order = Event(), Event(), list[str]()

    def slowly(tokens: Tokens) -> Tokens:
        calling.set()
        answer.wait(10)
        order.append("first")
        return gate.renew(tokens)

    def look(tokens: Tokens) -> Tokens:
        order.append("second")
        return tokens

    with ThreadPoolExecutor(2) as workers:
        first = workers.submit(of(connection, stack).renew, slowly)
        assert calling.wait(10)
        second = workers.submit(of(connection, stack).renew, look)
        while not waiting_for_the_row():
            assert not second.done()
        answer.set()
        assert first.result(10) == second.result(10) == gate.pair
    assert order == ["first", "second"]


def waiting_for_the_row() -> bool:
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


def test_thread_leaves_no_database_connection_behind(held: StoredAuthorization, gate: Gate) -> None:
    left: list[object] = []

    def fetch() -> None:
        held.current()
        held.renew(gate.renew)
        left.append(database.connection)

    thread = Thread(target=fetch)
    thread.start()
    thread.join()
    assert left == [None]


def test_open_database_connection_is_left_open(held: StoredAuthorization, gate: Gate) -> None:
    database.ensure_connection()
    before = database.connection
    held.renew(gate.renew)
    assert database.connection is before


def test_refused_renewal_ends_it_for_everybody(held: StoredAuthorization, connection: Connection, gate: Gate) -> None:
    gate.pair = {}
    with pytest.raises(ReconnectNeeded) as caught:
        held.renew(gate.renew)
    row = Authorization.objects.get()
    assert (row.is_live, row.ended_reason, row.tokens.reveal()) == (False, "The campus has changed its locks.", {})
    assert (str(caught.value), caught.value.advice) == ("The campus has changed its locks.", advice(connection))


def test_end_takes_back_what_was_said_to_be_permitted(
    held: StoredAuthorization, connection: Connection, gate: Gate
) -> None:
    check(connection)
    assert Connection.objects.get().checks
    gate.trouble = ReconnectNeeded("The keeper has left.")
    with pytest.raises(ReconnectNeeded):
        held.renew(gate.renew)
    assert Connection.objects.values_list("checks", "checked_at").get() == ([], None)


@pytest.mark.parametrize("use", ["current", "renew"])
def test_ended_one_says_why_and_asks_nobody(
    use: str, held: StoredAuthorization, connection: Connection, gate: Gate
) -> None:
    gate.trouble = ReconnectNeeded("The keeper has left.")
    with pytest.raises(ReconnectNeeded):
        held.renew(gate.renew)
    with pytest.raises(ReconnectNeeded) as caught:
        held.current() if use == "current" else held.renew(gate.renew)
    assert (str(caught.value), caught.value.advice, gate.renewals) == ("The keeper has left.", advice(connection), 0)


def test_unconnected_one_says_what_to_do(stack: ExitStack, transactional_db: None) -> None:
    connection = gated_connection()
    with pytest.raises(ReconnectNeeded) as caught:
        of(connection, stack).current()
    assert (str(caught.value), caught.value.advice) == (
        "Nobody has connected this account with Campus yet.",
        advice(connection),
    )


def test_other_failure_of_the_call_changes_nothing(held: StoredAuthorization, gate: Gate) -> None:
    before, gate.trouble = stored(), Unreachable("The campus does not answer.")
    with pytest.raises(Unreachable):
        held.renew(gate.renew)
    assert stored() == before


def test_killed_between_call_and_commit_leaves_the_older_pair(held: StoredAuthorization) -> None:
    before = stored()

    def killed(tokens: Tokens) -> Tokens:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        held.renew(killed)
    assert stored() == before


def cut_off() -> None:
    """As the server would after a restart."""
    with database.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    elsewhere(lambda: terminate(pid))


def terminate(pid: int) -> None:
    with database.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


def test_database_that_fails_after_the_call_costs_no_pair(held: StoredAuthorization, gate: Gate) -> None:
    """The provider has forgotten the older pair already: the transaction is repeated, the call is not."""

    def renewed(tokens: Tokens) -> Tokens:
        newer = gate.renew(tokens)
        cut_off()
        return newer

    assert held.renew(renewed) == gate.pair == stored()
    assert gate.renewals == 1


def test_pair_outlives_the_refusal_that_another_got_meanwhile(
    held: StoredAuthorization, connection: Connection, gate: Gate
) -> None:
    def renewed(tokens: Tokens) -> Tokens:
        newer = gate.renew(tokens)
        cut_off()
        elsewhere(refused)
        return newer

    def refused() -> None:
        with ExitStack() as own, pytest.raises(ReconnectNeeded):
            of(connection, own).renew(gate.renew)

    assert held.renew(renewed) == gate.pair == stored()
    assert Authorization.objects.get().is_live


def test_pair_of_an_older_authorization_does_not_replace_a_newer_one(
    held: StoredAuthorization, connection: Connection, gate: Gate
) -> None:
    def renewed(tokens: Tokens) -> Tokens:
        if tokens == {"access_token": "of-the-new-one-entirely"}:
            return tokens
        newer = gate.renew(tokens)
        cut_off()
        elsewhere(lambda: keep(connection, Granted({"access_token": "of-the-new-one-entirely"}), keeper("ben")))
        return newer

    assert held.renew(renewed) == {"access_token": "of-the-new-one-entirely"} == stored()


def test_connecting_again_waits_for_a_renewal_that_ends_it(
    held: StoredAuthorization, connection: Connection, gate: Gate
) -> None:
    """Whoever renews holds the authorisation's row and then wants the connection's."""
    renewing, answer = Event(), Event()

    def refused(tokens: Tokens) -> Tokens:
        renewing.set()
        answer.wait(10)
        raise ReconnectNeeded("The keeper has left.")

    ben = keeper("ben")
    with ThreadPoolExecutor(2) as workers:
        ending = workers.submit(held.renew, refused)
        assert renewing.wait(10)
        keeping = workers.submit(in_thread, lambda: keep(connection, Granted({"access_token": "b"}, (), "north"), ben))
        while not waiting_for_the_row():
            assert not keeping.done()
        answer.set()
        assert isinstance(ending.exception(20), ReconnectNeeded)
        keeping.result(20)
    row = Authorization.objects.get()
    assert (row.is_live, row.connected_by, row.connection.account) == (True, ben, "north")


def in_thread(do: Callable[[], object]) -> None:
    try:
        do()
    finally:
        database.close()


def test_provider_is_told_the_account(held: StoredAuthorization, connection: Connection, stack: ExitStack) -> None:
    assert held.account == ""
    keep(connection, Granted({"access_token": "b"}, (), "north"), keeper("ben"))
    assert of(connection, stack).account == "north"


def test_forgetting_hands_out_the_newest_once_more(connection: Connection, gate: Gate) -> None:
    seen: list[Tokens] = []
    forget(connection, lambda row: seen.append(row.tokens.reveal()))
    forget(connection, lambda row: seen.append(row.tokens.reveal()))
    assert (seen, Authorization.objects.count()) == ([gate.pair], 0)


def test_lost_key_is_told_and_ends_nothing(
    held: StoredAuthorization, connection: Connection, settings: Settings
) -> None:
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(NotConfigured) as caught:
        held.current()
    assert (caught.value.code, caught.value.advice.endswith(advice(connection))) == ("undecryptable", True)
    assert Authorization.objects.get().is_live


def test_tokens_are_in_no_text_while_they_are_in_use(connection: Connection, gate: Gate) -> None:
    with ExitStack() as stack:
        held = of(connection, stack)
        older = str(held.current()["access_token"])
        newer = str(held.renew(gate.renew)["access_token"])
        assert redact(f"{older} {newer}") == "••• •••"
    assert redact(newer) == newer


def test_only_what_can_be_a_token_is_kept_out_of_texts() -> None:
    tokens = {
        "a": "x" * 16,
        "type": "bearer",
        "url": "https://api.example.org/v2",
        "scope": "read:a read:b read:c",
        "n": 1,
    }
    assert secret_values(tokens) == {"x" * 16}


def test_waiting_outlasts_a_call_of_half_a_minute(held: StoredAuthorization) -> None:
    """With the site's own limits whoever waits would give up after five seconds, and the call be cut off."""
    limits: dict[str, str] = {}

    def look(tokens: Tokens) -> Tokens:
        for name in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"):
            with database.cursor() as cursor:
                cursor.execute(f"SHOW {name}")
                limits[name] = cursor.fetchone()[0]
        return tokens

    held.renew(look)
    assert limits == {
        "lock_timeout": "40s",
        "statement_timeout": "45s",
        "idle_in_transaction_session_timeout": "90s",
    }


def test_sync_uses_what_was_allowed(connection: Connection, gate: Gate) -> None:
    run = synced(connection)
    assert (run.state, gate.renewals > 0, stored()) == ("succeeded", True, gate.pair)


def test_sync_that_needs_a_person_says_where_to_connect(connection: Connection, gate: Gate) -> None:
    gate.trouble = ReconnectNeeded("The keeper has left.")
    run = synced(connection)
    step = run.items.filter(conference__isnull=False).first().steps.get(operation="attendance")
    assert (step.outcome, step.code, step.message) == ("failed", "reconnect_needed", "The keeper has left.")
    assert step.advice == advice(connection)


def synced(connection: Connection) -> SyncRun:
    run = account.request(connection, via="command", ring=False)
    worker.work(run.pk)
    run.refresh_from_db()
    return run
