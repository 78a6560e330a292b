"""The conferences that a search finds: stored once each, and queued to be synced."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.models.functions import Lower
from django.utils import timezone

from conferences.models import Conference, SyncItem, SyncRun, SyncStep
from conferences.providers.base import ProviderConfig
from conferences.providers.records import ConferenceRecord, FlawRecord, Record, Unlisted, Widened
from conferences.sync.store.claims import Unsure, settled, without_own_ids
from conferences.sync.store.detail import store_detail
from conferences.sync.store.flaws import FlawStore
from conferences.sync.store.incomplete import incomplete
from conferences.sync.store.listed import put


class ConferenceStore:
    """What a search stores. `found` counts by conference, however often it was listed. Call it in a transaction."""

    source = ""

    def __init__(self, run: SyncRun, config: ProviderConfig, operation: str) -> None:
        self._run = run
        self._config = config
        self._fates: dict[int, str] = {}
        self._unsure: dict[str, ConferenceRecord] = {}  # decided at the end of the listing
        self._listed: set[str] = set()
        self._unlisted: set[str] = set()
        self._owners: dict[str, int] = {}  # of flaws: the conference that each is about
        scope = {"connection": run.connection, "operation": operation}
        self.flaws = FlawStore(scope, run.started_at or run.created_at, self._place)
        self.tally = self

    def store(self, records: Sequence[Record]) -> None:
        """All of the records, or none and an exception."""
        with self._whole():
            listed = {each.external_id: each for each in records if isinstance(each, ConferenceRecord)}
            known = {row.external_id: row for row in self._rows().filter(external_id__in=listed)}
            unsure = Unsure(self._rows(), listed.values())
            waiting = {key: each for key, each in listed.items() if unsure.holds(each, known.get(key))}
            self._unsure |= waiting
            self._put_all((each for key, each in listed.items() if key not in waiting), known)
            self._listed |= listed.keys()
            self._unlisted |= {each.organizer.lower() for each in records if isinstance(each, Unlisted)}
            if any(isinstance(each, Widened) for each in records):
                self._widen()
            self._store_flaws([each for each in records if isinstance(each, FlawRecord)])

    def _widen(self) -> None:
        """Whoever goes on with this run, and whatever begins after it, need not look there again."""
        self._run.span_starts_at = None
        self._run.save(update_fields=["span_starts_at"])

    def _put_all(self, records: Iterable[ConferenceRecord], known: Mapping[str, Conference]) -> None:
        rows = [self._put(each, known.get(each.external_id)) for each in records]
        self._queue([row for row in rows if row.starts_at <= timezone.now()])

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
        with self._whole():
            self._settle(clean=clean)
            self.flaws.close(clean=clean and self._run.mode == SyncRun.Mode.FULL, listed=self._listed)
            if clean and "" not in self._unlisted:
                self._mark_gone()
            if self._run.mode == SyncRun.Mode.DELTA:
                self._queue(list(incomplete(self._rows())))

    def _settle(self, *, clean: bool) -> None:
        """What took place first, whatever it was planned as; of what is left, the plans. An id that a person gave is
        nobody's only if a clean listing does not have it."""
        rows = self._rows() if clean else without_own_ids(self._rows())
        for planned, named in ((False, set()), (True, self._listed)):
            unsure = {key: each for key, each in self._unsure.items() if each.planned is planned}
            self._put_all(*settled(unsure, rows, named))

    def _mark_gone(self) -> None:
        """Plans that the account no longer lists: cancelled, deleted or moved. They stay, and say so."""
        to_come = self._rows().filter(listed_as=Conference.Listed.PLANNED, starts_at__gt=timezone.now(), gone_at=None)
        if self._run.span_starts_at:
            to_come = to_come.filter(starts_at__gte=self._run.span_starts_at)
        if self._run.span_ends_at:
            to_come = to_come.filter(starts_at__lt=self._run.span_ends_at)
        unseen = to_come.exclude(external_id__in=self._listed).annotate(host=Lower("organizer"))
        unseen.exclude(host__in=self._unlisted).update(gone_at=self._run.started_at or timezone.now())

    @contextmanager
    def _whole(self) -> Iterator[None]:
        mark = self.mark()
        try:
            with transaction.atomic():
                yield
        except BaseException:
            self.back_to(mark)
            raise

    def mark(self) -> tuple[dict[int, str], dict[str, ConferenceRecord]]:
        return dict(self._fates), dict(self._unsure)

    def back_to(self, mark: tuple[dict[int, str], dict[str, ConferenceRecord]]) -> None:
        self._fates, self._unsure = dict(mark[0]), dict(mark[1])

    def counts(self) -> dict[str, int]:
        fates = list(self._fates.values())
        return {"items": len(fates), **{fate: fates.count(fate) for fate in ("unchanged", "updated", "created")}}

    def _rows(self) -> Any:
        return Conference.objects.filter(connection=self._run.connection_id)

    def _put(self, record: ConferenceRecord, row: Conference | None) -> Conference:
        row, fate = put(record, row, self._run.connection_id)
        store_detail(self._config, row, record.detail, explicit=True)
        # Whichever attempt or worker of this run stored it.
        self._fates.setdefault(row.pk, "created" if row.created_at >= self._run.created_at else fate)
        return row

    def _queue(self, conferences: Sequence[Conference]) -> None:
        taken = set(self._run.items.filter(conference__in=conferences).values_list("conference", flat=True))
        fresh = [SyncItem(run=self._run, conference=row) for row in conferences if row.pk not in taken]
        SyncItem.objects.bulk_create(fresh)
        SyncStep.objects.bulk_create(
            SyncStep(item=item, operation=name, position=position)
            for item in fresh
            for position, name in enumerate(self._run.operations)
        )
