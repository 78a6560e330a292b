"""Starting syncs from the admin, and saying what came of it."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest
from django.utils.html import format_html

from conferences.models import Conference, SyncRun
from conferences.providers.registry import UnknownProvider
from conferences.sync import runs


def start(request: HttpRequest, conferences: Iterable[Conference]) -> None:
    """A run for each, and a message for each that links to the page where it can be watched."""
    ring = True
    for conference in conferences:
        run = _start(request, conference, ring=ring)
        # Each ring that finds nobody costs seconds; after the first, the runs simply wait to be found.
        ring = ring and not (run and run.code == "broker_unreachable")


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
    link = format_html('<a href="{}">{}</a>: {}', conference.get_absolute_url(), conference.title, sentence)
    messages.add_message(request, level, link)
