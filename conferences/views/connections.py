"""Which accounts are there, and how did their last sync go?"""

from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from conferences.models import Connection, SyncRun
from conferences.standing import in_short
from conferences.views.access import discovers, person, sees_connections
from conferences.views.pages import page_of

PER_PAGE = 50


@never_cache
@require_safe
def connection_list(request: HttpRequest) -> HttpResponse:
    if not sees_connections(person(request)):
        raise Http404
    newest = SyncRun.objects.filter(connection=OuterRef("pk"), conference=None).order_by("-id")
    connections: Any = Connection.objects.select_related("authorization").annotate(
        count=Count("conferences"),
        last_state=Subquery(newest.values("state")[:1]),
        last_asked_at=Subquery(newest.values("created_at")[:1]),
        last_finished_at=Subquery(newest.values("finished_at")[:1]),
    )
    page = page_of(request, connections.order_by("name", "pk"), PER_PAGE)
    for connection in page:
        connection.discovers = discovers(connection)
        connection.standing = in_short(connection)
    return render(request, "connections/list.html", {"page": page})
