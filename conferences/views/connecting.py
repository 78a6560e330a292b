"""Connect an account in one's own name, come back, disconnect."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from conferences import authorizing
from conferences.authorizing import CannotConnect, Connected
from conferences.models import AuthorizationRequest, Connection
from conferences.models.fields import Undecryptable
from conferences.providers.base import InvalidInput
from conferences.providers.registry import UnknownProvider
from conferences.public import redirect_address
from conferences.roles import CHANGE_CONNECTIONS, staff_may
from conferences.views.access import connection_to_change, person
from conferences.views.checking import check_now

REFUSALS = (CannotConnect, InvalidInput, Undecryptable, UnknownProvider)
BAD_REQUEST = 400
NOTHING = "Nothing has been changed."


@never_cache
@require_POST
def connect(request: HttpRequest, pk: int) -> HttpResponse:
    connection = connection_to_change(request, pk)
    try:
        session_key = request.session.session_key or ""
        return redirect(authorizing.begin(connection, person(request), session_key, redirect_address(request)))
    except REFUSALS as error:
        messages.error(request, str(error))
        return redirect(connection)


# Whoever signs in first would come back in another session, and leave the code in the sign-in's address.
@login_not_required
@never_cache
@require_GET
def connected(request: HttpRequest) -> HttpResponse:
    """The one address to which every provider sends people back."""
    try:
        claimed = authorizing.claim(request.GET.get("state", ""), person(request).pk, request.session.session_key or "")
    except CannotConnect as error:
        return render(request, "connections/not_connected.html", {"why": str(error)}, status=BAD_REQUEST)
    if not staff_may(person(request), CHANGE_CONNECTIONS):
        raise Http404
    connection = claimed.connection
    if _allowed(request, claimed) and _redeemed(request, claimed):
        check_now(request, connection, f"after {person(request)} had connected it")
    return redirect(connection)


@never_cache
@require_POST
def disconnect(request: HttpRequest, pk: int) -> HttpResponse:
    connection = connection_to_change(request, pk)
    try:
        label, why = connection.config.verbose_name, authorizing.disconnect(connection)
    except UnknownProvider as error:
        messages.error(request, str(error))
        return redirect(connection)
    if why:
        messages.warning(
            request,
            f"Disconnected: nothing that opens the account is kept here any more. But {label} may still honour what "
            f"it gave us: {why} To be sure, remove the app in the settings of the account at {label}.",
        )
    else:
        messages.success(request, f"Disconnected. {label} was told, and nothing that opens the account is kept.")
    return redirect(connection)


def _allowed(request: HttpRequest, claimed: AuthorizationRequest) -> bool:
    label, error = claimed.connection.config.verbose_name, request.GET.get("error", "")
    if error == "access_denied":
        sentence = f"{label} says that access was not allowed. {NOTHING} Connect again when you want to allow it."
    elif error or not request.GET.get("code"):
        named = f" ({error})" if error.isascii() and error.replace("_", "").isalnum() else ""
        sentence = f"{label} did not let us connect{named}. {NOTHING} Check the app's settings there, and try again."
    else:
        return True
    messages.warning(request, sentence)
    return False


def _redeemed(request: HttpRequest, claimed: AuthorizationRequest) -> bool:
    try:
        made = authorizing.redeem(claimed, request.GET["code"])
    except REFUSALS as error:
        messages.error(request, f"{error} {NOTHING}")
        return False
    messages.success(request, _told(claimed.connection, made))
    return True


def _told(connection: Connection, made: Connected) -> str:
    label = connection.config.verbose_name
    who = f" as {made.person}" if made.person else ""
    instead = f", in place of {made.before}" if who and made.before not in {"", made.person} else ""
    told = f"Connected with {label}{who}{instead}."
    if made.is_compared:
        return told
    return f"{told} {label} did not tell of which account: make sure that it is {connection.account}."
