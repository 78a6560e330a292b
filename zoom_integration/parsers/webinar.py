"""The columns of a webinar, from wherever Zoom tells them.

A key that is absent yields no column, so that nothing stored is overwritten; one that is there does, be it null, zero,
false or empty.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

from zoom_integration.parsers import values
from zoom_integration.parsers.values import Raw

Reader = Callable[[Raw, str], Any]
Columns = Mapping[str, tuple[str, Reader]]


def _is_set(raw: Raw, key: str) -> bool:
    return bool(values.text(raw, key))


def _names(raw: Raw, key: str) -> Any:
    """A list that some answers give as plain text."""
    value = raw.get(key)
    return value if isinstance(value, list) else [value] if value else []


# https://developers.zoom.us/docs/api/meetings/#tag/webinars/GET/webinars/{webinarId}
SERIES: Columns = {
    "id": ("zoom_id", values.count),
    "host_id": ("host_id", values.text),
    "host_email": ("host_email", values.text),
    "topic": ("topic", values.text),
    "agenda": ("agenda", values.text),
    "type": ("type", values.count),
    "start_time": ("scheduled_start_at", values.moment),
    "duration": ("scheduled_duration_minutes", values.count),
    "timezone": ("time_zone", values.text),
    "created_at": ("created_in_zoom_at", values.moment),
    "creation_source": ("creation_source", values.text),
    "join_url": ("join_url", values.text),
    "registration_url": ("registration_url", values.text),
    "password": ("has_passcode", _is_set),
    "encrypted_passcode": ("has_encrypted_passcode", _is_set),
    "h323_passcode": ("has_h323_passcode", _is_set),
    "template_id": ("template_id", values.text),
    "is_simulive": ("is_simulive", values.flag),
    "record_file_id": ("record_file_id", values.text),
    "transition_to_live": ("transition_to_live", values.flag),
    "is_events_webinar": ("is_events_webinar", values.flag),
    "recurrence": ("recurrence", values.mapping),
    "occurrences": ("occurrences", values.objects),
    "tracking_fields": ("tracking_fields", values.objects),
    "settings": ("settings", values.mapping),
}
SETTINGS: Columns = {
    "approval_type": ("approval_type", values.count),
    "registration_type": ("registration_type", values.count),
    "registrants_restrict_number": ("registrants_restrict_number", values.count),
    "auto_recording": ("auto_recording", values.text),
    "practice_session": ("practice_session", values.flag),
    "alternative_hosts": ("alternative_hosts", values.text),
    "email_language": ("email_language", values.text),
}
# Of a listing, where the agenda is cut to 250 characters and the uuid is that of the next run.
LISTED: Columns = {key: column for key, column in SERIES.items() if key != "agenda"}
# https://developers.zoom.us/docs/api/meetings/#tag/reports/GET/report/history_meetings
HISTORY: Columns = {
    "meeting_uuid": ("uuid", values.text),
    "meeting_id": ("zoom_id", values.count),
    "host_display_name": ("host_name", values.text),
    "host_email": ("host_email", values.text),
    "topic": ("topic", values.text),
    "create_time": ("created_in_zoom_at", values.moment),
    "start_time": ("actual_start_at", values.moment),
    "end_time": ("actual_end_at", values.moment),
    "duration": ("actual_duration_minutes", values.count),
    "participants": ("participants_count", values.count),
    "total_participant_minutes": ("total_minutes", values.count),
    "unique_viewers": ("unique_viewers", values.count),
    "max_concurrent_views": ("max_concurrent_views", values.count),
    "tracking_fields": ("tracking_fields", values.objects),
}
# https://developers.zoom.us/docs/api/meetings/#tag/reports/GET/report/webinars/{webinarId}
REPORT: Columns = {
    "uuid": ("uuid", values.text),
    "id": ("zoom_id", values.count),
    "type": ("type", values.count),
    "topic": ("topic", values.text),
    "user_name": ("host_name", values.text),
    "user_email": ("host_email", values.text),
    "start_time": ("actual_start_at", values.moment),
    "end_time": ("actual_end_at", values.moment),
    "duration": ("actual_duration_minutes", values.count),
    "participants_count": ("participants_count", values.count),
    "total_minutes": ("total_minutes", values.count),
    "tracking_fields": ("tracking_fields", values.objects),
}
PLAN = ("scheduled_start_at", "scheduled_duration_minutes")
# Runs of a series lie further apart than a host is early or late.
SAME_RUN = timedelta(hours=12)
# Whoever has it can start the webinar as its host; and the uuid of a series is that of its next run.
_NOT_KEPT = ("start_url", "uuid")


def series(raw: Raw) -> dict[str, Any]:
    settings = values.mapping(raw, "settings")
    columns = {**_columns(raw, SERIES), **_columns(settings, SETTINGS), "detail_missing_at": None}
    return {**columns, "extra": values.without(raw, (*SERIES, *_NOT_KEPT))}


def planned(raw: Raw, near: datetime) -> dict[str, Any]:
    """What was planned for the run of a series that began about then; nothing where Zoom no longer lists it."""
    moments = [(values.moment(each, "start_time"), each) for each in values.objects(raw, "occurrences")]
    held = [(abs(at - near), at, each) for at, each in moments if at is not None and abs(at - near) < SAME_RUN]
    if not held:
        return {}
    _, at, chosen = min(held, key=itemgetter(0))
    return _known({"scheduled_start_at": at, "scheduled_duration_minutes": values.count(chosen, "duration")})


def listed(raw: Raw) -> dict[str, Any]:
    return _columns(raw, LISTED)


def history(raw: Raw) -> dict[str, Any]:
    """One finished occurrence, as the account's history tells it. `group` comes as a list or as plain text."""
    left = values.without(raw, HISTORY)
    return {**_known(_columns(raw, HISTORY)), "status": "ended", "report": {**left, "group": _names(raw, "group")}}


def report(raw: Raw) -> dict[str, Any]:
    return {**_known(_columns(raw, REPORT)), "status": "ended"}


def _columns(raw: Raw, table: Columns) -> dict[str, Any]:
    """A value that is there and cannot be read counts as absent."""
    told = {column: (read(raw, key), raw[key]) for key, (column, read) in table.items() if key in raw}
    return {column: value for column, (value, as_told) in told.items() if value is not None or as_told in (None, "")}


def _known(columns: dict[str, Any]) -> dict[str, Any]:
    """Zoom sends reports with blank times for days when it is behind: that says nothing."""
    return {name: value for name, value in columns.items() if value is not None and value != ""}
