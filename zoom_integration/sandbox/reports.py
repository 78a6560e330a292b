"""Reports on finished runs: https://developers.zoom.us/docs/api/meetings/#tag/reports."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from zoom_integration.sandbox.access import Asking
from zoom_integration.sandbox.naming import stamp
from zoom_integration.sandbox.paging import page_size
from zoom_integration.sandbox.refusals import invalid
from zoom_integration.sandbox.routes import HEAVY, Route, told
from zoom_integration.sandbox.world import MEETING, WEBINAR, Account, Host, Json, Occurrence

_TYPES = {"all": (MEETING, WEBINAR), MEETING: (MEETING,), WEBINAR: (WEBINAR,)}
_LONGEST = timedelta(days=31)
_RECENT = timedelta(days=184)


def history(asking: Asking) -> Json:
    """The runs of the whole account that started within a month; newest first, without their number."""
    kinds = _TYPES.get(asking.query.get("meeting_type", "all"))
    if kinds is None:
        raise invalid("Invalid parameter: meeting_type.", "meeting_type")
    by = asking.query.get("date_type", "start_time")
    if by not in {"start_time", "end_time"}:
        raise invalid("Invalid parameter: date_type.", "date_type")
    found = [each for each in _within(asking, asking.account, by) if each.series.kind in kinds]
    size, start = page_size(asking.request), asking.pages.start(asking.request)
    following = start + size < len(found)
    return {
        "next_page_token": asking.pages.token(asking.request, start + size) if following else "",
        "page_size": size,
        "history_meetings": [_history_row(each) for each in found[start : start + size]],
    }


def user_meetings(asking: Asking, user: str) -> Json:
    """Runs of two and more people; `pastOne` lists the lonely ones."""
    host = asking.host(user)
    kind = asking.query.get("type", "past")
    if kind not in {"past", "pastOne", "pastJoined"}:
        raise invalid("Invalid parameter: type.", "type")
    if _day(asking, "from") < datetime.now(UTC).date() - _RECENT:
        raise invalid("This report is only available for the last six months.", "from")
    lonely = kind == "pastOne"
    held = [each for each in _within(asking, asking.account, "start_time") if each.series.host == host]
    rows = [_report(each, listed=True) for each in held if _people(each) and (_people(each) == 1) == lonely]
    named = {name: asking.query[name] for name in ("from", "to")}
    return {**asking.pages.page(asking.request, "meetings", rows), **named, "page_number": 1}


def users(asking: Asking) -> Json:
    """Who hosted in these days (active), and who did not (inactive)."""
    kind = asking.query.get("type", "active")
    if kind not in {"active", "inactive"}:
        raise invalid("Invalid parameter: type.", "type")
    held = _within(asking, asking.account, "start_time")
    known = [host for host in asking.account.hosts if host.status != "pending"]
    found = [host for host in known if any(run.series.host == host for run in held) == (kind == "active")]
    rows = [_host_row(host, [run for run in held if run.series.host == host]) for host in found]
    named = {name: asking.query[name] for name in ("from", "to")}
    return {**asking.pages.page(asking.request, "users", rows), **named, "page_number": 1}


def _host_row(host: Host, held: list[Occurrence]) -> Json:
    return {
        "id": host.id,
        "email": host.email,
        "user_name": host.name,
        "type": 2 if host.licensed else 1,
        "dept": "",
        "meetings": len(held),
        "participants": sum(len(run.rows) for run in held),
        "meeting_minutes": sum(run.minutes for run in held),
    }


def report(asking: Asking, run: str, kind: str) -> Json:
    return _report(told(asking.occurrence(run, kind), "report"), listed=False)


def participants(asking: Asking, run: str, kind: str) -> Json:
    """`include_fields=registrant_id` adds that property."""
    occurrence = told(asking.occurrence(run, kind), "participants")
    wanted = asking.query.get("include_fields")
    if wanted not in {None, "registrant_id"}:
        raise invalid("Invalid parameter: include_fields.", "include_fields")
    page = asking.pages.page(asking.request, "participants", occurrence.rows, total=occurrence.total)
    hidden = set() if wanted else {"registrant_id"}
    page["participants"] = [without(row, hidden) for row in page["participants"]]
    return page


def without(row: Json, names: set[str]) -> Json:
    return {name: value for name, value in row.items() if name not in names}


def _within(asking: Asking, account: Account, by: str) -> list[Occurrence]:
    first, last = _day(asking, "from"), _day(asking, "to")
    if last < first:
        raise invalid("Invalid parameter: from. It must not be after “to”.", "from")
    if last - first > _LONGEST:
        raise invalid("Invalid parameter: to. The range can be one month at most.", "to")
    found = [each for each in account.occurrences.values() if first <= _moment(each, by).date() <= last]
    return sorted(found, key=lambda each: _moment(each, by), reverse=True)


def _moment(occurrence: Occurrence, by: str) -> datetime:
    return occurrence.starts_at if by == "start_time" else occurrence.ends_at


def _day(asking: Asking, name: str) -> date:
    text = asking.query.get(name, "")
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        raise invalid(f"Invalid parameter: {name}.", name) from None


def _people(occurrence: Occurrence) -> int:
    return len(occurrence.rows) if occurrence.people is None else occurrence.people


def _history_row(occurrence: Occurrence) -> Json:
    series, people = occurrence.series, _people(occurrence)
    row = {
        "meeting_uuid": occurrence.uuid,
        "meeting_id": series.id,
        "type": series.kind.title(),
        "host_display_name": series.host.name,
        "host_email": series.host.email,
        "start_time": stamp(occurrence.starts_at),
        "end_time": stamp(occurrence.ends_at),
        "topic": series.topic,
        "participants": len(occurrence.rows),
        "duration": occurrence.minutes,
        "total_participant_minutes": occurrence.total_minutes,
        "department": "",
        "group": [],
        "source": "Zoom",
        "unique_viewers": people,
        "max_concurrent_views": people,
        "create_time": stamp(series.created_at),
        "custom_fields": [],
        "tracking_fields": series.changes.get("tracking_fields", []),
        "feature_used": {"registration": series.registrants is not None, "poll": bool(occurrence.polls)},
    }
    return {**row, **occurrence.history}


def _report(occurrence: Occurrence, *, listed: bool) -> Json:
    series = occurrence.series
    row: dict[str, Any] = {
        "uuid": occurrence.uuid,
        "id": series.id,
        "type": series.type,
        "topic": series.topic,
        "user_name": series.host.name,
        "user_email": series.host.email,
        "start_time": stamp(occurrence.starts_at),
        "end_time": stamp(occurrence.ends_at),
        "duration": occurrence.minutes,
        "total_minutes": occurrence.total_minutes,
        "participants_count": len(occurrence.rows),
        "custom_keys": [],
    }
    if listed:
        return {**row, "source": "Zoom", "participants_count_my_account": 1}
    return {**row, "dept": "", "tracking_fields": series.changes.get("tracking_fields", [])}


ROUTES = (
    Route("/report/history_meetings", HEAVY, "report:read:list_history_meetings", history),
    Route("/report/users", HEAVY, "report:read:list_users", users),
    Route("/report/users/{user}/meetings", HEAVY, "report:read:user", user_meetings),
    Route("/report/webinars/{run}", HEAVY, "report:read:webinar", report, WEBINAR),
    Route("/report/meetings/{run}", HEAVY, "report:read:meeting", report, MEETING),
    Route("/report/webinars/{run}/participants", HEAVY, "report:read:list_webinar_participants", participants, WEBINAR),
    Route("/report/meetings/{run}/participants", HEAVY, "report:read:list_meeting_participants", participants, MEETING),
)
