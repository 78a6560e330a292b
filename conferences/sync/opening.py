"""From an item to a session with its provider: for one conference, or for the search of a whole account."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace

from conferences.models import Connection, SyncItem
from conferences.models.fields import Undecryptable
from conferences.providers.base import Link, ProviderConfig, Session, Span
from conferences.providers.errors import NotConfigured
from conferences.providers.records import Notice, Problem, Record, Widened
from conferences.providers.redaction import guarding
from conferences.providers.registry import UnknownProvider
from conferences.sync import account
from conferences.sync.authorization import authorization_of
from conferences.sync.database import resilient
from conferences.sync.shared_tokens import tokens_of
from conferences.sync.target import target_of

LIFTED = "What an earlier search was refused may be read now, so what it may have missed is looked for as well."


@dataclass(frozen=True, slots=True)
class Search:
    """Listens to a provider that lists the conferences of an account, as if that were an operation like any other.

    hidden  the search after which this one begins was refused something
    """

    config: ProviderConfig
    credentials: dict[str, str]
    span: Span
    link: Link
    hidden: bool = False

    def fetch(self, operation: str) -> Iterator[Record]:  # noqa: ARG002 - there is only this one
        """Where nothing is refused any more, what was hidden from earlier searches is looked for as well."""
        lacking = False
        for record in self._discovered(self.span):
            lacking |= isinstance(record, Problem)
            yield record
        if self.hidden and not lacking:
            yield Notice(LIFTED, code="search_widened")
            yield Widened()
            yield from self._discovered(Span(None, self.span.starts_at))

    def _discovered(self, span: Span) -> Iterator[Record]:
        return self.config.discover(self.credentials, span, self.link)


def opened(item: SyncItem, link: Link, stack: ExitStack) -> tuple[ProviderConfig, Session]:
    """Raises ProviderError, here only for what is wrong on our own side, and InvalidInput for odd credentials."""
    config, credentials = _unsealed(item.run.connection)
    stack.enter_context(guarding(*config.secrets(credentials)))
    allowed = authorization_of(item.run.connection, config, credentials, stack)
    link = replace(link, authorization=allowed, tokens=tokens_of(item.run.connection, stack))
    conference = item.conference
    if conference is None:
        span = Span(item.run.span_starts_at, item.run.span_ends_at)
        hidden = resilient(lambda: account.begins_after_a_refusal(item.run))
        return config, Search(config, credentials, span, link, hidden)
    target = resilient(lambda: target_of(conference, config))
    return config, stack.enter_context(config.open(credentials, target, link))


def _unsealed(connection: Connection) -> tuple[ProviderConfig, dict[str, str]]:
    try:
        return connection.config, connection.credentials.reveal()
    except UnknownProvider as error:
        raise NotConfigured("This conference's provider is no longer installed.", advice=str(error)) from error
    except Undecryptable as error:
        raise NotConfigured(
            "The stored credentials of this connection cannot be read.", code="undecryptable", advice=str(error)
        ) from error
