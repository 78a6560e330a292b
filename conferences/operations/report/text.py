"""A report for a terminal."""

from collections.abc import Iterator, Mapping

from django.utils import timezone
from rich.console import RenderableType
from rich.table import Table

from conferences.management.output import printable
from conferences.operations.report.figures import Durations, Report
from conferences.wording import counted, floored

NOTHING = "Nobody asked for a sync in this time."


def as_text(report: Report) -> Iterator[RenderableType]:
    starts_at, ends_at = (timezone.localtime(each) for each in (report.period.starts_at, report.period.ends_at))
    yield f"Syncs from {starts_at:%d %B %Y, %H:%M} to {ends_at:%d %B %Y, %H:%M} ({timezone.get_current_timezone()})"
    yield printable(f"Connections: {', '.join(report.connections) or 'none'}\n")
    if not report.runs.total:
        yield NOTHING
        return
    yield _runs(report)
    yield from (_operations(report), "")
    yield f"{_traffic(report)}\n"
    if report.errors:
        yield from (_errors(report), "")
    if report.slowest:
        yield _slowest(report)


def _table(*columns: str) -> Table:
    return Table(*columns, box=None, padding=(0, 2, 0, 0))


def _runs(report: Report) -> str:
    runs = report.runs
    rate = (
        "none has ended"
        if runs.success_rate is None
        else f"{floored(runs.success_rate, 1)} % of those that ended went well"
    )
    return f"{counted(runs.total, 'run')} ({_counted(runs.states)}): {rate}.\n{_lengths('A run', runs.durations)}\n"


def _lengths(what: str, durations: Durations) -> str:
    if not durations.percentiles:
        return f"{what}: no length is known."
    told = ", ".join(f"p{percent} {value:.1f} s" for percent, value in durations.percentiles.items())
    return f"{what} took: {told}, longest {durations.longest or 0:.1f} s."


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items())


def _operations(report: Report) -> Table:
    table = _table("Operation", "Ended", "Outcomes", "Items", "New", "Requests", "p50", "p95", "Longest")
    for each in report.operations:
        lengths = each.durations
        middle, late = (lengths.percentiles.get(percent, 0.0) for percent in (50, 95))
        told = (each.operation, sum(each.outcomes.values()), _counted(each.outcomes), each.items, each.created)
        seconds = (f"{value:.1f} s" for value in (middle, late, lengths.longest or 0.0))
        table.add_row(*map(printable, (*told, each.requests, *seconds)))
    return table


def _traffic(report: Report) -> str:
    traffic = report.traffic
    return (
        f"{counted(traffic.requests, 'request')} to providers, {traffic.retries:,} tried again, "
        f"{counted(traffic.throttled, 'time')} asked to slow down, {traffic.waited_seconds:.0f} s waited. "
        f"{counted(traffic.items, 'row')}: {traffic.created} new, "
        f"{traffic.updated} changed, {traffic.unchanged} as before."
    )


def _errors(report: Report) -> Table:
    table = _table("Errors", "Code", "Times", "Runs", "Latest", "Example", "Request id")
    for each in report.errors:
        told = (each.error_class, each.code, each.times, each.runs, f"{timezone.localtime(each.last_at):%d %b %H:%M}")
        table.add_row(*map(printable, (*told, each.example, each.request_id)))
    return table


def _slowest(report: Report) -> Table:
    table = _table("Slowest conferences", "Connection", "Seconds", "Requests", "Items")
    for each in report.slowest:
        told = (f"{each.conference} {each.title}", each.connection, f"{each.seconds:.1f}", each.requests, each.items)
        table.add_row(*map(printable, told))
    return table
