"""Traces by OpenTelemetry, sent in the background over OTLP. Imported only where an endpoint is configured."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from conferences.providers.tracing import Attributes, Past

# More often than usual: a worker's process may end without a word.
EXPORT_EVERY_MILLISECONDS = 1_000
# Shorter than usual: so long a process may take to end while nobody collects.
EXPORT_SECONDS, TIMEOUT = 3, "OTEL_EXPORTER_OTLP_TIMEOUT"
TRACEPARENT = "traceparent"
_W3C = TraceContextTextMapPropagator()
_own_id: ContextVar[int] = ContextVar("own_id", default=0)


class _Ids(RandomIdGenerator):
    """Random ones, but for a span that others already call their parent."""

    def generate_span_id(self) -> int:
        return _own_id.get() or super().generate_span_id()


class OpenTelemetry:
    """Samplers, headers, certificates and limits are configured by OpenTelemetry's own variables, OTEL_…."""

    def __init__(self, processor: SpanProcessor | None = None) -> None:
        resource = Resource.create({SERVICE_NAME: os.environ.get("OTEL_SERVICE_NAME", "lms")})
        self._provider = TracerProvider(resource=resource, id_generator=_Ids())
        self._provider.add_span_processor(processor or _in_the_background())
        self._tracer = self._provider.get_tracer("lms")

    @contextmanager
    def span(self, name: str, attributes: Attributes, *, parent: str, calls_out: bool) -> Iterator["Telling"]:
        kind = SpanKind.CLIENT if calls_out else SpanKind.INTERNAL
        with self._tracer.start_as_current_span(
            name,
            _context(parent) if parent else None,
            kind,
            attributes,
            # What an exception says may quote somebody.
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            telling = Telling(span)
            try:
                yield telling
            except BaseException as error:
                telling.failed(getattr(error, "code", "") or type(error).__name__)
                raise

    def traceparent(self) -> str:
        carrier: dict[str, str] = {}
        _W3C.inject(carrier)
        return carrier.get(TRACEPARENT, "")

    def record(self, past: Past) -> None:
        """Sampled as its parent was."""
        wanted = _own_id.set(_span_context(past.traceparent).span_id)
        try:
            span = self._tracer.start_span(
                past.name, _context(past.parent), attributes=past.attributes, start_time=_nanoseconds(past.started_at)
            )
        finally:
            _own_id.reset(wanted)
        if past.failure:
            Telling(span).failed(past.failure)
        span.end(_nanoseconds(past.ended_at))

    def close(self) -> None:
        self._provider.shutdown()


class Telling:
    def __init__(self, span: trace.Span) -> None:
        self._span = span

    def tell(self, attributes: Attributes) -> None:
        self._span.set_attributes(attributes)

    def failed(self, why: str) -> None:
        self._span.set_status(Status(StatusCode.ERROR, why))


def _in_the_background() -> SpanProcessor:
    seconds = None if TIMEOUT in os.environ else EXPORT_SECONDS
    return BatchSpanProcessor(OTLPSpanExporter(timeout=seconds), schedule_delay_millis=EXPORT_EVERY_MILLISECONDS)


def _context(traceparent: str) -> Context:
    return _W3C.extract({TRACEPARENT: traceparent}, Context())


def _span_context(traceparent: str) -> SpanContext:
    return trace.get_current_span(_context(traceparent)).get_span_context()


def _nanoseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1_000_000) * 1_000
