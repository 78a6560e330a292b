"""Promise: whatever is done for a click, wherever it is done, carries its id and is part of its trace."""

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from conferences.models import Conference, SyncRun
from conferences.providers import tracing, trail
from conferences.providers.base import Link, Target
from conferences.providers.errors import ServerTrouble
from conferences.providers.records import Record
from conferences.sync import account, pausing, runs, worker
from conferences.tests.campus_integration.scripts import person
from conferences.tests.sync.conftest import perform
from lms_project.tracing import OpenTelemetry

Play = Callable[..., SyncRun]


@pytest.fixture
def collected(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    exporter = InMemorySpanExporter()
    known = OpenTelemetry(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(tracing, "tracer", lambda: known)
    return exporter


def found(target: Target, link: Link) -> Iterator[Record]:
    """What is fetched is fetched by another thread, which traces as part of its step."""
    with tracing.span("call", {"lms.run": trail.here().run}):
        yield person(target, "Ann")


def broken(target: Target, link: Link) -> Iterator[Record]:
    raise ServerTrouble("down", code="too_slow")
    yield


def tree(collected: InMemorySpanExporter) -> dict[str, str]:
    """The name of each span with that of its parent; "" has none."""
    spans = collected.get_finished_spans()
    names = {span.context.span_id: span.name for span in spans}
    assert len({span.context.trace_id for span in spans}) == 1
    return {span.name: names[span.parent.span_id] if span.parent else "" for span in spans}


def one(collected: InMemorySpanExporter, name: str) -> ReadableSpan:
    (span,) = (span for span in collected.get_finished_spans() if span.name == name)
    return span


@pytest.fixture
def clicked(
    monkeypatch: pytest.MonkeyPatch,
    conference: Conference,
    collected: InMemorySpanExporter,
    django_capture_on_commit_callbacks: Any,
) -> SyncRun:
    """By an admin on the page; then done by a worker, which shares nothing with the page but the database."""

    def script(operation: str, target: Target, link: Link) -> Iterator[Record]:
        return broken(target, link) if operation == "chat" else found(target, link)

    perform(monkeypatch, script)
    client = Client()
    client.force_login(User.objects.create_superuser("kim"), backend="django.contrib.auth.backends.ModelBackend")
    with django_capture_on_commit_callbacks(execute=False):
        client.post(f"/conferences/{conference.pk}/sync/", headers={"X-Request-ID": "click-0001"})
    run = SyncRun.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        worker.work(run.pk)
    return run


def test_run_keeps_the_id_of_its_click(clicked: SyncRun) -> None:
    assert clicked.request_id == "click-0001"


def test_spans_lead_from_the_call_back_to_the_click(clicked: SyncRun, collected: InMemorySpanExporter) -> None:
    told = tree(collected)
    assert (told["call"] in clicked.operations, told["chat"], told["item"], told["run"], told["POST page"]) == (
        True,
        "item",
        "run",
        "POST page",
        "",
    )


def test_span_of_a_step_tells_how_it_went(clicked: SyncRun, collected: InMemorySpanExporter) -> None:
    step = one(collected, "attendance")
    wanted = ("operation", "outcome", "code", "rows", "rows_created", "requests")
    assert step.attributes is not None
    assert [step.attributes[f"lms.{name}"] for name in wanted] == ["attendance", "synced", "synced", 1, 1, 0]
    assert one(collected, "chat").status.description == "too_slow"


def test_span_of_the_run_lasts_from_the_click_to_its_end(clicked: SyncRun, collected: InMemorySpanExporter) -> None:
    clicked.refresh_from_db()
    run = one(collected, "run")
    assert clicked.finished_at is not None
    assert (run.start_time or 0) // 1000 == int(clicked.created_at.timestamp() * 1_000_000)
    assert (run.end_time or 0) // 1000 == int(clicked.finished_at.timestamp() * 1_000_000)
    assert dict(run.attributes or {}) == {
        "lms.run": clicked.pk,
        "lms.connection": clicked.connection_id,
        "lms.mode": "conference",
        "lms.state": "partial",
    }


def test_run_that_is_gone_on_with_is_the_same_span(
    play: Play, collected: InMemorySpanExporter, django_capture_on_commit_callbacks: Any
) -> None:
    with tracing.span("click", {}):
        run = play(attendance=broken)
    with django_capture_on_commit_callbacks(execute=True):
        pausing.resume(run, ring=False)
        worker.work(run.pk)
    first, second = (span for span in collected.get_finished_spans() if span.name == "item")
    assert first.parent is not None
    assert second.parent == first.parent
    assert one(collected, "run").context.span_id == first.parent.span_id


def test_run_without_a_trace_is_traced_by_its_items_alone(play: Play, collected: InMemorySpanExporter) -> None:
    play(attendance=found)
    assert one(collected, "item").parent is None
    assert [span.name for span in collected.get_finished_spans() if span.name == "run"] == []


def test_account_s_run_keeps_the_click_as_well(conference: Conference, collected: InMemorySpanExporter) -> None:
    with trail.on(request_id="click-0002"), tracing.span("click", {}):
        run = account.request(conference.connection, via="command", ring=False)
        assert run.traceparent == tracing.traceparent()
    assert run.request_id == "click-0002"


def logged(caplog: pytest.LogCaptureFixture) -> list[trail.Trail]:
    return [record.trail for record in caplog.records if hasattr(record, "trail")]


def test_lines_of_the_worker_carry_the_click_s_id(
    monkeypatch: pytest.MonkeyPatch, conference: Conference, caplog: pytest.LogCaptureFixture
) -> None:
    def script(operation: str, target: Target, link: Link) -> Iterator[Record]:
        logging.getLogger("conferences").warning("asking")
        yield person(target, "Ann")

    def note(record: logging.LogRecord) -> bool:
        """A formatter would see just this: it works where the line is written."""
        record.trail = trail.here()
        return True

    perform(monkeypatch, script)
    with trail.on(request_id="click-0003"):
        run = runs.request(conference, via="command", operations=["attendance"], ring=False)
    caplog.handler.addFilter(note)
    with caplog.at_level("INFO", "conferences"):
        worker.work(run.pk)
    caplog.handler.removeFilter(note)
    item = run.items.get()
    asked = next(record.trail for record in caplog.records if record.getMessage() == "asking")
    assert asked == trail.Trail("click-0003", run.pk, item.pk, "attendance")
    assert {each.request_id for each in logged(caplog)} == {"click-0003"}
    assert trail.here() == trail.Trail()
