"""What the Sync card of a whole connection shows, summed by the database however many conferences there are."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db.models import Count
from django.utils import timezone

from conferences.models import Connection, SyncEvent, SyncItem, SyncRun, SyncStep
from conferences.sync import runs
from conferences.sync.outcome import SEARCH, SUCCESSES, counted
from conferences.sync.result import EVENTS, outcomes, summed
from conferences.views.addresses import RunAddresses
from conferences.views.sync_card import LINES, newest_events, operation_labels, provider_label, resumable, waiting

DAY = timedelta(days=1)
WORDS = {"synced": "synced", "no_data": "with nothing to sync", "blocked": "blocked", "failed": "failed"}


@dataclass(frozen=True, slots=True)
class SumLine:
    """One operation over all conferences. `ended` counts them by outcome, "" those that are still to do.

    state   the worst outcome once all have ended, or partly where some went well; else waiting, working or not_done
    sums    the operation's entry in the run's result
    """

    operation: str
    label: str
    state: str
    ended: Mapping[str, int]
    sums: Mapping[str, Any]

    @property
    def outcomes(self) -> str:
        """How many conferences ended how, in words; the search is one thing and needs none."""
        if self.operation == SEARCH:
            return ""
        parts = [f"{self.ended[name]:,} {word}" for name, word in WORDS.items() if self.ended.get(name)]
        return " · ".join([*parts, *([f"{self.ended['']:,} to do"] if self.ended.get("") else [])])

    @property
    def rows(self) -> str:
        """What was stored, in words; "" when nothing was."""
        changes = [
            (self.sums["created"], "new"),
            (self.sums["updated"], "changed"),
            (self.sums["unchanged"], "as before"),
        ]
        told = ", ".join(f"{count:,} {word}" for count, word in changes if count)
        return f"{counted(self.operation, self.sums['items'])}: {told}." if told else ""

    @property
    def message(self) -> str:
        """The worst sentence met, where somebody must know of it."""
        return self.sums["message"] if self.sums["outcome"] in {"blocked", "failed"} or self.operation == SEARCH else ""


@dataclass(frozen=True, slots=True)
class Progress:
    """Conferences of a run by how far they are, and the rows that it has stored so far.

    throttled       how often the provider asked us to slow down
    waited_seconds  before requests, for whatever reason; of all workers together
    """

    done: int = 0
    failed: int = 0
    left: int = 0
    rows: int = 0
    requests: int = 0
    throttled: int = 0
    waited_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class AccountCard(RunAddresses):
    namespace: ClassVar[str] = "connections"

    connection: Connection
    run: SyncRun | None
    steps: Sequence[SumLine] = ()
    progress: Progress = field(default_factory=Progress)
    events: Sequence[SyncEvent] = ()
    earlier_events: int = 0
    eta_seconds: int | None = None
    unclaimed: bool = False
    silent_seconds: int = 0
    hindrance: str = ""
    refusal: str = ""
    full: bool = False
    resumable: bool = False
    wide: bool = False  # nothing wider than this

    @property
    def provider(self) -> str:
        return provider_label(self.connection.provider)

    @property
    def state(self) -> str:
        return self.run.state if self.run else ""

    @property
    def is_active(self) -> bool:
        return self.run is not None and self.run.is_active

    @property
    def message(self) -> str:
        return self.run.message if self.run else ""

    @property
    def done(self) -> str:
        """Changes when the rest of the page has something new to show: at each percent, and at each failure."""
        return f"{self.run.progress if self.run else 0}-{self.progress.failed}"

    @property
    def requests(self) -> int:
        return self.progress.requests

    @property
    def kind(self) -> str:
        """What was asked for, in words."""
        run = self.run
        if run is None:
            return ""
        first, last = run.span_starts_at, run.span_ends_at
        if run.mode == SyncRun.Mode.DELTA and first:
            return f"Changes since {_day(first)}."
        if run.mode == SyncRun.Mode.RANGE and first:
            return f"Classes from {_day(first)} to {_day(last - DAY)}." if last else f"Classes from {_day(first)} on."
        return "A full sync."

    @property
    def target(self) -> int:
        return self.connection.pk


def account_card(connection: Connection, run: SyncRun | None, *, refusal: str = "", full: bool = False) -> AccountCard:
    """`refusal` is the sentence for a click that was not accepted; `full` asks for the whole log."""
    if run is None:
        return AccountCard(connection, None, refusal=refusal)
    run = runs.look(run)
    steps = _lines(run)
    told = run.events.select_related("item__conference")
    events, earlier = newest_events(told, EVENTS if full else LINES)
    return AccountCard(
        connection,
        run,
        steps=steps,
        progress=_progress(run, steps),
        events=events,
        earlier_events=earlier,
        **waiting(run),
        refusal=refusal,
        full=full,
        resumable=resumable(run),
    )


def failed_items(run: SyncRun) -> Any:
    """The conferences of which nothing could be stored; a Resume tries them again."""
    failed = run.items.filter(state=SyncItem.State.FAILED, conference__isnull=False)
    return failed.select_related("conference__connection").order_by("pk")


def _progress(run: SyncRun, lines: Sequence[SumLine]) -> Progress:
    states = run.items.filter(conference__isnull=False).order_by().values_list("state").annotate(Count("pk"))
    count = Counter(dict(states))
    done, failed = count.pop(SyncItem.State.DONE, 0), count.pop(SyncItem.State.FAILED, 0)
    rows, *costs = (
        sum(line.sums[name] for line in lines) for name in ("items", "requests", "throttled", "waited_seconds")
    )
    return Progress(done, failed, count.total(), rows, *costs)


def _lines(run: SyncRun) -> list[SumLine]:
    labels = {SEARCH: "Search for conferences", **operation_labels(run.connection.provider)}
    steps = SyncStep.objects.filter(item__run=run)
    ended = outcomes(steps)
    begun = set(steps.filter(started_at__isnull=False).order_by().values_list("operation", flat=True).distinct())
    return [
        SumLine(
            name, labels.get(name, name.capitalize()), _state(run, name in begun, ended[name], sums), ended[name], sums
        )
        for name, sums in summed(steps).items()
    ]


def _day(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return f"{local.day} {local:%b %Y}"


def _state(run: SyncRun, begun: bool, ended: Mapping[str, int], sums: Mapping[str, Any]) -> str:
    if not ended.get(""):
        mixed = sums["outcome"] not in SUCCESSES and SUCCESSES & ended.keys()
        return "partly" if mixed else sums["outcome"]
    if not run.is_active:
        return "waiting" if run.state == SyncRun.State.PAUSED else "not_done"
    return "working" if begun else "waiting"
