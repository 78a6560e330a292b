"""Spans of a trace, for whoever collects them; without a collector they cost nothing.

Attributes tell what was done and how it went. They never tell of whom: no names, no addresses, no texts.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

Attributes = Mapping[str, str | int | float | bool]


class Span(Protocol):
    def tell(self, attributes: Attributes) -> None: ...

    def failed(self, why: str) -> None:
        """`why` is a code, not a sentence."""
        ...


@dataclass(frozen=True, slots=True)
class Past:
    """A span that others were told of before it was known how it ends.

    traceparent  its own, in W3C's form; parent: of what it is part
    """

    name: str
    traceparent: str
    parent: str
    started_at: datetime
    ended_at: datetime
    attributes: Attributes
    failure: str = ""


class Tracer(Protocol):
    """Never raises, and never keeps anybody waiting."""

    def span(
        self, name: str, attributes: Attributes, *, parent: str, calls_out: bool
    ) -> AbstractContextManager[Span]: ...

    def traceparent(self) -> str: ...

    def record(self, past: Past) -> None: ...

    def close(self) -> None:
        """Sends what is left, if that can be done within seconds."""
        ...


class _Nothing:
    def tell(self, attributes: Attributes) -> None: ...

    def failed(self, why: str) -> None: ...


@cache
def tracer() -> Tracer | None:
    """Made where it is first needed: worker processes are forked, and what runs in the background is not."""
    return import_string(settings.TRACER)() if settings.TRACER else None


def span(
    name: str, attributes: Attributes, *, parent: str = "", calls_out: bool = False
) -> AbstractContextManager[Span]:
    """Part of `parent` in W3C's form, else of the span that this thread is in."""
    known = tracer()
    return known.span(name, attributes, parent=parent, calls_out=calls_out) if known else nullcontext(_Nothing())


def traceparent() -> str:
    """Of the span that this thread is in; "" without one."""
    known = tracer()
    return known.traceparent() if known else ""


def record(past: Past) -> None:
    if known := tracer():
        known.record(past)


def close() -> None:
    if tracer.cache_info().currsize and (known := tracer()):
        known.close()
