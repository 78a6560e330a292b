"""Who may see what: every address asks here first, and what is not theirs is not found."""

from typing import cast

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from conferences.models import Conference, Connection, SyncRun
from conferences.providers.registry import UnknownProvider
from conferences.roles import CHANGE_CONNECTIONS, SEE_CONNECTIONS, SEE_PEOPLE, SEE_RUNS, may_sync, staff_may


def visible_conference(request: HttpRequest, pk: int) -> Conference:
    """With people and chat. Raises Http404 for strangers too, so that nobody learns which numbers exist."""
    conferences = Conference.objects.visible_to(request.user).select_related("course", "connection")
    return get_object_or_404(conferences, pk=pk)


def run_conference(request: HttpRequest, pk: int) -> Conference:
    """To see how its syncs went, and nothing of what they stored. Raises Http404 likewise."""
    conferences = Conference.objects.run_by(request.user).select_related("course", "connection")
    return get_object_or_404(conferences, pk=pk)


def conference_to_sync(request: HttpRequest, pk: int, permission: str) -> Conference:
    """Raises Http404 likewise, and PermissionDenied for those who may look only."""
    conference = run_conference(request, pk)
    if not may_sync(person(request), permission, conference.course_id):
        raise PermissionDenied
    return conference


def sees_people(user: User, conference: Conference) -> bool:
    return Conference.objects.visible_to(user).filter(pk=conference.pk).exists()


def sees_all_people(user: User) -> bool:
    """Whoever came to any class, and what was said there."""
    return staff_may(user, SEE_PEOPLE)


def sees_connections(user: User) -> bool:
    return staff_may(user, SEE_CONNECTIONS)


def visible_connection(request: HttpRequest, pk: int) -> Connection:
    """For staff who may see connections. Raises Http404 for everybody else."""
    if not sees_connections(person(request)):
        raise Http404
    return get_object_or_404(Connection.objects.select_related("authorization__connected_by"), pk=pk)


def connection_to_sync(request: HttpRequest, pk: int, permission: str) -> Connection:
    """Raises Http404 likewise, and PermissionDenied for those who may look only."""
    connection = visible_connection(request, pk)
    if not may_sync(person(request), permission):
        raise PermissionDenied
    return connection


def connection_to_change(request: HttpRequest, pk: int) -> Connection:
    """Raises Http404 likewise, and PermissionDenied for those who may look only."""
    connection = visible_connection(request, pk)
    if not staff_may(person(request), CHANGE_CONNECTIONS):
        raise PermissionDenied
    return connection


def may_operate(user: User) -> bool:
    """Whether the pages of operations are theirs: staff who may see runs, be it without any chat or attendance."""
    return staff_may(user, SEE_RUNS)


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
