"""The stretches in which Zoom's reports may be asked for: a month at most. Which of them it refuses, and why."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from conferences.providers.errors import ProviderError
from conferences.providers.records import Problem
from zoom_integration.services.search import DAY, Search, retold

# No longer than any month.
_MONTH = timedelta(days=28)
# What Zoom says to days that it keeps no reports of any more; of so many it certainly does.
_TOO_OLD = frozenset({"invalid_parameter", "report_expired"})
_CERTAIN = timedelta(days=150)


def months(search: Search, reach: timedelta) -> Iterator[tuple[date, date]]:
    """Four weeks each, newest first, both days included. They share their outer days, and reach a day further than
    asked, since nobody knows whose midnight Zoom means."""
    span, oldest = search.span, search.now - reach
    until = min(search.now, span.ends_at + DAY) if span.ends_at else search.now
    since = max(span.starts_at - DAY, oldest) if span.starts_at else oldest
    while until > since:
        first = max(until - _MONTH, since)
        yield first.date(), until.date()
        until = first


@dataclass(slots=True)
class Gap:
    """Stretches that Zoom refused one after the other. Something further back makes a hole of them, and nothing further
    back the end of its memory, if that is what its refusal says."""

    search: Search
    refused: list[tuple[date, ProviderError]] = field(default_factory=list)

    def add(self, last: date, error: ProviderError) -> None:
        self.refused.append((last, error))

    def hole(self) -> Iterator[Problem]:
        """What may not be read is never passed off as nothing there."""
        for last, error in self.refused:
            text = f"Of the four weeks before {last:%d %B %Y} Zoom gives out nothing. {error.message}"
            yield self.search.broke(retold(error, text))
        self.refused.clear()

    def end(self) -> Iterator[Problem]:
        """Nothing if this is but the end of Zoom's memory."""
        if self.refused and not self.is_end_of_memory:
            yield from self.hole()

    @property
    def is_end_of_memory(self) -> bool:
        if not self.refused:
            return False
        newest = self.refused[0][0]
        too_old = all(error.code in _TOO_OLD for _, error in self.refused)
        return too_old and newest <= (self.search.now - _CERTAIN).date()
