"""Which conferences do I have, and which of them still need a look?"""

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from conferences.forms import ConferenceFilter
from conferences.models import Conference, Participant, SyncRun
from conferences.views.pages import page_of

PER_PAGE = 25


@require_safe
def conference_list(request: HttpRequest) -> HttpResponse:
    mine = with_last_run(Conference.objects.visible_to(request.user).select_related("course", "connection"))
    form = ConferenceFilter(request.GET, user=request.user)
    found = form.apply(mine)
    page = page_of(request, found, PER_PAGE)
    context = {"form": form, "page": page, "narrowed": form.narrows}
    return render(request, "conferences/list.html", context)


def with_last_run(conferences: "QuerySet[Conference]") -> "QuerySet[Conference]":
    """Adds the state and time of each conference's newest run, and how many people are known of it."""
    counted = Participant.objects.filter(conference=OuterRef("pk"), superseded=False).order_by().values("conference")
    seen = counted.annotate(count=Count("pk"))
    newest = SyncRun.objects.filter(conference=OuterRef("pk")).order_by("-id")
    return conferences.annotate(
        last_state=Subquery(newest.values("state")[:1]),
        last_run=Subquery(newest.values("pk")[:1]),
        last_asked_at=Subquery(newest.values("created_at")[:1]),
        last_finished_at=Subquery(newest.values("finished_at")[:1]),
        people=Subquery(seen.values("count")),
    ).order_by("-starts_at", "-pk")
