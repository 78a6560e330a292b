"""Is everything well, and if not, what and since when? One page that keeps itself up to date."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from conferences.models import Alert, SyncError, SyncRun
from conferences.operations.alerts.looking import look_if_due
from conferences.operations.health import Level
from conferences.operations.overview import Overview, overview
from conferences.operations.statistics import holdings, paces
from conferences.operations.workers import workers
from conferences.views.access import operator
from conferences.views.negotiation import Wanted, varying, wanted

NEWEST_ERRORS, SHOWN_RUNS, SHOWN_ALERTS, NEWEST_RUNS = 10, 20, 20, 10
NO_DATA = "Nothing has been synced or checked of late, so there is nothing to judge by yet."


@require_safe
def monitor(request: HttpRequest) -> HttpResponse:
    """What is read again and again is cheap; what connections hold is counted when the page is opened."""
    operator(request)
    look_if_due()
    if wanted(request) is Wanted.FRAGMENT:
        return varying(render(request, "operations/_monitor.html", _now()))
    held = {"holdings": holdings(), "paces": paces(NEWEST_RUNS), "counted_at": timezone.now()}
    return varying(render(request, "operations/monitor.html", {**_now(), **held}))


def _now() -> dict[str, Any]:
    found = overview()
    active = SyncRun.objects.filter(state__in=SyncRun.ACTIVE).select_related("connection", "conference")
    open_alerts = Alert.objects.filter(state=Alert.State.OPEN).select_related("connection", "acknowledged_by")
    return {
        "overview": found,
        "headline": headline(found),
        "workers": workers(),
        "alerts": open_alerts[:SHOWN_ALERTS],
        "active": active[:SHOWN_RUNS],
        "active_count": active.count(),
        "errors": SyncError.objects.select_related("connection")[:NEWEST_ERRORS],
    }


def headline(found: Overview) -> str:
    """The page's one question, answered in a sentence; what cannot work at all is listed below it."""
    if found.health.critical:
        return "Nothing can be synced right now."
    hurt = [one for one in found.connections if one.health.level in {Level.POOR, Level.CRITICAL}]
    if hurt:
        names = ", ".join(one.connection.name for one in hurt)
        return f"{len(hurt)} of {len(found.connections)} connections need attention: {names}."
    return NO_DATA if found.health.score is None else "All is well."
