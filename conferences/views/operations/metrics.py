"""Metrics for Prometheus: for whoever has the token, or without one for this machine itself."""

import hmac
from http import HTTPStatus
from ipaddress import ip_address

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from conferences.operations.metrics import exposition

# Whoever sets one of these speaks for somebody else, who may be anywhere.
SPOKEN_FOR = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Via")


@login_not_required
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    if not _may_read(request):
        return HttpResponse("Not for you: see METRICS_TOKEN.\n", "text/plain", HTTPStatus.FORBIDDEN)
    try:
        return HttpResponse(exposition(), CONTENT_TYPE_LATEST)
    except Error:
        return HttpResponse("The database does not answer.\n", "text/plain", HTTPStatus.SERVICE_UNAVAILABLE)


def _may_read(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        wanted = f"Bearer {settings.METRICS_TOKEN}"
        return hmac.compare_digest(request.headers.get("Authorization", "").encode(), wanted.encode())
    return settings.DEBUG or _comes_from_here(request)


def _comes_from_here(request: HttpRequest) -> bool:
    """A proxy in front may run on this machine: then everybody seems to be here."""
    if settings.SECURE_PROXY_SSL_HEADER or any(name in request.headers for name in SPOKEN_FOR):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:  # a socket file: whoever reaches it is in front of us
        return False
