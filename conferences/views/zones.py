"""Times are shown in the class's own zone, which the page names."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from conferences.models import Conference
from conferences.zone import class_zone


def render_in_zone(
    request: HttpRequest, template: str, conference: Conference, context: Mapping[str, object], status: int = 200
) -> HttpResponse:
    with timezone.override(class_zone(conference)):
        return render(request, template, {"conference": conference, **context}, status=status)
