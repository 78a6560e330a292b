"""A learner's own view: what was recorded of me, and of nobody else."""

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from conferences.models import Conference, Enrolment
from conferences.register import register
from conferences.views.access import person
from conferences.views.pages import page_of
from conferences.views.zones import render_in_zone

PER_PAGE = 25


@never_cache
@require_safe
def my_classes(request: HttpRequest) -> HttpResponse:
    return render(request, "conferences/mine.html", {"page": page_of(request, _attended_by(request), PER_PAGE)})


@never_cache
@require_safe
def my_attendance(request: HttpRequest, pk: int) -> HttpResponse:
    conference = get_object_or_404(_attended_by(request), pk=pk)
    me = person(request)
    row = next((row for row in register(conference).rows if row.user and row.user.pk == me.pk), None)
    if row is None:
        raise Http404
    return render_in_zone(request, "conferences/my_attendance.html", conference, {"row": row})


def _attended_by(request: HttpRequest) -> "QuerySet[Conference]":
    """The conferences of the courses in which this user learns."""
    learns = Enrolment.objects.filter(user=person(request), role=Enrolment.Role.LEARNER).values("course")
    return Conference.objects.filter(course__in=learns).select_related("course", "connection")
