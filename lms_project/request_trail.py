"""What becomes of each request: an id that follows it everywhere, a line in the log, and a span of a trace."""

import logging
import re
import time
from collections.abc import Callable
from http import HTTPStatus
from uuid import uuid4

from django.http import HttpRequest, HttpResponseBase

from conferences.providers import tracing, trail

logger = logging.getLogger(__name__)

HEADER = "X-Request-ID"
SANE = re.compile(r"[A-Za-z0-9._-]{8,64}")
# Asked every few seconds by programs that watch the site.
PROBES = {"/healthz", "/readyz", "/metrics"}

Answering = Callable[[HttpRequest], HttpResponseBase]


def followed(get_response: Answering) -> Answering:
    """Outermost, so that nothing happens without the id."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        started = time.monotonic()
        with trail.on(request_id=_request_id(request)):
            response = get_response(request) if request.path in PROBES else _traced(request, get_response)
            _log(request, response, (time.monotonic() - started) * 1000)
            response[HEADER] = trail.here().request_id
        return response

    return answer


def _request_id(request: HttpRequest) -> str:
    given = request.headers.get(HEADER, "")
    return given if SANE.fullmatch(given) else uuid4().hex


def _traced(request: HttpRequest, get_response: Answering) -> HttpResponseBase:
    """Named by the address's pattern, which is the same for all rows."""
    method = request.method or ""
    parent = request.headers.get("traceparent", "")
    with tracing.span(f"{method} page", {"http.request.method": method}, parent=parent) as span:
        response = get_response(request)
        route = request.resolver_match.route if request.resolver_match else ""
        span.tell({"http.route": route, "http.response.status_code": response.status_code})
        if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            span.failed(str(response.status_code))
    return response


def _log(request: HttpRequest, response: HttpResponseBase, milliseconds: float) -> None:
    """The user by number, and only if somebody has looked who it is: a probe must not ask the database."""
    user = getattr(request, "_cached_user", None)
    told = {"method": request.method, "path": request.path, "status": response.status_code, "ms": round(milliseconds)}
    logger.log(
        logging.DEBUG if request.path in PROBES else logging.INFO,
        "%(method)s %(path)s → %(status)s in %(ms)s ms",
        told,
        extra={**told, "user": user.pk if user else None},
    )
