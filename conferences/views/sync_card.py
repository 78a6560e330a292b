"""What the Sync card shows, read afresh from the run's rows each time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from conferences.models import Conference, SyncEvent, SyncRun, SyncStep
from conferences.providers import registry
from conferences.sync import runs
from conferences.sync.result import EVENTS, eta_seconds
from conferences.views.counts import Counts, counts

LINES = 8  # of the log on the card; all of them are one click away
PATIENCE = timedelta(seconds=10)  # before the card says that no worker has come


@dataclass(frozen=True, slots=True)
class StepLine:
    """One operation's line. `state` is its outcome, or waiting, working or not_done.

    same_remedy_as  the label of an earlier line with the very same advice: it is read there
    totals          the provider's count beside ours, None when it stated none
    """

    operation: str
    label: str
    state: str
    step: SyncStep
    same_remedy_as: str = ""
    totals: Counts | None = None

    @property
    def changes(self) -> str:
        """What changed, in words; "" when nothing was stored."""
        parts = [(self.step.created, "new"), (self.step.updated, "changed"), (self.step.unchanged, "as before")]
        return ", ".join(f"{count} {word}" for count, word in parts if count)


@dataclass(frozen=True, slots=True)
class Card:
    conference: Conference
    run: SyncRun | None
    steps: Sequence[StepLine] = ()
    events: Sequence[SyncEvent] = ()
    earlier_events: int = 0
    eta_seconds: int | None = None
    unclaimed: bool = False
    refusal: str = ""
    full: bool = False

    @property
    def provider(self) -> str:
        return provider_label(self.conference.connection.provider)

    @property
    def attendance_trouble(self) -> str:
        """Why attendance is not known, when it was refused or broke."""
        bad = {SyncStep.Outcome.BLOCKED, SyncStep.Outcome.FAILED}
        steps = (line.step for line in self.steps if line.operation == "attendance")
        return next((step.message for step in steps if step.outcome in bad), "")

    @property
    def done(self) -> int:
        """How many steps have ended: when it grows, the page has something new to show."""
        return sum(1 for line in self.steps if line.step.outcome)

    @property
    def operations(self) -> Sequence[tuple[str, str]]:
        """What can be synced by itself: name and label."""
        return list(operation_labels(self.conference.connection.provider).items())


def card(conference: Conference, run: SyncRun | None, *, refusal: str = "", full: bool = False) -> Card:
    """`refusal` is the sentence for a click that was not accepted; `full` asks for the whole log."""
    if run is None:
        return Card(conference, None, refusal=refusal)
    run = runs.look(run)
    events, earlier = _newest_events(run, EVENTS if full else LINES)
    return Card(
        conference,
        run,
        steps=_lines(run, conference),
        events=events,
        earlier_events=earlier,
        eta_seconds=eta_seconds(run),
        unclaimed=_unclaimed(run),
        refusal=refusal,
        full=full,
    )


def latest_run(conference: Conference) -> SyncRun | None:
    return conference.runs.select_related("requested_by").first()


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


def _newest_events(run: SyncRun, limit: int) -> tuple[list[SyncEvent], int]:
    newest = list(run.events.order_by("-id")[:limit])
    earlier = run.events.count() - limit if len(newest) == limit else 0
    return newest[::-1], max(0, earlier)


def _lines(run: SyncRun, conference: Conference) -> list[StepLine]:
    labels = operation_labels(conference.connection.provider)
    steps = SyncStep.objects.filter(item__run=run, item__conference=conference)
    first_with: dict[str, str] = {}
    lines = []
    for step in steps:
        label = labels.get(step.operation, step.operation.capitalize())
        remedy, totals = first_with.get(step.advice, ""), counts(conference, step)
        lines.append(StepLine(step.operation, label, _state(step, run), step, remedy, totals))
        if step.advice:
            first_with.setdefault(step.advice, label)
    return lines


def _state(step: SyncStep, run: SyncRun) -> str:
    if step.outcome:
        return step.outcome
    if not run.is_active:
        return "not_done"
    return "working" if step.started_at else "waiting"


def _unclaimed(run: SyncRun) -> bool:
    return run.state == SyncRun.State.QUEUED and timezone.now() - run.created_at > PATIENCE
