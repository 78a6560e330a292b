"""One occurrence of a webinar or meeting, as the listings that lead to it tell it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from conferences.providers.records import ConferenceRecord
from zoom_integration.parsers import values, webinar
from zoom_integration.parsers.values import Raw

KINDS = ("webinar", "meeting")
# Zoom's numbers. Webinars: once, recurring without and with fixed times; the others are meetings.
_NUMBERED = {**dict.fromkeys((5, 6, 9), "webinar"), **dict.fromkeys((1, 2, 3, 4, 7, 8), "meeting")}
# What takes place once: a webinar, a meeting.
ONCE = frozenset({5, 2})
# What the account's history calls what a host's report calls otherwise.
_IN_REPORTS = {"meeting_uuid": "uuid", "meeting_id": "id", "host_email": "user_email"}


@dataclass(frozen=True, slots=True)
class Occurrence:
    """`uuid` names this run, `number` the series; an instance list gives no end."""

    uuid: str
    kind: str
    number: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None


def instance(raw: Raw, kind: str, number: str) -> Occurrence:
    return Occurrence(values.text(raw, "uuid"), kind, number, values.moment(raw, "start_time"))


def of_history(raw: Raw, kind: str) -> Occurrence:
    """Blank times occur: the start is then reckoned from the end, or else taken from when it was created."""
    length = timedelta(minutes=values.count(raw, "duration") or 0)
    starts_at, ends_at = values.moment(raw, "start_time"), values.moment(raw, "end_time")
    if starts_at is None:
        starts_at = ends_at - length if ends_at else values.moment(raw, "create_time")
    if ends_at is None or (starts_at and ends_at < starts_at):
        ends_at = starts_at + length if starts_at else None
    return Occurrence(values.text(raw, "meeting_uuid"), kind, values.text(raw, "meeting_id"), starts_at, ends_at)


def kind_of(raw: Raw, asked: str) -> str:
    """By Zoom's number of the type or the word for it; what neither tells is taken for what was asked for."""
    if kind := _NUMBERED.get(values.count(raw, "type") or 0):
        return kind
    word = values.text(raw, "type").lower()
    return next((kind for kind in KINDS if kind in word), asked)


def flaws(raw: Raw) -> list[str]:
    """What is wrong with a row of the history, in a few words each."""
    start, end = values.moment(raw, "start_time"), values.moment(raw, "end_time")
    found = {
        "no uuid": not values.text(raw, "meeting_uuid"),
        "no start": start is None,
        "no end": end is None,
        "ends before it starts": bool(start and end and end < start),
        "no number": values.count(raw, "meeting_id") is None,
        "length not readable": "duration" in raw and values.count(raw, "duration") is None,
    }
    return [flaw for flaw, holds in found.items() if holds]


def mark(raw: Raw) -> str:
    """Names an entry that has no uuid: the same at every fetch of it."""
    return hashlib.sha256(json.dumps(raw, sort_keys=True, default=str).encode()).hexdigest()


def conference(raw: Raw, kind: str) -> ConferenceRecord | None:
    """A finished occurrence of the history; None when not even its uuid or any time is known."""
    return _finished(raw, kind, webinar.history(raw))


def reported(raw: Raw, kind: str) -> ConferenceRecord | None:
    """A finished occurrence of a host's report."""
    detail = {**webinar.report(raw), "report": values.without(raw, webinar.REPORT)}
    return _finished(as_history(raw), kind, detail)


def as_history(raw: Raw) -> dict[str, Any]:
    """A row of a host's report in the words of the account's history."""
    return {**raw, **{theirs: raw[ours] for theirs, ours in _IN_REPORTS.items() if ours in raw}}


def _finished(raw: Raw, kind: str, detail: Mapping[str, Any]) -> ConferenceRecord | None:
    found = of_history(raw, kind)
    if not found.uuid or found.starts_at is None or found.ends_at is None:
        return None
    told = {"starts_at": values.moment(raw, "start_time"), "ends_at": values.moment(raw, "end_time")}
    return ConferenceRecord(
        external_id=found.uuid,
        title=_title(raw, found.number, kind),
        starts_at=found.starts_at,
        ends_at=found.ends_at,
        series_id=found.number,
        organizer=values.text(raw, "host_email"),
        detail={"kind": kind, **detail},
        guessed=tuple(name for name, moment in told.items() if moment != getattr(found, name)),
    )


def scheduled(raw: Raw, kind: str, now: datetime) -> ConferenceRecord | None:
    """A run to come, or under way, from a host's list: its uuid is the one that the run will have. None without a fixed
    time."""
    uuid, number, starts_at = values.text(raw, "uuid"), values.text(raw, "id"), values.moment(raw, "start_time")
    if not uuid or starts_at is None:
        return None
    status = "live" if starts_at <= now else "upcoming"
    return ConferenceRecord(
        external_id=uuid,
        title=_title(raw, number, kind),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=values.count(raw, "duration") or 0),
        series_id=number,
        join_url=values.text(raw, "join_url"),
        time_zone=values.text(raw, "timezone"),
        detail={"kind": kind, "uuid": uuid, "status": status, **webinar.listed(raw)},
        planned=True,
    )


def past(raw: Raw, found: Occurrence) -> ConferenceRecord | None:
    """A finished run of a listed series, where the account's history may not be read: its end is only planned."""
    if not found.uuid or found.starts_at is None:
        return None
    planned = timedelta(minutes=values.count(raw, "duration") or 0)
    of_series = webinar.listed(raw)
    if values.count(raw, "type") not in ONCE:
        of_series.pop("scheduled_start_at", None)  # is that of the next run
    return ConferenceRecord(
        external_id=found.uuid,
        title=_title(raw, found.number, found.kind),
        starts_at=found.starts_at,
        ends_at=found.starts_at + planned,
        series_id=found.number,
        join_url=values.text(raw, "join_url"),
        time_zone=values.text(raw, "timezone"),
        detail={
            **of_series,
            "kind": found.kind,
            "uuid": found.uuid,
            "status": "ended",
            "actual_start_at": found.starts_at,
        },
        guessed=("ends_at",),
    )


def _title(raw: Raw, number: str, kind: str) -> str:
    return values.text(raw, "topic") or f"Zoom {kind} {number}".strip()
