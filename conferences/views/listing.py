"""Which conferences do I have, and which of them still need a look?"""

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from conferences.forms import ConferenceFilter
from conferences.models import Conference, Participant
from conferences.sync.share import parts
from conferences.views.pages import page_of

PER_PAGE = 25


@require_safe
def conference_list(request: HttpRequest) -> HttpResponse:
    mine = with_last_run(Conference.objects.run_by(request.user).select_related("course", "connection"))
    form = ConferenceFilter(request.GET, user=request.user)
    found = form.apply(mine)
    page = page_of(request, found, PER_PAGE)
    context = {"form": form, "page": page, "narrowed": form.narrows}
    return render(request, "conferences/list.html", context)


def with_last_run(conferences: "QuerySet[Conference]") -> "QuerySet[Conference]":
    """Adds how many people are known, and state and time of the newest run: its own, or its part in a wider one."""
    counted = Participant.objects.filter(conference=OuterRef("pk"), superseded=False).order_by().values("conference")
    seen = counted.annotate(count=Count("pk"))
    newest = parts(OuterRef("pk"))
    return conferences.annotate(
        last_state=Subquery(newest.values("shown_state")[:1]),
        last_run=Subquery(newest.values("run")[:1]),
        last_asked_at=Subquery(newest.values("run__created_at")[:1]),
        last_finished_at=Subquery(newest.values("run__finished_at")[:1]),
        people=Subquery(seen.values("count")),
    ).order_by("-starts_at", "-pk")
