"""Who may see what: every address asks here first, and what is not theirs is not found."""

from typing import cast

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from conferences.models import Conference, Connection, SyncRun
from conferences.providers.registry import UnknownProvider


def visible_conference(request: HttpRequest, pk: int) -> Conference:
    """Raises Http404 for strangers too, so that nobody learns which numbers exist."""
    conferences = Conference.objects.visible_to(request.user).select_related("course", "connection")
    return get_object_or_404(conferences, pk=pk)


def visible_connection(request: HttpRequest, pk: int) -> Connection:
    """For staff. Raises Http404 for everybody else."""
    if not person(request).is_staff:
        raise Http404
    return get_object_or_404(Connection.objects.select_related("authorization__connected_by"), pk=pk)


def may_operate(user: User) -> bool:
    """Whether the pages of operations are theirs: staff who may see runs, be it without any chat or attendance."""
    return user.is_staff and user.has_perm("conferences.view_syncrun")


def operator(request: HttpRequest) -> User:
    """Who is asking for a page of operations. Raises Http404 for everybody else."""
    user = person(request)
    if not may_operate(user):
        raise Http404
    return user


def discovers(connection: Connection) -> bool:
    """Whether the conferences of the connection can be listed by its provider, which may have been uninstalled."""
    try:
        return connection.config.discovers
    except UnknownProvider:
        return False


def run_of(conference: Conference, run_id: int) -> SyncRun:
    """A run that this conference has a part in, to look at that part."""
    return get_object_or_404(_runs().filter(items__conference=conference), pk=run_id)


def own_run_of(conference: Conference, run_id: int) -> SyncRun:
    """A run of this conference and of no other, to act on; an account-wide run is nobody's here."""
    return get_object_or_404(_runs(), pk=run_id, conference=conference)


def account_run_of(connection: Connection, run_id: int) -> SyncRun:
    return get_object_or_404(_runs(), pk=run_id, connection=connection, conference=None)


def _runs() -> "QuerySet[SyncRun]":
    return SyncRun.objects.select_related("connection", "requested_by")


def person(request: HttpRequest) -> User:
    """Who is asking. No page but the sign-in opens without one."""
    return cast(User, request.user)
