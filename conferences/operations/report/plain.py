"""A report for programs: one JSON object, or a table of figures as CSV."""

import csv
import io
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from conferences.iso import utc
from conferences.operations.report.figures import Durations, Report
from conferences.spreadsheet import BYTE_ORDER_MARK, harmless

HEADER = ("section", "name", "figure", "value")


def as_json(report: Report) -> dict[str, Any]:
    """Moments are UTC in ISO 8601, lengths are seconds, rates percent."""
    told: dict[str, Any] = _storable(asdict(report))
    told["runs"] |= {"ended": report.runs.ended, "success_rate": report.runs.success_rate}
    return told


def as_csv(report: Report) -> str:
    """A figure a line, so that a spreadsheet can turn it whichever way. With a byte order mark and CRLF line ends."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADER)
    for line in _lines(report):
        writer.writerow([harmless(cell) if isinstance(cell, str) else _cell(cell) for cell in line])
    return BYTE_ORDER_MARK + out.getvalue()


def _lines(report: Report) -> Iterator[tuple[str, str, str, Any]]:
    yield ("period", "", "starts_at", report.period.starts_at)
    yield ("period", "", "ends_at", report.period.ends_at)
    yield ("runs", "", "total", report.runs.total)
    yield ("runs", "", "success_rate", report.runs.success_rate)
    yield from (("runs", state, "count", count) for state, count in report.runs.states.items())
    yield from (("runs", "", name, value) for name, value in _durations(report.runs.durations))
    for each in report.operations:
        counts = {"items": each.items, "created": each.created, "updated": each.updated, "requests": each.requests}
        figures: list[tuple[str, Any]] = [*each.outcomes.items(), *counts.items(), *_durations(each.durations)]
        yield from (("operation", each.operation, name, value) for name, value in figures)
    yield from (("traffic", "", name, value) for name, value in asdict(report.traffic).items())
    for error in report.errors:
        figures = [("times", error.times), ("runs", error.runs), ("last_at", error.last_at)]
        figures += [("example", error.example), ("request_id", error.request_id)]
        yield from (("error", f"{error.error_class} {error.code}", name, value) for name, value in figures)
    for slow in report.slowest:
        named = f"{slow.conference} {slow.title}"
        figures = [("seconds", slow.seconds), ("requests", slow.requests), ("items", slow.items)]
        yield from (("slowest", named, name, value) for name, value in figures)
    for bucket in report.series:
        at = f"{bucket.starts_at:%Y-%m-%dT%H:%M:%SZ}"
        figures = [("runs", bucket.runs), ("failed", bucket.failed)]
        figures += [("requests", bucket.requests), ("items", bucket.items)]
        yield from (("series", at, name, value) for name, value in figures)


def _durations(durations: Durations) -> Iterator[tuple[str, float | None]]:
    yield from (("mean_seconds", durations.mean), ("longest_seconds", durations.longest))
    yield from ((f"p{percent}_seconds", value) for percent, value in durations.percentiles.items())


def _cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%M:%SZ}"
    return round(value, 3) if isinstance(value, float) else value


def _storable(value: Any) -> Any:
    if isinstance(value, datetime):
        return utc(value)
    if isinstance(value, dict):
        return {f"p{key}" if isinstance(key, int) else key: _storable(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_storable(entry) for entry in value]
    return round(value, 3) if isinstance(value, float) else value
