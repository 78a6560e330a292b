"""Start a sync, watch it, stop it, go on with it."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import conditional_page, require_POST, require_safe

from conferences.models import SyncRun
from conferences.providers.registry import UnknownProvider
from conferences.roles import START_SYNCS, STEER_SYNCS
from conferences.sync import runs
from conferences.sync.result import result_for
from conferences.views.access import conference_to_sync, own_run_of, person, run_conference, run_of
from conferences.views.negotiation import Wanted, varying, wanted
from conferences.views.places import (
    ACCEPTED,
    BAD_REQUEST,
    CONFLICT,
    TOO_MANY,
    ConferencePlace,
    answer,
    cancelled,
    resumed,
)
from conferences.views.sync_card import card, latest_run
from conferences.views.zones import render_in_zone


@never_cache
@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Repeated form fields `operations` ask for some operations only."""
    conference = conference_to_sync(request, pk, START_SYNCS)
    place, operations = ConferencePlace(conference), request.POST.getlist("operations")
    try:
        run = runs.request(conference, via=SyncRun.Via.PAGE, user=person(request), operations=operations)
    except runs.AlreadyActive as refused:
        return answer(request, place, refused.run, CONFLICT, str(refused))
    except runs.TooManyStarts as refused:
        return answer(request, place, latest_run(conference), TOO_MANY, str(refused))
    except (runs.RequestRefused, UnknownProvider) as refused:
        return answer(request, place, latest_run(conference), BAD_REQUEST, str(refused))
    return answer(request, place, run, ACCEPTED)


@require_safe
@conditional_page
def status(request: HttpRequest, pk: int, run_id: int) -> HttpResponse:
    conference = run_conference(request, pk)
    run = run_of(conference, run_id)
    match wanted(request):
        case Wanted.JSON:
            return varying(JsonResponse(result_for(runs.look(run), conference)))
        case Wanted.FRAGMENT:
            return ConferencePlace(conference).fragment(request, run)
        case Wanted.PAGE:
            context = {"card": card(conference, run, full=True)}
            return varying(render_in_zone(request, "conferences/run.html", conference, context))


@never_cache
@require_POST
def cancel(request: HttpRequest, pk: int, run_id: int) -> HttpResponse:
    conference = conference_to_sync(request, pk, STEER_SYNCS)
    return cancelled(request, ConferencePlace(conference), own_run_of(conference, run_id))


@never_cache
@require_POST
def resume(request: HttpRequest, pk: int, run_id: int) -> HttpResponse:
    conference = conference_to_sync(request, pk, STEER_SYNCS)
    return resumed(request, ConferencePlace(conference), own_run_of(conference, run_id))
