"""What a browser or a program is told when the database cannot be used: why, and in the form it asked for."""

import logging
import sys
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token
from django.views.defaults import server_error

from conferences.sync.database import DatabaseUnavailable, sentence_of
from conferences.views.negotiation import Wanted, wanted

logger = logging.getLogger(__name__)

TROUBLES = (OperationalError, InterfaceError, DatabaseUnavailable)


class SignInRequired(LoginRequiredMiddleware):
    """Middleware. Finding out who asks is the first that needs the database; probes answer without it."""

    def process_view(self, request: HttpRequest, view_func: Any, *arguments: Any) -> Any:
        if not getattr(view_func, "login_required", True):
            return None
        try:
            return super().process_view(request, view_func, *arguments)
        except TROUBLES as error:
            return _answer(request, error)


class Unavailable:
    """Middleware, for what views meet; `answer_error` is for what is met elsewhere: a session that cannot be kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return _answer(request, error) if isinstance(error, TROUBLES) else None


@requires_csrf_token
def answer_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500."""
    error = sys.exception()
    return _answer(request, error) if isinstance(error, TROUBLES) else server_error(request)


def _answer(request: HttpRequest, error: BaseException) -> HttpResponse:
    """Without whoever is signed in, and all else that would have to be asked of the database."""
    sentence = sentence_of(error)
    logger.error("%s %s: %s (%s)", request.method, request.path, sentence, type(error.__cause__ or error).__name__)
    if wanted(request) is Wanted.JSON:
        return JsonResponse({"message": sentence}, status=HTTPStatus.SERVICE_UNAVAILABLE)
    page = render_to_string("503.html", {"sentence": sentence})
    return HttpResponse(page, status=HTTPStatus.SERVICE_UNAVAILABLE)
