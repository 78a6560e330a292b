"""What is a connection permitted to do?"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, replace

from django.utils import timezone

from conferences.models import Connection
from conferences.patience import TookTooLong, within
from conferences.providers.base import Check, Link, ProviderConfig
from conferences.providers.errors import ProviderError
from conferences.providers.redaction import guarding, redact
from conferences.sync.authorization import authorization_of

PERMITTED = "permitted"


def check(connection: Connection, within_seconds: float | None = None) -> list[Check]:
    """Asks the provider, and stores the answer. Raises Undecryptable, UnknownProvider.

    Whatever it has not answered when the time is up is told as such; without a limit it takes what it takes.
    """
    config, credentials, link = connection.config, connection.credentials.reveal(), Link()
    checks: list[Check] = []

    def ask() -> None:
        checks.extend(_asked(connection, config, credentials, link))

    try:
        ask() if within_seconds is None else within(within_seconds, link, ask)
    except TookTooLong:
        checks = [*checks, *_unanswered(config, {line.operation for line in checks}, within_seconds or 0)]
    connection.checks = [asdict(line) for line in checks]
    connection.checked_at = timezone.now()
    connection.save(update_fields=["checks", "checked_at"])
    return checks


def _asked(connection: Connection, config: ProviderConfig, credentials: dict[str, str], link: Link) -> Iterator[Check]:
    with ExitStack() as stack:
        stack.enter_context(guarding(*config.secrets(credentials)))
        authorization = authorization_of(connection, config, credentials, stack)
        try:
            if authorization:
                authorization.current()
        except ProviderError as error:
            yield from _all(config, error.outcome, error.message, error.advice)
            return
        for line in config.check(credentials, replace(link, authorization=authorization)):
            yield replace(line, message=redact(line.message), advice=redact(line.advice))


def _all(config: ProviderConfig, state: str, message: str, advice: str) -> Iterator[Check]:
    """Where the provider need not be asked at all."""
    return (Check(operation.name, state, message, advice=advice) for operation in config.operations)


def _unanswered(config: ProviderConfig, answered: set[str], seconds: float) -> list[Check]:
    message = f"{config.verbose_name} did not answer within {seconds:.0f} seconds."
    lines = _all(config, "failed", message, "Check again in a while.")
    return [line for line in lines if line.operation not in answered]
