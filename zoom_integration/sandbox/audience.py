"""Who was invited to a series: registrants, panelists, and what registration asks."""

from zoom_integration.sandbox.access import Asking
from zoom_integration.sandbox.refusals import Refusal, invalid
from zoom_integration.sandbox.routes import LIGHT, MEDIUM, Route
from zoom_integration.sandbox.world import MEETING, WEBINAR, Json

STATUSES = ("approved", "pending", "denied")


def registrants(asking: Asking, series: str, kind: str) -> Json:
    """Those of one status; without one, the approved."""
    found = asking.series(kind, series)
    status = asking.query.get("status", "approved")
    if status not in STATUSES:
        raise invalid("Invalid parameter: status.", "status")
    if found.registrants is None:
        raise Refusal(400, 3000, f"Registration has not been enabled for this {kind}: {series}.")
    rows = [row for row in found.registrants if row["status"] == status]
    return {**asking.pages.page(asking.request, "registrants", rows), "page_number": 1}


def registration_questions(asking: Asking, series: str) -> Json:
    found = asking.series(WEBINAR, series)
    if found.registrants is None:
        raise Refusal(400, 3000, f"Registration has not been enabled for this webinar: {series}.")
    custom = {"title": "What do you hope to learn?", "type": "short", "required": False, "answers": []}
    return {"questions": [{"field_name": "last_name", "required": True}], "custom_questions": [custom]}


def panelists(asking: Asking, series: str) -> Json:
    """One page, however many there are."""
    rows = asking.series(WEBINAR, series).panelists
    return {"total_records": len(rows), "panelists": rows}


def tracking_sources(asking: Asking, series: str) -> Json:
    rows = asking.series(WEBINAR, series).tracking_sources
    return {"total_records": len(rows), "tracking_sources": rows}


def poll_definitions(asking: Asking, series: str) -> Json:
    found = asking.series(WEBINAR, series)
    if not found.polls:
        raise Refusal(
            400,
            4400,
            "Webinar polls disabled. To enable this feature, enable the Webinar Polls/Quizzes setting in the Zoom "
            "web portal's Settings interface.",
        )
    return {"total_records": len(found.polls), "polls": found.polls}


ROUTES = (
    Route("/webinars/{series}/registrants", MEDIUM, "webinar:read:list_registrants", registrants, WEBINAR),
    Route("/meetings/{series}/registrants", MEDIUM, "meeting:read:list_registrants", registrants, MEETING),
    Route(
        "/webinars/{series}/registrants/questions",
        LIGHT,
        "webinar:read:list_registration_questions",
        registration_questions,
    ),
    Route("/webinars/{series}/panelists", MEDIUM, "webinar:read:list_panelists", panelists),
    Route("/webinars/{series}/tracking_sources", MEDIUM, "webinar:read:list_tracking_sources", tracking_sources),
    Route("/webinars/{series}/polls", LIGHT, "webinar:read:list_polls", poll_definitions),
)
