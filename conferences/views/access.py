"""Who may see what: every address asks here first, and what is not theirs is not found."""

from typing import cast

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from conferences.models import Conference, SyncRun


def visible_conference(request: HttpRequest, pk: int) -> Conference:
    """Raises Http404 for strangers too, so that nobody learns which numbers exist."""
    conferences = Conference.objects.visible_to(request.user).select_related("course", "connection")
    return get_object_or_404(conferences, pk=pk)


def run_of(conference: Conference, run_id: int) -> SyncRun:
    """A run of this conference and of no other; an account-wide run is nobody's here."""
    return get_object_or_404(
        SyncRun.objects.select_related("connection", "requested_by"), pk=run_id, conference=conference
    )


def person(request: HttpRequest) -> User:
    """Who is asking. No page but the sign-in opens without one."""
    return cast(User, request.user)
