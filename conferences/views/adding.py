"""A new conference, typed in by staff."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from conferences.forms import ConferenceForm
from conferences.intake import add_conference
from conferences.models import Conference
from conferences.providers.base import InvalidInput
from conferences.roles import ADD_CONFERENCES, staff_may
from conferences.views.access import person

OK, UNPROCESSABLE = 200, 422


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    if not staff_may(person(request), ADD_CONFERENCES):
        raise PermissionDenied
    form = ConferenceForm(request.POST or None)
    if form.is_valid() and (conference := _stored(form)):
        return redirect(conference)
    return render(request, "conferences/add.html", {"form": form}, status=UNPROCESSABLE if form.is_bound else OK)


def _stored(form: ConferenceForm) -> Conference | None:
    """None when it cannot be right; the form then says why, at the field that is to blame."""
    typed = dict(form.cleaned_data)
    try:
        return add_conference(
            typed.pop("connection"), typed.pop("title"), typed.pop("starts_at"), typed.pop("ends_at"), **typed
        )
    except InvalidInput as invalid:
        form.add_error(invalid.field if invalid.field in form.fields else None, str(invalid))
        return None
