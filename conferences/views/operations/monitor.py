"""Is everything well, and if not, what and since when? One page that keeps itself up to date."""

import logging
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from conferences.models import Alert, SyncRun
from conferences.operations.alerts.looking import look_if_due
from conferences.operations.causes import newest_causes
from conferences.operations.headline import headline
from conferences.operations.overview import overview
from conferences.operations.paused import paused
from conferences.operations.statistics import holdings, paces
from conferences.operations.workers import workers
from conferences.sync.database import sentence_of
from conferences.views.access import operator
from conferences.views.negotiation import Wanted, varying, wanted

logger = logging.getLogger(__name__)

NEWEST_ERRORS, SHOWN_RUNS, SHOWN_ALERTS, NEWEST_RUNS = 10, 20, 20, 10


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
    alert_count = open_alerts.count()
    return {
        "overview": found,
        "headline": headline(found, alert_count),
        "workers": workers(),
        "alerts": open_alerts[:SHOWN_ALERTS],
        "alert_count": alert_count,
        "active": active[:SHOWN_RUNS],
        "active_count": active.count(),
        "paused": paused().select_related("connection", "conference")[:SHOWN_RUNS],
        "errors": newest_causes(NEWEST_ERRORS),
    }
