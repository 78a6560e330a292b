"""What the Sync card shows, read afresh from the run's rows each time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone

from conferences.models import Conference, Connection, SyncEvent, SyncRun, SyncStep
from conferences.operations.disk import has_room, was_full_lately
from conferences.operations.workers import Condition, workers
from conferences.providers import registry
from conferences.sync import checkup, pausing, runs
from conferences.sync.database import DISK_FULL
from conferences.sync.pace import eta_seconds
from conferences.sync.result import EVENTS
from conferences.sync.share import part, parts, sentence
from conferences.views.addresses import RunAddresses
from conferences.views.counts import Counts, counts

BAD = {SyncStep.Outcome.BLOCKED, SyncStep.Outcome.FAILED}
LINES = 8  # of the log on the card; all of them are one click away
PATIENCE = timedelta(seconds=10)  # before the card says that no worker has come
NO_WORKER = "No worker is running, so nothing begins. It goes on by itself as soon as an administrator starts one."
SILENCE = timedelta(seconds=20)  # … or that the one that came is not heard of any more


@dataclass(frozen=True, slots=True)
class StepLine:
    """One operation's line. `state` is its outcome, or waiting, working or not_done.

    same_remedy_as  the label of an earlier line with the very same advice: it is read there
    totals          the provider's count beside ours, None when it stated none
    finding         what the last check of the connection said of the operation, where that says more
    """

    operation: str
    label: str
    state: str
    step: SyncStep
    same_remedy_as: str = ""
    totals: Counts | None = None
    finding: str = ""

    @property
    def changes(self) -> str:
        """What changed, in words; "" when nothing was stored."""
        parts = [(self.step.created, "new"), (self.step.updated, "changed"), (self.step.unchanged, "as before")]
        return ", ".join(f"{count} {word}" for count, word in parts if count)


@dataclass(frozen=True, slots=True)
class Card(RunAddresses):
    """`item` is the conference's part in the run; `resumable`: something is left that could be gone on with."""

    namespace: ClassVar[str] = "conferences"

    conference: Conference
    run: SyncRun | None
    steps: Sequence[StepLine] = ()
    events: Sequence[SyncEvent] = ()
    earlier_events: int = 0
    eta_seconds: int | None = None
    unclaimed: bool = False
    silent_seconds: int = 0
    hindrance: str = ""
    refusal: str = ""
    full: bool = False
    item: Any = None
    resumable: bool = False

    @property
    def wide(self) -> bool:
        """Whether the run is an account-wide one, of which only this conference's part is shown."""
        return self.run is not None and self.run.conference_id is None

    @property
    def state(self) -> str:
        return self.item.shown_state if self.wide and self.item else self.run.state if self.run else ""

    @property
    def is_active(self) -> bool:
        return self.run is not None and self.run.is_active and self.state in SyncRun.ACTIVE

    @property
    def message(self) -> str:
        """What came of it, once it has ended."""
        if self.run is None or not self.wide:
            return self.run.message if self.run else ""
        return sentence(self.item, [line.step for line in self.steps])

    @property
    def target(self) -> int:
        return self.conference.pk

    @property
    def provider(self) -> str:
        return provider_label(self.conference.connection.provider)

    @property
    def attendance_trouble(self) -> str:
        """Why attendance is not known, when it was refused or broke."""
        steps = (line.step for line in self.steps if line.operation == "attendance")
        return next((step.message for step in steps if step.outcome in BAD), "")

    @property
    def done(self) -> int:
        """How many steps have ended: when it grows, the page has something new to show."""
        return sum(1 for line in self.steps if line.step.outcome)

    @property
    def requests(self) -> int:
        """What it took to ask the provider."""
        return sum(line.step.requests for line in self.steps)

    @property
    def operations(self) -> Sequence[tuple[str, str]]:
        """What can be synced by itself: name and label."""
        return list(operation_labels(self.conference.connection.provider).items())


def card(conference: Conference, run: SyncRun | None, *, refusal: str = "", full: bool = False) -> Card:
    """`refusal` is the sentence for a click that was not accepted; `full` asks for the whole log."""
    if run is None:
        return Card(conference, None, refusal=refusal)
    run = runs.look(run)
    item = part(conference, run)
    told = run.events.filter(item=item) if run.conference_id is None else run.events.all()
    events, earlier = newest_events(told, EVENTS if full else LINES)
    return Card(
        conference,
        run,
        steps=_lines(run, conference),
        events=events,
        earlier_events=earlier,
        **waiting(run),
        refusal=refusal,
        full=full,
        item=item,
        resumable=run.conference_id is not None and resumable(run),
    )


def latest_run(conference: Conference) -> SyncRun | None:
    """Its own, or an account-wide one that it has a part in: whichever was asked for last."""
    newest = parts(conference).select_related("run__requested_by", "run__connection").first()
    return newest.run if newest else None


def resumable(run: SyncRun) -> bool:
    return not run.is_active and pausing.left(run).exists()


def provider_label(slug: str) -> str:
    """The name that people know; the bare slug when the provider has been uninstalled."""
    try:
        return str(registry.provider(slug).verbose_name)
    except registry.UnknownProvider:
        return slug


def operation_labels(slug: str) -> dict[str, str]:
    try:
        return {operation.name: operation.label for operation in registry.provider(slug).operations}
    except registry.UnknownProvider:
        return {}


def newest_events(events: "QuerySet[SyncEvent]", limit: int) -> tuple[list[SyncEvent], int]:
    """In the order of time, and how many there were before them."""
    newest = list(events.order_by("-id")[:limit])
    earlier = events.count() - limit if len(newest) == limit else 0
    return newest[::-1], max(0, earlier)


def _lines(run: SyncRun, conference: Conference) -> list[StepLine]:
    labels = operation_labels(conference.connection.provider)
    steps = SyncStep.objects.filter(item__run=run, item__conference=conference)
    first_with: dict[str, str] = {}
    lines = []
    for step in steps:
        label = labels.get(step.operation, step.operation.capitalize())
        remedy, totals = first_with.get(step.advice, ""), counts(conference, step)
        finding = _finding(conference.connection, step)
        lines.append(StepLine(step.operation, label, _state(step, run), step, remedy, totals, finding))
        if step.advice:
            first_with.setdefault(step.advice, label)
    return lines


def _finding(connection: Connection, step: SyncStep) -> str:
    """Of a check that was made since shortly before the step, and names something that the step does not."""
    since = step.finished_at and step.finished_at - checkup.REST
    if step.outcome not in BAD or not since or not connection.checked_at or connection.checked_at < since:
        return ""
    told = f"{step.message} {step.advice}"
    lines = (line for line in connection.checks if line["operation"] == step.operation and line["state"] in BAD)
    return next((line["message"] for line in lines if any(each not in told for each in _named(line))), "")


def _named(line: Mapping[str, Any]) -> list[str]:
    return line["missing"] or [line["message"]]


def _state(step: SyncStep, run: SyncRun) -> str:
    if step.outcome:
        return step.outcome
    if run.state == SyncRun.State.PAUSED:
        return "waiting"
    if not run.is_active:
        return "not_done"
    return "working" if step.started_at else "waiting"


def waiting(run: SyncRun) -> dict[str, Any]:
    """How long it takes yet, or that nobody is at work on it, as fields of a card."""
    silent = silent_seconds(run)
    unclaimed = run.state == SyncRun.State.QUEUED and timezone.now() - run.created_at > PATIENCE
    return {
        "unclaimed": unclaimed,
        "silent_seconds": silent,
        "hindrance": hindrance() if silent or run.state == SyncRun.State.QUEUED else "",
        "eta_seconds": None if silent or run.message else eta_seconds(run),
    }


def hindrance() -> str:
    """Why nobody could be at work, as far as it is known: it may not have been possible to note it on the run."""
    if not has_room():
        return DISK_FULL
    alive = was_full_lately() or any(worker.condition is Condition.WELL for worker in workers())
    return "" if alive else NO_WORKER


def silent_seconds(run: SyncRun) -> int:
    """For how long nobody who works on it has been heard of; 0 while somebody is, who beats every few seconds."""
    if run.state != SyncRun.State.RUNNING:
        return 0
    silent = timezone.now() - (run.heartbeat_at or run.started_at or run.created_at)
    return int(silent.total_seconds()) if silent > SILENCE else 0
