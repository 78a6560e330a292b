"""Promise: all who work on a connection use one token, and only one of them asks for the next."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Barrier, Thread

import pytest
from cryptography.fernet import Fernet
from django.db import connection as database
from pytest_django import Settings

from conferences.models import Connection, SharedToken
from conferences.providers.authorization import Tokens
from conferences.providers.errors import Unreachable
from conferences.providers.redaction import redact
from conferences.sync.shared_tokens import StoredTokens, tokens_of

pytestmark = pytest.mark.django_db(transaction=True)

FIRST, SECOND = {"access_token": "the-first-of-two-tokens"}, {"access_token": "the-second-of-two-tokens"}


@pytest.fixture
def connection(campus: None, transactional_db: None) -> Connection:
    return Connection.objects.create(provider="campus", name="Campus", credentials={"script": "quick", "key": "k"})


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def shared(connection: Connection, stack: ExitStack) -> StoredTokens:
    return tokens_of(connection, stack)


def stored() -> Tokens:
    return SharedToken.objects.get().tokens.reveal()


def test_there_are_none_at_first(shared: StoredTokens) -> None:
    assert (shared.current(), SharedToken.objects.count()) == ({}, 0)


def test_what_was_got_is_stored_sealed(shared: StoredTokens) -> None:
    before: list[Tokens] = []
    assert shared.renew(lambda tokens: before.append(tokens) or FIRST) == FIRST == shared.current() == stored()
    assert before == [{}]
    assert FIRST["access_token"] not in SharedToken.objects.get().tokens.token


def test_connections_share_nothing(shared: StoredTokens, stack: ExitStack) -> None:
    shared.renew(lambda _: FIRST)
    other = Connection.objects.create(provider="campus", name="Other", credentials={"script": "quick", "key": "k"})
    assert tokens_of(other, stack).current() == {}


def test_many_who_need_one_at_once_ask_once(connection: Connection, stack: ExitStack) -> None:
    """Also when there is no row yet that could be locked."""
    asked, start = list[Tokens](), Barrier(4)

    def unless_there(tokens: Tokens) -> Tokens:
        if not tokens:
            asked.append(FIRST)
        return tokens or FIRST

    def renew(_: int) -> Tokens:
        start.wait(10)
        return tokens_of(connection, stack).renew(unless_there)

    with ThreadPoolExecutor(4) as workers:
        assert list(workers.map(renew, range(4))) == [FIRST] * 4
    assert (asked, stored()) == ([FIRST], FIRST)


def test_failed_call_changes_nothing(shared: StoredTokens) -> None:
    shared.renew(lambda _: FIRST)

    def failing(_: Tokens) -> Tokens:
        raise Unreachable("The campus does not answer.")

    with pytest.raises(Unreachable):
        shared.renew(failing)
    assert stored() == FIRST


def test_lost_key_costs_a_sign_in_and_no_more(shared: StoredTokens, settings: Settings) -> None:
    shared.renew(lambda _: FIRST)
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    assert shared.current() == {}
    assert shared.renew(lambda tokens: tokens or SECOND) == SECOND == stored()


def test_tokens_are_in_no_text_while_they_are_in_use(connection: Connection) -> None:
    older, newer = FIRST["access_token"], SECOND["access_token"]
    with ExitStack() as stack:
        shared = tokens_of(connection, stack)
        shared.renew(lambda _: FIRST)
        shared.renew(lambda _: SECOND)
        assert redact(f"{older} {newer}") == "••• •••"
    assert redact(f"{older} {newer}") == f"{older} {newer}"


def test_thread_leaves_no_database_connection_behind(shared: StoredTokens) -> None:
    left: list[object] = []

    def fetch() -> None:
        shared.renew(lambda _: FIRST)
        shared.current()
        left.append(database.connection)

    thread = Thread(target=fetch)
    thread.start()
    thread.join()
    assert left == [None]
