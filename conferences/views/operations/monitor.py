"""Is everything well, and if not, what and since when? One page that keeps itself up to date."""

import logging
from typing import Any

from django.db import DatabaseError
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
from conferences.sync.database import sentence_of
from conferences.views.access import operator
from conferences.views.negotiation import Wanted, varying, wanted

logger = logging.getLogger(__name__)

NEWEST_ERRORS, SHOWN_RUNS, SHOWN_ALERTS, NEWEST_RUNS = 10, 20, 20, 10
NO_DATA = "Nothing has been synced or checked of late, so there is nothing to judge by yet."


@require_safe
def monitor(request: HttpRequest) -> HttpResponse:
    """What is read again and again is cheap; what connections hold is counted when the page is opened."""
    operator(request)
    look_if_due()
    if wanted(request) is Wanted.FRAGMENT:
        return varying(render(request, "operations/_monitor.html", _now()))
    return varying(render(request, "operations/monitor.html", {**_now(), **_held()}))


def _held() -> dict[str, Any]:
    """Counting takes room on the disk; what is wrong must be told without it."""
    try:
        return {"holdings": holdings(), "paces": paces(NEWEST_RUNS), "counted_at": timezone.now()}
    except DatabaseError as error:
        logger.warning("the statistics cannot be counted (%s)", type(error.__cause__ or error).__name__)
        return {"uncounted": sentence_of(error)}


def _now() -> dict[str, Any]:
    found = overview()
    active = SyncRun.objects.filter(state__in=SyncRun.ACTIVE).select_related("connection", "conference")
    open_alerts = Alert.objects.filter(state=Alert.State.OPEN).select_related("connection", "acknowledged_by")
    return {
        "overview": found,
        "headline": headline(found, open_alerts.count()),
        "workers": workers(),
        "alerts": open_alerts[:SHOWN_ALERTS],
        "active": active[:SHOWN_RUNS],
        "active_count": active.count(),
        "errors": SyncError.objects.select_related("connection")[:NEWEST_ERRORS],
    }


def headline(found: Overview, open_alerts: int) -> str:
    """The page's one question, answered in a sentence; what cannot work at all is listed below it."""
    if found.health.critical:
        return "Nothing can be synced right now."
    hurt = [one for one in found.connections if one.health.level in {Level.POOR, Level.CRITICAL}]
    if hurt:
        names = ", ".join(one.connection.name for one in hurt)
        connections = "connection" if len(found.connections) == 1 else "connections"
        need = "needs" if len(hurt) == 1 else "need"
        return f"{len(hurt)} of {len(found.connections)} {connections} {need} attention: {names}."
    if found.health.score is None:
        return NO_DATA
    if open_alerts:
        return f"Everything can be synced. {open_alerts} open {'alert is' if open_alerts == 1 else 'alerts are'} below."
    return "All is well."
