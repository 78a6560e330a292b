"""Starting syncs from the admin, and saying what came of it."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from conferences.models import Conference, Connection, SyncRun
from conferences.providers.registry import UnknownProvider
from conferences.sync import account, runs


def start(request: HttpRequest, conferences: Iterable[Conference]) -> None:
    """A run for each, and a message for each that links to the page where it can be watched."""
    ring = True
    for conference in conferences:
        run = _start(request, conference, ring=ring)
        # Each ring that finds nobody costs seconds; after the first, the runs simply wait to be found.
        ring = ring and not (run and run.code == "broker_unreachable")


def start_accounts(request: HttpRequest, connections: Iterable[Connection]) -> None:
    """A full run for each connection, likewise."""
    user = request.user if request.user.is_authenticated else None
    for connection in connections:
        try:
            run = account.request(connection, via=SyncRun.Via.ADMIN, user=user)
        except runs.AlreadyActive as refusal:
            _say(request, messages.WARNING, dashboard(connection), connection.name, str(refusal))
        except (runs.RequestRefused, UnknownProvider) as refusal:
            messages.error(request, f"{connection.name}: {refusal}")
        else:
            run.refresh_from_db()  # ringing for a worker may have found nobody
            sentence = run.message or "Sync of all its conferences started."
            level = messages.WARNING if run.message else messages.SUCCESS
            _say(request, level, dashboard(connection), connection.name, sentence)


def dashboard(connection: Connection) -> str:
    return reverse("connections:detail", args=[connection.pk])


def _start(request: HttpRequest, conference: Conference, *, ring: bool) -> SyncRun | None:
    user = request.user if request.user.is_authenticated else None
    try:
        run = runs.request(conference, via=SyncRun.Via.ADMIN, user=user, ring=ring)
    except runs.AlreadyActive as refusal:
        _tell(request, messages.WARNING, conference, str(refusal))
    except (runs.RequestRefused, UnknownProvider) as refusal:
        _tell(request, messages.ERROR, conference, str(refusal))
    else:
        waiting = run.message or ("" if ring else "It waits until workers can be reached.")
        _tell(request, messages.WARNING if waiting else messages.SUCCESS, conference, waiting or "Sync started.")
        return run
    return None


def _tell(request: HttpRequest, level: int, conference: Conference, sentence: str) -> None:
    _say(request, level, conference.get_absolute_url(), conference.title, sentence)


def _say(request: HttpRequest, level: int, address: str, name: str, sentence: str) -> None:
    link = format_html('<a href="{}">{}</a>: {}', address, name, sentence)
    messages.add_message(request, level, link)
