"""Is this process alive, and may it be sent people? Open to monitors and load balancers."""

from dataclasses import asdict
from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from conferences.operations.readiness import readiness


@login_not_required
@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """Asks nothing else: not the database, not the broker, not who is calling."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@never_cache
@require_safe
def readyz(_request: HttpRequest) -> HttpResponse:
    found = readiness()
    status = HTTPStatus.OK if found.ready else HTTPStatus.SERVICE_UNAVAILABLE
    return JsonResponse({"ready": found.ready, **asdict(found)}, status=status)
