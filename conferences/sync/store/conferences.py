"""The conferences that a search finds: stored once each, and queued to be synced."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from conferences.models import Conference, SyncItem, SyncRun, SyncStep
from conferences.providers.base import ProviderConfig
from conferences.providers.records import ConferenceRecord, FlawRecord, Record
from conferences.sync.store.detail import store_detail
from conferences.sync.store.fitting import bounded
from conferences.sync.store.flaws import FlawStore
from conferences.sync.store.incomplete import incomplete

SHORTEST = timedelta(seconds=1)  # a class that was over at once
COLUMNS = ("title", "starts_at", "ends_at", "series_id", "join_url", "organizer", "time_zone")


class ConferenceStore:
    """What a search stores. `found` counts by conference, however often it was listed. Call it in a transaction."""

    source = ""

    def __init__(self, run: SyncRun, config: ProviderConfig, operation: str) -> None:
        self._run = run
        self._config = config
        self._fates: dict[int, str] = {}
        self._listed: set[str] = set()
        self._owners: dict[str, int] = {}  # of flaws: the conference that each is about
        scope = {"connection": run.connection, "operation": operation}
        self.flaws = FlawStore(scope, run.started_at or run.created_at, self._place)
        self.tally = self

    def store(self, records: Sequence[Record]) -> None:
        """All of the records, or none and an exception."""
        mark = self.mark()
        try:
            with transaction.atomic():
                self._store(records)
        except BaseException:
            self.back_to(mark)
            raise

    def _store(self, records: Sequence[Record]) -> None:
        listed = {each.external_id: each for each in records if isinstance(each, ConferenceRecord)}
        known = {row.external_id: row for row in self._rows().filter(external_id__in=listed)}
        rows = [self._put(each, known.get(key)) for key, each in listed.items()]
        self._queue([row for row in rows if row.starts_at <= timezone.now()])
        self._listed |= listed.keys()
        self._store_flaws([each for each in records if isinstance(each, FlawRecord)])

    def _store_flaws(self, flaws: Sequence[FlawRecord]) -> None:
        """A flaw that has the key of a conference is about that one."""
        if flaws:
            keys = [flaw.key for flaw in flaws]
            self._owners = dict(self._rows().filter(external_id__in=keys).values_list("external_id", "pk"))
            self.flaws.store(flaws)

    def _place(self, flaw: FlawRecord) -> dict[str, int | None]:
        return {"conference_id": self._owners.get(flaw.key)}

    def close(self, *, clean: bool) -> None:
        """A listing of a span proves nothing about the rest. A delta also takes up again what earlier runs could not
        complete."""
        self.flaws.close(clean=clean and self._run.mode == SyncRun.Mode.FULL, listed=self._listed)
        if self._run.mode == SyncRun.Mode.DELTA:
            self._queue(list(incomplete(self._rows())))

    def mark(self) -> dict[int, str]:
        return dict(self._fates)

    def back_to(self, mark: dict[int, str]) -> None:
        self._fates = dict(mark)

    def counts(self) -> dict[str, int]:
        fates = list(self._fates.values())
        return {"items": len(fates), **{fate: fates.count(fate) for fate in ("unchanged", "updated", "created")}}

    def _rows(self) -> Any:
        return Conference.objects.filter(connection=self._run.connection_id)

    def _put(self, record: ConferenceRecord, row: Conference | None) -> Conference:
        values = {name: bounded(Conference._meta.get_field(name), getattr(record, name)) for name in COLUMNS}
        values["ends_at"] = max(record.ends_at, record.starts_at + SHORTEST)
        row = row or self._planned(record)
        if row is None:
            row = self._rows().create(connection_id=self._run.connection_id, external_id=record.external_id, **values)
            fate = "created"
        else:
            fate = "updated" if _change(row, {**values, "external_id": record.external_id}) else "unchanged"
        store_detail(self._config, row, record.detail, explicit=True)
        self._fates.setdefault(row.pk, fate)
        return row

    def _planned(self, record: ConferenceRecord) -> Conference | None:
        """The same class under the id that it had before it took place, or that a person gave it."""
        if not record.series_id:
            return None
        same_series = self._rows().filter(series_id=record.series_id).exclude(pk__in=self._fates)
        day = timedelta(days=1)
        near = same_series.filter(starts_at__range=(record.starts_at - day, record.ends_at + day))
        without_run = near.filter(Q(participants__isnull=True) | Q(external_id__contains=record.series_id)).distinct()
        mine = [row for row in without_run if row.window().holds(record.starts_at, record.ends_at)]
        return mine[0] if len(mine) == 1 else None

    def _queue(self, conferences: Sequence[Conference]) -> None:
        taken = set(self._run.items.filter(conference__in=conferences).values_list("conference", flat=True))
        fresh = [SyncItem(run=self._run, conference=row) for row in conferences if row.pk not in taken]
        SyncItem.objects.bulk_create(fresh)
        SyncStep.objects.bulk_create(
            SyncStep(item=item, operation=name, position=position)
            for item in fresh
            for position, name in enumerate(self._run.operations)
        )


def _change(row: Conference, values: dict[str, str | datetime]) -> bool:
    """What a search does not know never empties what is stored."""
    changed = [name for name, value in values.items() if value and getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        row.save(update_fields=changed)
    return bool(changed)
