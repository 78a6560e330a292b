"""Every error of a run, kept as often as it occurred: what another try overcame, and what ended an operation or a part.

Without whom it was about, what anybody wrote, or anything that opens a door.
"""

import logging
import traceback
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from django.utils import timezone

from conferences.models import ErrorClass, SyncError, SyncItem
from conferences.providers.anonymity import anonymous, anonymous_quote
from conferences.providers.errors import ProviderError
from conferences.providers.records import Problem, Record
from conferences.providers.retry import Retried
from conferences.providers.text import clean
from conferences.sync.store.fitting import bounded

logger = logging.getLogger(__name__)

OURS = "conferences."
LONGEST_TEXT = 2_000
STATUSES = range(100, 1000)
# How many tries after the same error the log tells one by one, and then every how manieth. Of a whole account's
# thousands of items each tells the first alone.
TOLD_EACH, TOLD_EACH_OF_MANY, THEN_EVERY = 4, 1, 10


@dataclass(frozen=True, slots=True)
class Trouble:
    """One error as it is kept. `context`: topic, path without whom it named, and the try at which it was met."""

    error_class: str
    code: str
    message: str
    status: int | None = None
    provider_code: str = ""
    request_id: str = ""
    detail: str = ""
    context: dict[str, Any] = field(default_factory=dict, compare=False)
    ended_step: bool = True

    @property
    def key(self) -> dict[str, Any]:
        """What makes two of them the same one in an operation of an item."""
        names = ("error_class", "code", "status", "provider_code", "ended_step")
        return {name: bounded(SyncError._meta.get_field(name), getattr(self, name)) for name in names}


def told_by(error: ProviderError, *, ended_step: bool = True) -> Trouble:
    met = error.circumstances
    context = {"topic": met.topic, "path": met.path, "try": met.tries} if met else {}
    return Trouble(
        error.error_class,
        clean(error.code),
        _bounded(anonymous(error.message)),
        error.status if error.status in STATUSES else None,
        anonymous_quote(clean(error.provider_code)),
        clean(error.request_id),
        _bounded(anonymous_quote(error.detail)),
        {name: value for name, value in context.items() if value},
        ended_step,
    )


def of_our_own(code: str, message: str, error: BaseException) -> Trouble:
    """Its kind and place; what it says may hold values of anybody's."""
    detail = f"{type(error).__name__}{_place(error.__traceback__)}"
    return Trouble(ErrorClass.INTERNAL, code, _bounded(anonymous(message)), detail=detail)


def _place(trace: TracebackType | None) -> str:
    """The innermost line of ours that led to it, else the innermost one."""
    places = [(frame.f_globals.get("__name__", "?"), line) for frame, line in traceback.walk_tb(trace)]
    ours = [place for place in places if place[0].startswith(OURS)]
    return " at {}:{}".format(*(ours or places)[-1]) if places else ""


def _bounded(text: str) -> str:
    return clean(text)[:LONGEST_TEXT]


def _line(record: Problem | Retried, times: int, told_each: int) -> str:
    if isinstance(record, Problem) or (times > told_each and times % THEN_EVERY):
        return ""
    return record.text if times <= told_each else f"{record.text} So far it was tried again {times} times."


class ErrorStore:
    """The errors of one operation of one item. Call it inside a transaction that has proved the lease."""

    def __init__(self, item: SyncItem, operation: str) -> None:
        self._item = item
        self._operation = operation

    def hear(self, records: Iterable[Record]) -> list[str]:
        """Keeps what ended a part and what was tried again. Returns the lines that the log should have of these."""
        errors = [record for record in records if isinstance(record, Problem | Retried)]
        troubles = [told_by(each.error, ended_step=isinstance(each, Problem)) for each in errors]
        told = (_line(each, times, self._told_each) for each, times in zip(errors, self.keep(troubles), strict=True))
        return [line for line in told if line]

    @property
    def _told_each(self) -> int:
        return TOLD_EACH if self._item.run.conference_id else TOLD_EACH_OF_MANY

    def keep(self, troubles: Sequence[Trouble]) -> list[int]:
        """Returns for each the how manieth of its kind it was."""
        alike: dict[tuple[Any, ...], list[int]] = {}
        for index, trouble in enumerate(troubles):
            self._log(trouble)
            alike.setdefault(tuple(trouble.key.values()), []).append(index)
        ordinals = [0] * len(troubles)
        for indexes in alike.values():
            before = self._add(troubles[indexes[-1]], len(indexes))
            for ordinal, index in enumerate(indexes, before + 1):
                ordinals[index] = ordinal
        return ordinals

    @staticmethod
    def _log(trouble: Trouble) -> None:
        """Also each of those that the run's own log tells only now and then."""
        level = logging.WARNING if trouble.ended_step else logging.INFO
        names = ("error_class", "code", "status", "provider_code", "detail")
        told = {**trouble.context, **{name: getattr(trouble, name) for name in names}}
        logger.log(
            level, "%s: %s", trouble.code, trouble.message, extra={**told, "provider_request_id": trouble.request_id}
        )

    def _add(self, newest: Trouble, times: int) -> int:
        """The lease lets nobody else write for this item. Returns how often it had occurred before."""
        now = timezone.now()
        scope = {"run_id": self._item.run_id, "item": self._item, "operation": self._operation, **newest.key}
        first = {"connection_id": self._item.run.connection_id, "times": 0, "first_at": now, "last_at": now}
        row, _ = SyncError.objects.get_or_create(**scope, defaults=first)
        before = row.times
        row.times, row.last_at = before + times, now
        row.message, row.detail, row.context = newest.message, newest.detail, newest.context
        row.request_id = newest.request_id[:128] or row.request_id
        row.save()
        return before
