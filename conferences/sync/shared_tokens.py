"""A connection's own token, as a row that all its workers share: a new token may end the older ones."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

from django.db.models import QuerySet

from conferences.models import Connection, SharedToken
from conferences.models.fields import Undecryptable
from conferences.providers.authorization import Tokens
from conferences.sync.authorization import TokenGuard, be_patient
from conferences.sync.database import own_connection, resilient


@dataclass(frozen=True, slots=True)
class StoredTokens:
    """The engine's side of `providers.authorization.SharedTokens`. Not to be renewed within a transaction."""

    connection: Connection
    guard: TokenGuard

    def current(self) -> Tokens:
        with own_connection():
            return self._revealed(resilient(lambda: self._rows().first()))

    def renew(self, renewed: Callable[[Tokens], Tokens]) -> Tokens:
        with own_connection():
            resilient(self._ensure)
            return resilient(lambda: self._renew(renewed))

    def _ensure(self) -> None:
        """There must be a row before it can be locked."""
        if not self._rows().exists():
            SharedToken.objects.bulk_create([SharedToken(connection=self.connection)], ignore_conflicts=True)

    def _renew(self, renewed: Callable[[Tokens], Tokens]) -> Tokens:
        be_patient()
        row = self._rows().select_for_update().get()
        before = self._revealed(row)
        newer = renewed(before)
        if newer != before:
            self.guard.watch(newer)
            row.tokens = dict(newer)
            row.save()
        return newer

    def _revealed(self, row: SharedToken | None) -> Tokens:
        """What no key opens any more is no loss: whoever needs a token signs in again."""
        try:
            tokens = row.tokens.reveal() if row else {}
        except Undecryptable:
            return {}
        self.guard.watch(tokens)
        return tokens

    def _rows(self) -> "QuerySet[SharedToken]":
        return SharedToken.objects.filter(connection=self.connection)


def tokens_of(connection: Connection, stack: ExitStack) -> StoredTokens:
    """Guarded until the stack is closed."""
    return StoredTokens(connection, TokenGuard(stack))
