"""One step's rows: begun, filled batch by batch, closed and ended, always under the lease."""

import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import DataError, IntegrityError
from django.db.models.functions import Now
from django.utils import timezone

from conferences import decisions
from conferences.models import SyncItem, SyncStep
from conferences.providers.base import ProviderConfig
from conferences.providers.records import FlawRecord, Notice, Problem, Record
from conferences.providers.retry import Retried
from conferences.providers.stats import Stats
from conferences.sync import events
from conferences.sync.database import resilient
from conferences.sync.errors import ErrorStore
from conferences.sync.lease import Lease
from conferences.sync.store import ConferenceStore, StepStore
from conferences.sync.store.fitting import bounded
from conferences.sync.validation import flaw_of, refusal, sift
from conferences.sync.verdict import Finding, Verdict, senseless

FIGURES = ("operation", "outcome", "code", "requests", "retries", "throttled", "waited_seconds")
FATES = ("created", "updated", "unchanged")
UNSTORABLE = "refused by the database"
LEVELS = {"synced": "info", "no_data": "info", "blocked": "warning", "failed": "error"}


class StepRun:
    """`config` is None when the provider could not even be opened: then the step can only end.

    stats  counts what the item costs: what is added to it from now on is this step's part
    """

    def __init__(
        self,
        step: SyncStep,
        item: SyncItem,
        config: ProviderConfig | None,
        lease: Lease,
        stats: Stats | None = None,
    ) -> None:
        self._row = step
        self._stats = stats or Stats()
        # What earlier workers spent on this step goes on counting.
        self._spent = {name: getattr(step, name) - count for name, count in self._stats.counts().items()}
        self._began = time.monotonic()
        self._item = item
        self._lease = lease
        self._errors = ErrorStore(item, step.operation)
        self._store: StepStore | ConferenceStore | None = None
        self.operation = step.operation
        self.label = step.operation.capitalize()
        if config is not None and item.conference is None:
            self._store = ConferenceStore(item.run, config, step.operation)
        elif config is not None and item.conference is not None:
            seen_at = item.run.started_at or item.run.created_at
            self._store = StepStore(item.conference, config, step.operation, seen_at)
            self.label = config.operation(step.operation).label

    @property
    def items(self) -> int:
        return self._row.items

    @property
    def figures(self) -> dict[str, str | int | float]:
        """How it went, for programs: its rows and costs with those of earlier workers, its seconds without."""
        told = {name: getattr(self._row, name) for name in FIGURES}
        told |= {"rows": self._row.items, **{f"rows_{fate}": getattr(self._row, fate) for fate in FATES}}
        return {**told, "seconds": round(time.monotonic() - self._began, 3)}

    def begin(self) -> None:
        def unit() -> None:
            self._lease.fence()
            SyncStep.objects.filter(pk=self._row.pk).update(started_at=Now())
            self._log(f"{self.label}: asking {self._item.run.connection.config.verbose_name}.")

        resilient(unit)

    def store(self, batch: Sequence[Record]) -> list[Record]:
        """Stores a batch with its counts in one transaction. Returns what the verdict should hear."""
        mark: Any = self._open_store().tally.mark()

        def unit() -> list[Record]:
            self._open_store().tally.back_to(mark)
            return self._store_batch(batch)

        return resilient(unit)

    def _store_batch(self, batch: Sequence[Record]) -> list[Record]:
        self._lease.fence()
        sound = sift(batch, timezone.now())
        heard = [*sound, *self._store_records(sound)]
        for text in self._errors.hear(heard):
            self._log(text, code="retry")
        for record in heard:
            if isinstance(record, Notice) and not isinstance(record, Retried):
                self._log(record.text, level=record.level, code=record.code)
            elif isinstance(record, Problem):
                level = LEVELS[record.error.outcome]
                self._log(f"{self.label}: {record.error.message}", level=level, code=record.error.code)
        self.save_counts()
        return heard

    def _store_records(self, batch: Sequence[Record]) -> list[Problem]:
        """Should the database refuse the batch, its records go in one by one, so that only the culprit is left out."""
        store = self._open_store()
        try:
            store.store(batch)
        except (DataError, IntegrityError, ValueError):
            return [problem for record in batch if (problem := self._store_alone(store, record))]
        return []

    @staticmethod
    def _store_alone(store: StepStore | ConferenceStore, record: Record) -> Problem | None:
        try:
            store.store([record])
        except (DataError, IntegrityError, ValueError) as error:
            if not isinstance(record, FlawRecord):
                store.store([flaw_of(record, [UNSTORABLE], stored=False)])
            # Further lines repeat the row.
            return refusal(record, f"{type(error).__name__}: {error}".partition("\n")[0])
        return None

    def close(self, *, clean: bool) -> None:
        """The listing ended by itself."""

        def unit() -> None:
            self._lease.fence()
            self._open_store().close(clean=clean)

        resilient(unit)

    def match(self) -> None:
        """Lets the rules decide who the people are that this step has listed."""

        def unit() -> None:
            self._lease.fence()
            if self._item.conference is not None:
                decisions.apply_matching(self._item.conference)

        if self._open_store().source:
            resilient(unit)

    def keep(self, verdict: Verdict) -> None:
        """Saves the counts of a step that is interrupted, and will be gone on with, and what interrupted it."""

        def unit() -> None:
            self._lease.fence()
            self.save_counts()
            self._errors.keep(verdict.troubles)

        resilient(unit)

    def end(self, verdict: Verdict) -> None:
        """Gives the step its one outcome. Raises LeaseLost, DatabaseUnavailable."""
        resilient(lambda: self._end(verdict))

    def _end(self, verdict: Verdict) -> None:
        self._lease.fence()
        self.save_counts()
        self._errors.keep(verdict.troubles)
        flaws = self._store.flaws.count if self._store else 0
        finding = verdict.decide(self.operation, self._row.items, *self._when(), flaws=flaws)
        self._write(finding, verdict.provider_total)
        if self._store and flaws:
            text = f"{self.label}: {senseless(flaws)}: {self._store.flaws.reasons()}."
            self._log(text, level="warning", code="flawed_entries")
        level = "info" if verdict.in_the_log else LEVELS[finding.outcome]
        self._log(f"{self.label}: {finding.message}", level=level, code=finding.code, figures=self.figures)

    def _when(self) -> tuple[datetime, datetime, str]:
        """When the class starts, what time it is, and the zone to say so in."""
        conference, now = self._item.conference, timezone.now()
        return (conference.starts_at, now, conference.zone) if conference else (now, now, settings.TIME_ZONE)

    def _write(self, finding: Finding, provider_total: int | None) -> None:
        values = {
            "outcome": finding.outcome,
            "code": finding.code,
            "message": events.presentable(finding.message),
            "advice": events.presentable(finding.advice),
            "source": self._store.source if self._store else "",
            "provider_total": provider_total,
            "finished_at": timezone.now(),
        }
        for name, value in values.items():
            setattr(self._row, name, bounded(SyncStep._meta.get_field(name), value))
        self._row.save(update_fields=list(values))

    def save_counts(self) -> None:
        """What was stored, and what asking has cost. Inside a transaction that has proved the lease."""
        stored = self._store.tally.counts() if self._store else {}
        cost = {name: self._spent[name] + count for name, count in self._stats.counts().items()}
        for name, count in {**stored, **cost}.items():
            setattr(self._row, name, count)
        self._row.save(update_fields=[*stored, *cost])

    def _open_store(self) -> StepStore | ConferenceStore:
        assert self._store is not None, "a step without a provider stores nothing"  # noqa: S101
        return self._store

    def _log(
        self, text: str, level: str = "info", code: str = "", figures: Mapping[str, str | int | float] | None = None
    ) -> None:
        events.log(self._item.run_id, text, level=level, code=code, item_id=self._item.pk, figures=figures)
