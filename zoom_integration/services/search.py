"""What a search of an account knows while it goes on: its bounds, what it has told, whom it had to leave out."""

from collections.abc import Callable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, TypeGuard

from conferences.providers.base import Span
from conferences.providers.errors import (
    Blocked,
    CredentialsRefused,
    DailyLimit,
    LicenceMissing,
    Missing,
    ProviderError,
    Rejected,
    Retryable,
)
from conferences.providers.records import ConferenceRecord, FlawRecord, Notice, Problem, Record
from zoom_integration.client import Raw, ZoomClient
from zoom_integration.parsers import occurrences
from zoom_integration.parsers.occurrences import Occurrence
from zoom_integration.scopes import is_personal

DAY = timedelta(days=1)
# Answers that mean: not here, or not for us. Anything else broke.
REFUSALS = (Blocked, Missing, Rejected)
# So many faults in a row, each after all its retries: Zoom is down, and asking for the rest would take hours.
_MANY_FAULTS = 3
_MANY_NAMES = 50
# A list that Zoom lost its place in was broken off: that refuses nothing.
_LOST = "page_token_expired"


@dataclass
class Search:
    """What goes on, and what has become of it.

    kinds     webinar, meeting or both
    answered  whether Zoom has given out any list so far
    unasked   what the history listed of a kind that was not asked for
    runs      by kind and number, those of the series that had to be looked into
    """

    client: ZoomClient
    span: Span
    kinds: tuple[str, ...]
    now: datetime
    answered: bool = False
    unasked: set[str] = field(default_factory=set)
    runs: dict[tuple[str, str], list[Occurrence]] = field(default_factory=dict)
    _uuids: set[str] = field(default_factory=set)
    _faults: int = 0
    _left_out: dict[tuple[type[ProviderError], str, str], tuple[ProviderError, list[str]]] = field(default_factory=dict)

    def gather(self, ask: Callable[..., Iterator[Raw]], *asked: Any) -> tuple[list[Raw], ProviderError | None]:
        """A list to its end, or what its good pages gave and what ended it. Page tokens do not wait for slow work."""
        found: list[Raw] = []
        try:
            for row in ask(*asked):
                found.append(row)  # noqa: PERF402 - what came before an error stays
        except ProviderError as error:
            return found, error
        self.answered, self._faults = True, 0
        return found, None

    def broke(self, error: ProviderError) -> Problem:
        """One part failed and the rest goes on, unless there is no point in it: then the error is raised."""
        self._faults += isinstance(error, Retryable)
        if isinstance(error, CredentialsRefused | DailyLimit) or self._faults >= _MANY_FAULTS:
            raise error
        return Problem(error)

    def new(self, record: ConferenceRecord | None) -> Iterator[Record]:
        """The record, within the span and once: whoever comes first knows most. A guessed start proves nothing."""
        if record is None or record.external_id in self._uuids:
            return
        if "starts_at" in record.guessed or self.holds(record.starts_at):
            self._uuids.add(record.external_id)
            yield record

    def run(self, record: ConferenceRecord | None, raw: Raw, wrong: list[str]) -> Iterator[Record]:
        """A run that took place; what is wrong with its row is told beside it."""
        if record and record.external_id in self._uuids:
            return
        told = list(self.new(record))
        yield from told
        if wrong and (told or record is None):
            yield flaw(record, raw, wrong)

    def holds(self, moment: datetime) -> bool:
        after = self.span.starts_at is None or moment >= self.span.starts_at
        return after and (self.span.ends_at is None or moment < self.span.ends_at)

    def lacks(self, refusal: ProviderError, instead: str) -> Notice | Problem:
        """What may not be read and is only in part made up for. To apps that each user manages for themselves Zoom
        closes it, which nobody can change."""
        text = f"{refusal.message} {instead}"
        if is_personal(self.client.scopes()):
            return Notice(text, "warning", refusal.code)
        return Problem(retold(refusal, text))

    def leave_out(self, who: str, error: ProviderError) -> None:
        _, names = self._left_out.setdefault((type(error), error.message, error.code), (error, []))
        names.append(who)

    def left_out(self) -> Iterator[Notice | Problem]:
        """Everybody by name, each reason once. What lies with the host is no fault of the connection."""
        for error, names in self._left_out.values():
            text = f"{_hosts(list(dict.fromkeys(names)))} left out: {error.message}"
            if isinstance(error, LicenceMissing | Missing) or _cannot_host(error):
                yield Notice(text, "warning", f"host_{error.code}")
            else:
                yield Problem(retold(error, text))


def is_refused(error: ProviderError | None, rows: Sequence[Raw]) -> TypeGuard[ProviderError]:
    """Whether Zoom gives out none of a list; what came after some of it broke the list off."""
    return isinstance(error, REFUSALS) and not rows and error.code != _LOST


def _cannot_host(error: ProviderError) -> bool:
    """Told of the host, and not of us: a 403 says that we may not look, and is never success."""
    return error.code == "host_restricted" and error.status != HTTPStatus.FORBIDDEN


def _hosts(names: list[str]) -> str:
    more = f" and {len(names) - _MANY_NAMES} more" if len(names) > _MANY_NAMES else ""
    return f"Host {names[0]} was" if len(names) == 1 else f"Hosts {', '.join(names[:_MANY_NAMES])}{more} were"


def retold(error: ProviderError, text: str) -> ProviderError:
    """The same refusal, with whom it is about or what follows from it."""
    told = copy(error)
    told.message, told.args = text, (text,)
    return told


def flaw(record: ConferenceRecord | None, raw: Raw, wrong: list[str]) -> FlawRecord:
    key = record.external_id if record else occurrences.mark(raw)
    about = record.title if record else str(raw.get("topic") or "")
    return FlawRecord(key, tuple(wrong), raw, about, stored=record is not None)
