"""What does a connection need, what does it have, what was tried, and what is to be done? Asked anew at a click."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from conferences import checking
from conferences.models import Connection
from conferences.models.fields import Undecryptable
from conferences.patience import PAGE_SECONDS
from conferences.providers.registry import UnknownProvider
from conferences.views.access import discovers, person, visible_connection
from conferences.views.standing import standing


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, pk: int) -> HttpResponse:
    connection = visible_connection(request, pk)
    if request.method == "POST":
        check_now(request, connection, f"asked for by {person(request)}")
        return redirect("connections:check", pk)
    shown = standing(request, connection)
    states = [line.check["state"] for line in shown.lines]
    context = {
        "connection": connection,
        "standing": shown,
        "conclusion": checking.conclusion((line.label, line.check["state"]) for line in shown.lines),
        "permitted": sum(state == checking.PERMITTED for state in states),
        "troubled": sum(state not in {checking.PERMITTED, checking.UNKNOWN} for state in states),
        "unreadable": _unreadable(connection),
        "discovers": discovers(connection),
    }
    return render(request, "connections/check.html", context)


def _unreadable(connection: Connection) -> str:
    """Why nothing can be asked at all; else ""."""
    try:
        connection.config, connection.credentials.reveal()
    except (Undecryptable, UnknownProvider) as error:
        return str(error)
    return ""


def check_now(request: HttpRequest, connection: Connection, cause: str) -> None:
    """The page that follows shows what came of it."""
    try:
        checking.check(connection, PAGE_SECONDS, cause=cause)
    except (Undecryptable, UnknownProvider) as error:
        messages.error(request, str(error))
