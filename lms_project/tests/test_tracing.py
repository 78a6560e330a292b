"""Spans by OpenTelemetry: whole, anonymous, and never in the way."""

import json
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from conferences.providers import tracing
from conferences.providers.errors import NotPermitted
from lms_project.tests.collector import Collector, collector
from lms_project.tracing import OpenTelemetry

__all__ = ["collector"]  # a fixture

CLICK = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
RUN = "00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01"


@pytest.fixture
def collected() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def tracer(collected: InMemorySpanExporter) -> OpenTelemetry:
    return OpenTelemetry(SimpleSpanProcessor(collected))


def test_span_is_part_of_the_one_around_it(tracer: OpenTelemetry, collected: InMemorySpanExporter) -> None:
    with tracer.span("outer", {}, parent=CLICK, calls_out=False):
        inside = tracer.traceparent()
        with tracer.span("inner", {"lms.run": 7}, parent="", calls_out=True) as span:
            span.tell({"lms.code": "synced"})
    inner, outer = collected.get_finished_spans()
    assert inside == f"00-{outer.context.trace_id:032x}-{outer.context.span_id:016x}-01"
    assert f"{outer.context.trace_id:x}-{outer.parent.span_id:x}" == "af7651916cd43dd8448eb211c80319c-b7ad6b7169203331"
    assert inner.parent == outer.context
    assert (dict(inner.attributes), inner.kind.name) == ({"lms.run": 7, "lms.code": "synced"}, "CLIENT")
    assert tracer.traceparent() == ""


@pytest.mark.parametrize("parent", ["", "nonsense", "00-0-0-00", CLICK.replace("0af", "xyz")])
def test_parent_that_is_none_begins_a_trace(
    tracer: OpenTelemetry, collected: InMemorySpanExporter, parent: str
) -> None:
    with tracer.span("page", {}, parent=parent, calls_out=False):
        pass
    assert collected.get_finished_spans()[0].parent is None


@pytest.mark.parametrize(
    ("error", "told"), [(KeyError("Ann said hello"), "KeyError"), (NotPermitted("Ann may not."), "not_permitted")]
)
def test_span_that_breaks_tells_the_kind_and_not_the_words(
    tracer: OpenTelemetry, collected: InMemorySpanExporter, error: Exception, told: str
) -> None:
    with pytest.raises(type(error)), tracer.span("step", {}, parent="", calls_out=False):
        raise error
    (span,) = collected.get_finished_spans()
    assert (span.status.status_code, span.status.description, span.events) == (StatusCode.ERROR, told, ())
    assert "Ann" not in span.to_json()


def past(parent: str = CLICK, failure: str = "") -> tracing.Past:
    begun, ended = datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 3, 2, 9, 5, tzinfo=UTC)
    return tracing.Past("run", RUN, parent, begun, ended, {"lms.run": 7}, failure)


def test_span_of_the_past_is_the_one_that_others_know(tracer: OpenTelemetry, collected: InMemorySpanExporter) -> None:
    with tracer.span("item", {}, parent=RUN, calls_out=False):
        pass
    tracer.record(past(failure="stale"))
    item, run = collected.get_finished_spans()
    assert item.parent.span_id == run.context.span_id
    assert (run.end_time - run.start_time, run.status.description) == (300 * 10**9, "stale")
    tracer.record(past())
    assert collected.get_finished_spans()[-1].status.status_code is StatusCode.UNSET


def test_what_was_not_sampled_is_not_told_of_later(tracer: OpenTelemetry, collected: InMemorySpanExporter) -> None:
    tracer.record(past(CLICK.removesuffix("01") + "00"))
    assert collected.get_finished_spans() == ()


def run(code: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    settings = {"ENV_FILE": "/dev/null", "DEBUG": "1", "DJANGO_SETTINGS_MODULE": "lms_project.settings", **environment}
    return subprocess.run([sys.executable, "-c", code], env=settings, capture_output=True, text=True, check=False)  # noqa: S603


SPANS = (
    "import django; django.setup(); from conferences.providers import tracing\n"
    "with tracing.span('item', {'lms.run': 7}): pass\n"
)


def test_endpoint_receives_what_was_traced(collector: Collector) -> None:
    ended = run(f"{SPANS}tracing.close()", OTEL_EXPORTER_OTLP_ENDPOINT=collector.endpoint, OTEL_SERVICE_NAME="campus")
    (resource,) = (spans for request in collector.taken for spans in request.resource_spans)
    told = {attribute.key: attribute.value.string_value for attribute in resource.resource.attributes}
    assert (told["service.name"], [span.name for span in resource.scope_spans[0].spans]) == ("campus", ["item"])
    assert (ended.stdout, ended.stderr) == ("", "")


def test_collector_that_is_away_is_a_line_in_the_log_and_nothing_else() -> None:
    environment = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9", "OTEL_EXPORTER_OTLP_TIMEOUT": "0.1"}
    ended = run(f"{SPANS}tracing.close(); print('done')", LOG_FORMAT="json", **environment)
    assert (ended.returncode, ended.stdout) == (0, "done\n")
    (line,) = map(json.loads, ended.stderr.splitlines())
    assert (line["level"], line["logger"].split(".")[0]) == ("error", "opentelemetry")


def test_without_an_endpoint_nothing_of_it_is_imported_or_begun() -> None:
    """Redis' client looks by itself whether metrics of OpenTelemetry are installed; that much is there anyway."""
    looked = "set(sys.modules) & {'lms_project.tracing', 'opentelemetry.exporter'}, threading.active_count()"
    ended = run(f"{SPANS}tracing.close(); import sys, threading; print({looked}, repr(tracing.traceparent()))")
    assert (ended.stdout, ended.stderr) == ("set() 1 ''\n", "")
