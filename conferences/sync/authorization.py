"""What a person allowed, as a row: read, renewed under its lock, ended, forgotten.

These rows and those of `shared_tokens` are the only ones that a fetching thread touches. It cannot leave them to the
storing thread: newer tokens have to be stored before anybody uses them, and while they are asked for nobody else may.
"""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import connection as database
from django.db.models import Model, QuerySet
from django.utils import timezone

from conferences.models import Authorization, Connection
from conferences.models.fields import Undecryptable
from conferences.providers.authorization import Granted, Tokens
from conferences.providers.base import ProviderConfig
from conferences.providers.errors import NotConfigured, ReconnectNeeded
from conferences.providers.redaction import guarding
from conferences.providers.text import clean
from conferences.public import public_url
from conferences.sync import events
from conferences.sync.database import own_connection, resilient
from conferences.sync.store.fitting import bounded

# Whoever renews may take half a minute for the call, and the next one waits for it.
PATIENT = (
    "SET LOCAL lock_timeout = '40s'; SET LOCAL statement_timeout = '45s'; "
    "SET LOCAL idle_in_transaction_session_timeout = '90s'"
)
# Shorter values are no tokens, and would blot out ordinary words.
SHORTEST_TOKEN = 16


@dataclass(slots=True)
class TokenGuard:
    """Keeps every token that was seen out of all texts until the stack is closed."""

    stack: ExitStack
    seen: set[str] = field(default_factory=set)

    def watch(self, tokens: Tokens) -> None:
        unseen = secret_values(tokens) - self.seen
        self.stack.enter_context(guarding(*unseen))
        self.seen |= unseen


def secret_values(tokens: Tokens) -> set[str]:
    """Which of them must never be shown; what is an address or words is something else that was kept with them."""
    texts = {value for value in tokens.values() if isinstance(value, str)}
    return {text for text in texts if len(text) >= SHORTEST_TOKEN and " " not in text and "://" not in text}


@dataclass(frozen=True, slots=True)
class Renewed:
    """What a provider gave for which tokens: those of this authorisation, as old as this."""

    tokens: Tokens
    connected_at: datetime
    renewed_at: datetime

    def is_next_of(self, row: Authorization) -> bool:
        """Whether it still follows what is stored. A worker that asked as well meanwhile, and was refused, has ended
        an authorisation that these tokens keep alive."""
        return row.connected_at == self.connected_at and (not row.is_live or row.renewed_at == self.renewed_at)


@dataclass(frozen=True, slots=True)
class StoredAuthorization:
    """The engine's side of `providers.authorization.Authorization`. Not to be renewed within a transaction."""

    connection: Connection
    guard: TokenGuard

    @property
    def account(self) -> str:
        return self.connection.account

    def current(self) -> Tokens:
        with own_connection():
            return self._tokens(resilient(lambda: self._rows().first()))

    def renew(self, renewed: Callable[[Tokens], Tokens]) -> Tokens:
        got: list[Renewed] = []
        with own_connection():
            outcome = resilient(lambda: self._renew(renewed, got))
        if isinstance(outcome, ReconnectNeeded):
            raise outcome
        return outcome

    def _renew(self, renewed: Callable[[Tokens], Tokens], got: list[Renewed]) -> Tokens | ReconnectNeeded:
        """When the database fails after the call, the transaction is repeated but the call is not: the provider has
        already forgotten the older tokens. An end is returned rather than raised, so that it is committed."""
        be_patient()
        row = self._rows().select_for_update().first()
        if row is None or not got or not got[-1].is_next_of(row):
            before = self._tokens(row)
            assert row is not None  # noqa: S101 - without a row there are no tokens
            try:
                newer = renewed(before)
            except ReconnectNeeded as error:
                return self._end(row, error)
            if newer == before:
                return before
            got.append(Renewed(newer, row.connected_at, row.renewed_at))
        return self._store(row, got[-1].tokens)

    def _store(self, row: Authorization, tokens: Tokens) -> Tokens:
        self.guard.watch(tokens)
        row.tokens, row.renewed_at = dict(tokens), timezone.now()
        row.ended_at, row.ended_reason = None, ""
        row.save()
        return tokens

    def _end(self, row: Authorization, error: ReconnectNeeded) -> ReconnectNeeded:
        row.tokens, row.ended_at = {}, timezone.now()
        row.ended_reason = events.presentable(error.message)
        row.save()
        _uncheck(self.connection)
        error.advice = how_to_connect(self.connection)
        return error

    def _rows(self) -> "QuerySet[Authorization]":
        return Authorization.objects.filter(connection=self.connection)

    def _tokens(self, row: Authorization | None) -> Tokens:
        if row is None or not row.is_live:
            label = self.connection.config.verbose_name
            never = f"Nobody has connected this account with {label} yet."
            raise ReconnectNeeded(row.ended_reason if row else never, advice=how_to_connect(self.connection))
        try:
            tokens = row.tokens.reveal()
        except Undecryptable as error:
            raise NotConfigured(
                "What a person allowed for this connection cannot be read.",
                code="undecryptable",
                advice="Check that FIELD_ENCRYPTION_KEYS still lists the key that it was saved with. If the key is "
                f"lost: {how_to_connect(self.connection)}",
            ) from error
        self.guard.watch(tokens)
        return tokens


def authorization_of(
    connection: Connection, config: ProviderConfig, credentials: dict[str, str], stack: ExitStack
) -> StoredAuthorization | None:
    """None for connections that need nobody. Its tokens are guarded until the stack is closed."""
    return StoredAuthorization(connection, TokenGuard(stack)) if config.authorizes(credentials) else None


class OtherAccount(Exception):
    """What is stored was synced from one account, and what somebody has just allowed opens another."""


def keep(connection: Connection, granted: Granted, user: AbstractBaseUser) -> str:
    """In place of what was allowed before. Returns who had allowed that, "" when unknown.

    Raises OtherAccount, which leaves everything as it was.
    """
    now = timezone.now()
    longest = Authorization._meta.get_field("scopes").base_field.max_length
    values = {
        "tokens": dict(granted.tokens),
        "scopes": [scope[:longest] for scope in granted.scopes],
        "person": _fitting(Authorization, "person", granted.person),
        "connected_by_id": user.pk,
        "connected_at": now,
        "renewed_at": now,
        "ended_at": None,
        "ended_reason": "",
    }

    def unit() -> str:
        be_patient()
        # Whoever renews locks this row before the connection's.
        before = Authorization.objects.select_for_update().filter(connection=connection).first()
        _keep_account(connection, _fitting(Connection, "account", granted.account))
        Authorization.objects.update_or_create(connection=connection, defaults=values)
        return before.person if before else ""

    return resilient(unit)


def _keep_account(connection: Connection, account: str) -> None:
    """Another account, or one that is not told, takes the place of one from which nothing has come yet."""
    connection.refresh_from_db(fields=["account"], from_queryset=Connection.objects.select_for_update(no_key=True))
    if account != connection.account and connection.account and connection.conferences.exists():
        if account:
            raise OtherAccount
        return
    connection.account = account
    connection.save(update_fields=["account"])


def _fitting(model: type[Model], field: str, text: str) -> str:
    return str(bounded(model._meta.get_field(field), clean(text)))


def forget(connection: Connection, before: Callable[[Authorization], None]) -> None:
    """Deletes the row, after `before` has done what it needs the newest tokens for. That may happen twice."""

    def unit() -> None:
        be_patient()
        row = Authorization.objects.select_for_update().filter(connection=connection).first()
        if row is not None:
            before(row)
            row.delete()
            _uncheck(connection)

    resilient(unit)


def _uncheck(connection: Connection) -> None:
    """What was permitted is so no longer."""
    Connection.objects.filter(pk=connection.pk).update(checks=[], checked_at=None)


def how_to_connect(connection: Connection) -> str:
    label = connection.config.verbose_name
    address = public_url(connection.get_absolute_url())
    return f"Somebody who may allow it at {label} opens {address} and clicks “Connect {label}”."


def be_patient() -> None:
    """Inside a transaction: wait as long as whoever holds the row may take."""
    with database.cursor() as cursor:
        cursor.execute(PATIENT)
