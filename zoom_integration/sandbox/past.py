"""Finished runs without the reports' licence: runs of a series, their participants, and who stayed away."""

from zoom_integration.sandbox.access import Asking
from zoom_integration.sandbox.naming import stamp
from zoom_integration.sandbox.refusals import Refusal, invalid
from zoom_integration.sandbox.reports import without
from zoom_integration.sandbox.routes import HEAVY, LIGHT, MEDIUM, Route, told
from zoom_integration.sandbox.world import MEETING, WEBINAR, Json

_REPORT_ONLY = {"participant_user_id", "customer_key", "bo_mtg_id"}


def instances(asking: Asking, series: str, kind: str) -> Json:
    """By number only, in no order. A deleted series has none, though its reports live on."""
    if not series.isdigit():
        raise invalid(f"Invalid {kind} ID.", f"{kind}Id")
    runs = asking.account.runs_of(asking.series(kind, series))
    rows = [{"uuid": run.uuid, "start_time": stamp(run.starts_at)} for run in runs]
    return {f"{kind}s": sorted(rows, key=lambda row: row["uuid"])}


def participants(asking: Asking, run: str, kind: str) -> Json:
    occurrence = told(asking.occurrence(run, kind), "fallback")
    page = asking.pages.page(asking.request, "participants", occurrence.rows, total=occurrence.total)
    hidden = _REPORT_ONLY | (set() if asking.query.get("include_fields") else {"registrant_id"})
    page["participants"] = [{**without(row, hidden), "internal_user": bool(row["id"])} for row in page["participants"]]
    return page


def absentees(asking: Asking, run: str) -> Json:
    """The approved registrants of whom no row tells."""
    occurrence = told(asking.occurrence(run, WEBINAR), "absentees")
    registered = occurrence.series.registrants
    if registered is None:
        raise Refusal(400, 3000, f"This webinar doesn't have registration required: {occurrence.uuid}.")
    came = {row["registrant_id"] for row in occurrence.rows}
    rows = [row for row in registered if row["status"] == "approved" and row["id"] not in came]
    return {**asking.pages.page(asking.request, "registrants", rows), "page_number": 1}


def past_meeting(asking: Asking, run: str) -> Json:
    occurrence = told(asking.occurrence(run, MEETING), "past")
    series = occurrence.series
    return {
        "uuid": occurrence.uuid,
        "id": series.id,
        "host_id": series.host.id,
        "topic": series.topic,
        "type": series.type,
        "user_name": series.host.name,
        "user_email": series.host.email,
        "start_time": stamp(occurrence.starts_at),
        "end_time": stamp(occurrence.ends_at),
        "duration": occurrence.minutes,
        "total_minutes": occurrence.total_minutes,
        "participants_count": len(occurrence.rows),
        "dept": "",
        "source": "Zoom",
    }


ROUTES = (
    Route("/past_webinars/{series}/instances", LIGHT, "webinar:read:list_past_instances", instances, WEBINAR),
    Route("/past_meetings/{series}/instances", MEDIUM, "meeting:read:list_past_instances", instances, MEETING),
    Route("/past_webinars/{run}/participants", MEDIUM, "webinar:read:list_past_participants", participants, WEBINAR),
    Route("/past_meetings/{run}/participants", MEDIUM, "meeting:read:list_past_participants", participants, MEETING),
    Route("/past_webinars/{run}/absentees", HEAVY, "webinar:read:list_absentees", absentees),
    Route("/past_meetings/{run}", LIGHT, "meeting:read:past_meeting", past_meeting),
)
