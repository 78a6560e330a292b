"""A run in logs and traces: whatever is done for it, by whichever worker, belongs to the click that asked for it."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from conferences.models import SyncRun, SyncStep
from conferences.providers import tracing, trail
from conferences.sync.lease import Lease
from conferences.sync.step import StepRun


def of_click() -> dict[str, str]:
    """What a run keeps of the request or command that makes it."""
    return {"request_id": trail.here().request_id, "traceparent": tracing.traceparent()}


def _own_span(run_id: int, click: str) -> str:
    """The run's part of the click's trace. Its number makes it: items of it are done long before it can be told of."""
    if not click:
        return ""
    version, trace_id, _, flags = click.split("-")
    return "-".join((version, trace_id, hashlib.sha256(f"run {run_id}".encode()).hexdigest()[:16], flags))


@contextmanager
def item(lease: Lease) -> Iterator[None]:
    ids = {"lms.run": lease.run_id, "lms.item": lease.item_id}
    parent = _own_span(lease.run_id, lease.traceparent)
    with (
        trail.on(request_id=lease.request_id, run=lease.run_id, item=lease.item_id),
        tracing.span("item", ids, parent=parent),
    ):
        yield


@contextmanager
def step(work: StepRun) -> Iterator[None]:
    with trail.on(operation=work.operation), tracing.span(work.operation, {}) as span:
        yield
        figures = work.figures
        span.tell({f"lms.{name}": value for name, value in figures.items()})
        if figures["outcome"] == SyncStep.Outcome.FAILED:
            span.failed(str(figures["code"]))


def tell_of_end(run_id: int) -> None:
    """Once that it has ended is certain. Whoever goes on with it tells of it again, as one and the same span."""
    if tracing.tracer():
        transaction.on_commit(lambda: _tell(SyncRun.objects.get(pk=run_id)), robust=True)


def _tell(run: SyncRun) -> None:
    if run.traceparent and run.finished_at:
        tracing.record(
            tracing.Past(
                "run",
                _own_span(run.pk, run.traceparent),
                run.traceparent,
                run.created_at,
                run.finished_at,
                {
                    "lms.run": run.pk,
                    "lms.connection": run.connection_id,
                    "lms.mode": run.mode,
                    "lms.state": run.state,
                },
                (run.code or run.state) if run.state == SyncRun.State.FAILED else "",
            )
        )
