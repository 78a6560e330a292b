"""Who hosts in the account, and what they have planned: https://developers.zoom.us/docs/api/users/."""

from datetime import UTC, datetime, timedelta

from zoom_integration.sandbox.access import Asking
from zoom_integration.sandbox.naming import stamp
from zoom_integration.sandbox.paging import page_size
from zoom_integration.sandbox.refusals import Refusal, invalid
from zoom_integration.sandbox.routes import LIGHT, MEDIUM, Route
from zoom_integration.sandbox.world import MEETING, WEBINAR, Host, Json, Series

_BASIC, _LICENSED = 1, 2
_AGENDA_CUT = 250
_NO_PLAN = (
    "Webinar plan is missing. You must subscribe to the webinar plan and enable webinars for this user in order to "
    "perform this action: {}."
)
_UNEXPIRED = timedelta(days=30)
_MEETING_TYPES = ("scheduled", "live", "upcoming", "upcoming_meetings", "previous_meetings")


def users(asking: Asking) -> Json:
    status = asking.query.get("status", "active")
    if status not in {"active", "inactive", "pending"}:
        raise invalid("Invalid parameter: status.", "status")
    rows = [_row(host) for host in asking.account.hosts if host.status == status]
    return {**asking.pages.page(asking.request, "users", rows), "page_number": 1}


def user(asking: Asking, user: str) -> Json:
    host = asking.host(user)
    return {**_row(host), "account_id": asking.account.id, "company": asking.account.name}


def _row(host: Host) -> Json:
    """Who has not accepted the invitation has no id."""
    first, _, last = host.name.partition(" ")
    row: Json = {
        "email": host.email,
        "first_name": first,
        "last_name": last,
        "display_name": host.name,
        "type": _LICENSED if host.licensed else _BASIC,
        "status": host.status,
        "timezone": "Europe/Berlin",
        "verified": 1,
    }
    return row if host.status == "pending" else {**row, "id": host.id, "dept": ""}


def webinars(asking: Asking, user: str) -> Json:
    """What has not expired: recent, running and to come. Pages by number, in some accounts by token as well."""
    host = asking.host(user)
    if not host.licensed:
        raise Refusal(400, 200, _NO_PLAN.format(host.id))
    kind = asking.query.get("type", "scheduled")
    if kind not in {"scheduled", "upcoming"}:
        raise invalid("Invalid parameter: type.", "type")
    rows = [_planned(each) for each in _unexpired(asking, host, WEBINAR, kind)]
    if "page_number" not in asking.query and asking.account.list_tokens:
        return {**asking.pages.page(asking.request, "webinars", rows), "page_number": 1}
    size, number = page_size(asking.request), asking.query.get("page_number", "1")
    if not number.isdigit() or not int(number):
        raise invalid("Invalid parameter: page_number.", "page_number")
    start = (int(number) - 1) * size
    return {
        "next_page_token": "",
        "page_count": max(-(-len(rows) // size), 1),
        "page_number": int(number),
        "page_size": size,
        "total_records": len(rows),
        "webinars": rows[start : start + size],
    }


def meetings(asking: Asking, user: str) -> Json:
    host = asking.host(user)
    kind = asking.query.get("type", "scheduled")
    if kind not in _MEETING_TYPES:
        raise invalid("Invalid parameter: type.", "type")
    rows = [_planned(each) for each in _unexpired(asking, host, MEETING, kind)]
    return asking.pages.page(asking.request, "meetings", rows)


def _unexpired(asking: Asking, host: Host, kind: str, which: str) -> list[Series]:
    now = datetime.now(UTC)
    since = now if "upcoming" in which else now - _UNEXPIRED
    found = [each for each in asking.account.series.values() if each.kind == kind and each.host == host]
    return [each for each in found if not each.deleted and max((each.starts_at, *each.upcoming)) >= since]


def _planned(series: Series) -> Json:
    row: Json = {
        "uuid": series.planned_uuid,
        "id": series.id,
        "host_id": series.host.id,
        "topic": series.topic,
        "type": series.type,
        "start_time": stamp(series.next_starts_at),
        "duration": series.minutes,
        "timezone": series.timezone,
        "agenda": series.agenda[:_AGENDA_CUT],
        "created_at": stamp(series.created_at),
        "join_url": series.join_url,
    }
    return {**row, "is_simulive": False} if series.kind == WEBINAR else row


ROUTES = (
    Route("/users", MEDIUM, "user:read:list_users", users),
    Route("/users/{user}", LIGHT, "user:read:user", user),
    Route("/users/{user}/webinars", MEDIUM, "webinar:read:list_webinars", webinars),
    Route("/users/{user}/meetings", MEDIUM, "meeting:read:list_meetings", meetings),
)
