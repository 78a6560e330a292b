"""What is a connection permitted to do?"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, replace
from typing import Any

from django.utils import timezone

from conferences.models import Conference, Connection, SyncStep
from conferences.patience import TookTooLong, within
from conferences.providers.base import Check, Link, ProviderConfig
from conferences.providers.errors import ProviderError, Unreachable
from conferences.providers.redaction import guarding, redact
from conferences.sync.authorization import authorization_of
from conferences.sync.database import resilient
from conferences.sync.shared_tokens import tokens_of
from conferences.sync.target import target_of
from conferences.wording import listed

PERMITTED, UNKNOWN = "permitted", "unknown"
# By state: what is said of some operations, and what of all.
CONCLUSIONS = {
    "blocked": ("Not permitted:", "Nothing is permitted."),
    "failed": ("The check failed for", "The check failed for every operation."),
    UNKNOWN: ("Could not be checked:", "Nothing could be checked."),
}


def check(
    connection: Connection,
    within_seconds: float | None = None,
    *,
    cause: str = "",
    example: Conference | None = None,
    watch: Callable[[], bool] = lambda: False,
) -> list[Check]:
    """Asks the provider, and stores the answer. Raises Undecryptable, UnknownProvider, Cancelled.

    Whatever it has not answered when the time is up is told as such; without a limit it takes what it takes.

    cause    why, in a few words that follow “Checked … ago: ”
    example  the conference to try things out on; one is found where none is given
    watch    as in `within`
    """
    config, credentials, began_at = connection.config, connection.credentials.reveal(), timezone.now()
    example = example or resilient(lambda: telling_conference(connection))
    link = Link(example=resilient(lambda: target_of(example, config)) if example else None)
    checks: list[Check] = []

    def ask() -> None:
        checks.extend(_asked(connection, config, credentials, link))

    try:
        ask() if within_seconds is None else within(within_seconds, link, ask, watch)
    except TookTooLong:
        checks = [*checks, *_unanswered(config, {line.operation for line in checks}, within_seconds or 0)]
    connection.checks, connection.check_cause = [as_stored(line) for line in checks], cause[:200]
    connection.checked_at, connection.check_began_at = timezone.now(), began_at
    resilient(lambda: connection.save(update_fields=["checks", "check_cause", "checked_at", "check_began_at"]))
    return checks


def as_stored(line: Check) -> dict[str, Any]:
    return {**asdict(line), "steps": list(line.steps)}


def conclusion(lines: Iterable[tuple[str, str]]) -> str:
    """What the lines come to, each an operation with its state: “Not permitted: chat. Could not be checked: polls.”"""
    found: dict[str, list[str]] = {}
    for operation, state in lines:
        found.setdefault(state, []).append(operation)
    told = (
        everything if len(found) == 1 else f"{words} {listed(found[state])}."
        for state, (words, everything) in CONCLUSIONS.items()
        if state in found
    )
    return " ".join(told) or "Everything is permitted."


def in_a_sentence(checks: Sequence[Check]) -> str:
    """What a check has found: “recordings lacks Recordings.Read.All; chat: The licence is missing.”"""
    findings: dict[tuple[str, str], list[str]] = {}
    for line in checks:
        if line.state != PERMITTED:
            lacking = ", ".join(line.missing)
            findings.setdefault((lacking, "" if lacking else line.message.rstrip(".")), []).append(line.operation)
    told = [_finding(names, *what, everywhere=len(names) == len(checks)) for what, names in findings.items()]
    return f"{'; '.join(told) or 'everything is permitted'}."


def _finding(operations: list[str], lacking: str, message: str, *, everywhere: bool) -> str:
    who = ", ".join(operations)
    if lacking:
        return f"{who} {'lacks' if len(operations) == 1 else 'lack'} {lacking}"
    return message if everywhere else f"{who}: {message}"


def telling_conference(connection: Connection) -> Conference | None:
    """Where something was refused last, so that a remedy shows; else the newest of which much is known."""
    refused = SyncStep.objects.filter(item__run__connection=connection, outcome=SyncStep.Outcome.BLOCKED)
    step = refused.exclude(item__conference=None).select_related("item__conference").order_by("-id").first()
    if step:
        return step.item.conference
    begun = Conference.objects.filter(connection=connection, starts_at__lte=timezone.now())
    return begun.exclude(join_url="", organizer="").order_by("-starts_at").first()


def _asked(connection: Connection, config: ProviderConfig, credentials: dict[str, str], link: Link) -> Iterator[Check]:
    with ExitStack() as stack:
        stack.enter_context(guarding(*config.secrets(credentials)))
        authorization = authorization_of(connection, config, credentials, stack)
        try:
            if authorization:
                authorization.current()
        except ProviderError as error:
            yield from _all(config, error)
            return
        needs = {operation.name: operation.permissions for operation in config.operations}
        signed_in = replace(link, authorization=authorization, tokens=tokens_of(connection, stack))
        for line in config.check(credentials, signed_in):
            yield replace(
                line,
                message=redact(line.message),
                advice=redact(line.advice),
                probe=redact(line.probe),
                needs=line.needs or needs.get(line.operation, ()),
            )


def _all(config: ProviderConfig, error: ProviderError) -> Iterator[Check]:
    """Where the provider need not be asked at all."""
    return (Check.refused(operation.name, error, needs=operation.permissions) for operation in config.operations)


def _unanswered(config: ProviderConfig, answered: set[str], seconds: float) -> list[Check]:
    error = Unreachable(f"{config.verbose_name} did not answer within {seconds:.0f} seconds.", code="no_answer")
    return [line for line in _all(config, error) if line.operation not in answered]
