"""When a run took place whose listing told no start: for days when it is behind, Zoom sends blank times.

The report of the run states both times, and the list of its series' runs the start.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from conferences.providers.errors import Blocked, DailyLimit, Malformed, Missing, Rejected, Retryable
from conferences.providers.window import Window
from zoom_integration.client import Raw, ZoomClient
from zoom_integration.parsers import occurrences, values
from zoom_integration.parsers.occurrences import Occurrence

_REFUSALS = (Blocked, Malformed, Missing, Rejected)


def is_untimed(detail: Mapping[str, Any]) -> bool:
    """Known to be over, and yet not when it began."""
    return detail.get("status") == "ended" and detail.get("actual_start_at") is None


def look_up(client: ZoomClient, run: Occurrence) -> tuple[Occurrence, Raw | None]:
    """The run with those of its times that Zoom states, and its report: empty when it may not be read, None after a
    fault, which says nothing."""
    report = _report(client, run)
    starts_at = values.moment(report or {}, "start_time") or _listed_start(client, run)
    ends_at = values.moment(report or {}, "end_time") or run.ends_at or _reckoned_end(starts_at, report or {})
    return replace(run, starts_at=starts_at, ends_at=ends_at), report


def _reckoned_end(starts_at: datetime | None, report: Raw) -> datetime | None:
    """By the length that the report states, in minutes."""
    minutes = values.count(report, "duration")
    return starts_at + timedelta(minutes=minutes) if starts_at and minutes else None


def window(guessed: Window, run: Occurrence) -> Window | None:
    """In place of the guessed one, and as long where no end is known. Its neighbours were those of another day."""
    if run.starts_at is None:
        return None
    length = guessed.ends_at - guessed.starts_at
    ends_at = max(run.starts_at, run.ends_at or run.starts_at + length)
    return Window(run.starts_at, ends_at, guessed.before, guessed.after)


def _report(client: ZoomClient, run: Occurrence) -> Raw | None:
    try:
        return client.report(run.kind, run.uuid)
    except _REFUSALS:
        return {}
    except DailyLimit:
        raise
    except Retryable:
        return None


def _listed_start(client: ZoomClient, run: Occurrence) -> datetime | None:
    if not run.number:
        return None
    try:
        listed = [
            occurrences.instance(raw, run.kind, run.number) for raw in client.past_instances(run.kind, run.number)
        ]
    except DailyLimit:
        raise
    except (*_REFUSALS, Retryable):
        return None
    return next((each.starts_at for each in listed if each.uuid == run.uuid), None)
