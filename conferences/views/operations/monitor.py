"""Is everything well, and if not, what and since when? One page that keeps itself up to date."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from conferences.models import Alert, SyncError, SyncRun
from conferences.views.access import operator
from conferences.views.negotiation import Wanted, varying, wanted

NEWEST_ERRORS, SHOWN_RUNS, SHOWN_ALERTS = 10, 20, 20


@require_safe
def monitor(request: HttpRequest) -> HttpResponse:
    operator(request)
    template = "operations/_monitor.html" if wanted(request) is Wanted.FRAGMENT else "operations/monitor.html"
    return varying(
        render(
            request,
            template,
            {
                "alerts": Alert.objects.filter(state=Alert.State.OPEN).select_related("connection", "rule")[
                    :SHOWN_ALERTS
                ],
                "active": SyncRun.objects.filter(state__in=SyncRun.ACTIVE).select_related(
                    "connection", "conference", "requested_by"
                )[:SHOWN_RUNS],
                "errors": SyncError.objects.select_related("connection", "run")[:NEWEST_ERRORS],
            },
        )
    )
