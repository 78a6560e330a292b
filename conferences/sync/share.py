"""A conference's part in a run: all of its own run, and one item of an account-wide one."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, QuerySet, Value, When

from conferences.models import Conference, SyncItem, SyncRun, SyncStep
from conferences.sync.outcome import StepSummary, conclude
from conferences.sync.runs import CANCELLED


def with_state(items: "QuerySet[SyncItem]") -> "QuerySet[Any]":
    """Adds `shown_state`, a state of runs: the conference's own run's, or what became of it in a wider one."""
    bad = SyncStep.objects.filter(item=OuterRef("pk"), outcome__in=["blocked", "failed"])
    ended_well = SyncItem.State.DONE
    return items.annotate(
        shown_state=Case(
            When(run__conference__isnull=False, then=F("run__state")),
            When(Exists(bad), state=ended_well, then=Value(SyncRun.State.PARTIAL.value)),
            When(state=ended_well, then=Value(SyncRun.State.SUCCEEDED.value)),
            When(state=SyncItem.State.QUEUED, run__state=SyncRun.State.PAUSED, then=Value(SyncRun.State.PAUSED.value)),
            default=F("state"),
        )
    )


def parts(conference: Any) -> "QuerySet[Any]":
    """Of a conference, or of an OuterRef to one: newest run first."""
    return with_state(SyncItem.objects.filter(conference=conference)).order_by("-run_id")


def part(conference: Conference, run: SyncRun) -> Any:
    """The item with its `shown_state`; None when the run has nothing to do with the conference."""
    return parts(conference).filter(run=run).first()


def sentence(item: SyncItem, steps: Sequence[SyncStep]) -> str:
    """What became of one conference in an account-wide run, once it has ended; "" before."""
    if item.state == SyncItem.State.DONE:
        return conclude(
            [StepSummary(step.operation, step.outcome, step.code, step.message, step.items) for step in steps]
        ).message
    if item.state == SyncItem.State.CANCELLED:
        return CANCELLED
    return item.message
