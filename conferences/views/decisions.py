"""A person says who somebody is, or that a computed presence is wrong."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.models import User
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from conferences.decisions import DecisionRefused, confirm, correct_presence, forget
from conferences.forms import MatchForm, PresenceForm
from conferences.models import Conference, Participant
from conferences.register import register
from conferences.views.access import person, visible_conference
from conferences.views.zones import render_in_zone

OK, UNPROCESSABLE = 200, 422


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def match(request: HttpRequest, pk: int, participant_id: int) -> HttpResponse:
    conference = visible_conference(request, pk)
    participant = get_object_or_404(conference.participants.select_related("user", "matched_by"), pk=participant_id)
    participant.conference = conference
    form = MatchForm(request.POST or None, course=conference.course)
    if form.is_valid() and _taken(form, lambda: _match(participant, form, person(request))):
        return _back(request, conference, f"Saved who “{participant}” is.")
    row = next((row for row in register(conference).rows if participant in row.participants), None)
    context = {"participant": participant, "row": row, "form": form}
    return render_in_zone(request, "conferences/match.html", conference, context, _status(form))


def _match(participant: Participant, form: MatchForm, by: User) -> None:
    if form.takes_back:
        forget(participant, by=by)
    else:
        confirm(participant, form.person, by=by)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def presence(request: HttpRequest, pk: int, user_id: int) -> HttpResponse:
    """The person may have been absent, so it is a user who is corrected and not a participant."""
    conference = visible_conference(request, pk)
    row = next(
        (row for row in register(conference).rows if row.on_roster and row.user and row.user.pk == user_id), None
    )
    if row is None or row.user is None:
        raise Http404
    user, form = row.user, PresenceForm(request.POST or None)
    if form.is_valid() and _taken(form, lambda: _correct(conference, user, form, person(request))):
        return _back(request, conference, f"Saved the correction for {row.name}.")
    earlier = conference.corrections.filter(user=user).select_related("corrected_by")
    context = {"row": row, "form": form, "earlier": earlier}
    return render_in_zone(request, "conferences/presence.html", conference, context, _status(form))


def _correct(conference: Conference, user: User, form: PresenceForm, by: User) -> None:
    given = form.cleaned_data
    correct_presence(conference, user, given["presence"], given["reason"], by=by)


def _taken(form: Form, decide: Callable[[], None]) -> bool:
    """Whether the decision stands; why it does not is then said on the form."""
    try:
        decide()
    except DecisionRefused as refused:
        form.add_error(None, str(refused))
        return False
    return True


def _back(request: HttpRequest, conference: Conference, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect(f"{conference.get_absolute_url()}?tab=participants#content")


def _status(form: Form) -> int:
    return UNPROCESSABLE if form.is_bound else OK
