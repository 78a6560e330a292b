"""What Zoom knows of the series and of this run, for the provider's own columns.

https://developers.zoom.us/docs/api/meetings/#tag/webinars/GET/webinars/{webinarId}
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from conferences.providers.errors import (
    Blocked,
    CredentialsRefused,
    DailyLimit,
    Malformed,
    Missing,
    ProviderError,
    Rejected,
)
from conferences.providers.records import DetailRecord, Notice, Problem, Record
from zoom_integration.parsers import values, webinar
from zoom_integration.parsers.occurrences import ONCE
from zoom_integration.parsers.people import Crew
from zoom_integration.services.inquiry import Inquiry


def learn(inquiry: Inquiry) -> Iterator[Record]:
    """A series that Zoom has deleted keeps what is stored, and says since when it is missing."""
    yield DetailRecord(_identity(inquiry), explicit=True)
    columns: dict[str, Any] = {}
    try:
        columns = _series(inquiry)
        yield DetailRecord(columns, explicit=True, time_zone=columns.get("time_zone", ""))
    except (CredentialsRefused, DailyLimit):
        raise
    except Missing:
        if inquiry.known("detail_missing_at") is None:
            yield DetailRecord({"detail_missing_at": inquiry.now()})
    except (Blocked, Malformed, Rejected) as error:
        yield Notice(f"The details could not be read: {error.message}", "warning", error.code)
    except ProviderError as error:
        yield Problem(error)
    yield from _turned_out(inquiry, columns.get("scheduled_duration_minutes"))
    yield from _report(inquiry)


def _series(inquiry: Inquiry) -> dict[str, Any]:
    """The time that a series states is that of its next run, and not of this one."""
    raw = inquiry.series()
    columns = webinar.series(raw)
    if values.count(raw, "type") in ONCE:
        return columns
    return {**values.without(columns, webinar.PLAN), **webinar.planned(raw, inquiry.window.starts_at)}


def _identity(inquiry: Inquiry) -> dict[str, Any]:
    number = inquiry.number
    first = inquiry.occurrences[0] if inquiry.occurrences else None
    told = {
        "kind": inquiry.kind,
        "zoom_id": int(number) if number.isascii() and number.isdigit() else None,
        "uuid": first.uuid if first else "",
        "status": "ended" if first and inquiry.now() >= inquiry.window.ends_at else "",
        "actual_start_at": first.starts_at if first else None,
        "creation_source": values.text(inquiry.known("report") or {}, "source"),
    }
    # Of these others know better, if they have told.
    known = {name for name in ("actual_start_at", "creation_source") if inquiry.known(name)}
    return {name: value for name, value in told.items() if value and name not in known}


def _turned_out(inquiry: Inquiry, planned_minutes: int | None) -> Iterator[Record]:
    """When it was, where its listing told no time. One of unknown length was as long as planned."""
    if (window := inquiry.found().window) is None:
        return
    ends_at = window.ends_at
    if inquiry.occurrences[0].ends_at is None and planned_minutes and not inquiry.known("actual_duration_minutes"):
        ends_at = window.starts_at + timedelta(minutes=planned_minutes)
    yield DetailRecord({}, starts_at=window.starts_at, ends_at=ends_at)


def _report(inquiry: Inquiry) -> Iterator[Record]:
    """Only where no listing has told it all yet: reports are the dearest calls."""
    told = inquiry.known("participants_count") is not None and _is_timed(inquiry)
    found = inquiry.found()
    if told or len(found.occurrences) != 1 or found.report == {}:
        return
    run = found.occurrences[0]
    try:
        columns = webinar.report(inquiry.client.report(run.kind, run.uuid) if found.report is None else found.report)
        start, end = columns.get("actual_start_at"), columns.get("actual_end_at")
        began_at = start or inquiry.known("actual_start_at")
        yield DetailRecord(columns, explicit=True, starts_at=start, ends_at=end if began_at else None)
    except (Blocked, Malformed, Missing, Rejected):
        return
    except (CredentialsRefused, DailyLimit):
        raise
    except ProviderError as error:
        yield Problem(error)


def _is_timed(inquiry: Inquiry) -> bool:
    start, end = inquiry.known("actual_start_at"), inquiry.known("actual_end_at")
    return start is not None and end is not None and start <= end


def crew(inquiry: Inquiry) -> Iterator[Record | Crew]:
    """Who ran the event; the Crew comes last."""
    series = inquiry.series_or_nothing()
    host = {
        values.text(series, "host_id"),
        values.text(series, "host_email").lower(),
        str(inquiry.known("host_id") or ""),
        str(inquiry.known("host_email") or "").lower(),
        inquiry.target.organizer,
    }
    settings = values.mapping(series, "settings")
    others = {each.strip().lower() for each in values.text(settings, "alternative_hosts").replace(";", ",").split(",")}
    known = True
    if inquiry.kind == "webinar" and inquiry.number:
        try:
            others |= {mark for raw in inquiry.client.panelists(inquiry.number) for mark in _marks(raw)}
        except (Blocked, Malformed, Missing, Rejected) as error:
            known = False
            yield Notice(f"Panelists could not be told from attendees: {error.message}", code="no_panelists")
        except (CredentialsRefused, DailyLimit):
            raise
        except ProviderError as error:
            known = False
            yield Problem(error)
    yield Crew(frozenset(host - {""}), frozenset(others - {""}), known=known)


def _marks(raw: dict[str, Any]) -> tuple[str, str]:
    return values.text(raw, "email").lower(), values.text(raw, "id")
