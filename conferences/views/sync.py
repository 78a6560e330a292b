"""Start a sync, watch it, stop it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import conditional_page, require_POST, require_safe

from conferences.models import Conference, SyncRun
from conferences.providers.registry import UnknownProvider
from conferences.sync import runs
from conferences.sync.result import result
from conferences.views.access import person, run_of, visible_conference
from conferences.views.negotiation import Wanted, varying, wanted
from conferences.views.sync_card import card, latest_run
from conferences.views.zones import render_in_zone

ACCEPTED, BAD_REQUEST, CONFLICT, TOO_MANY = 202, 400, 409, 429
CARD = "conferences/_sync.html"


@never_cache
@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Repeated form fields `operations` ask for some operations only."""
    conference = visible_conference(request, pk)
    operations = request.POST.getlist("operations")
    try:
        run = runs.request(conference, via=SyncRun.Via.PAGE, user=person(request), operations=operations)
    except runs.AlreadyActive as refused:
        return _answer(request, conference, refused.run, CONFLICT, str(refused))
    except runs.TooManyStarts as refused:
        return _answer(request, conference, latest_run(conference), TOO_MANY, str(refused))
    except (runs.RequestRefused, UnknownProvider) as refused:
        return _answer(request, conference, latest_run(conference), BAD_REQUEST, str(refused))
    return _answer(request, conference, run, ACCEPTED)


@require_safe
@conditional_page
def status(request: HttpRequest, pk: int, run_id: int) -> HttpResponse:
    conference = visible_conference(request, pk)
    run = run_of(conference, run_id)
    match wanted(request):
        case Wanted.JSON:
            return varying(JsonResponse(result(runs.look(run))))
        case Wanted.FRAGMENT:
            return _fragment(request, conference, run)
        case Wanted.PAGE:
            context = {"card": card(conference, run, full=True)}
            return varying(render_in_zone(request, "conferences/run.html", conference, context))


@never_cache
@require_POST
def cancel(request: HttpRequest, pk: int, run_id: int) -> HttpResponse:
    conference = visible_conference(request, pk)
    run = run_of(conference, run_id)
    runs.cancel(run, person(request))
    return _answer(request, conference, run, ACCEPTED)


def _answer(
    request: HttpRequest, conference: Conference, run: SyncRun | None, status_code: int, refusal: str = ""
) -> HttpResponse:
    match wanted(request):
        case Wanted.JSON:
            return JsonResponse(_pointer(conference, run, refusal), status=status_code)
        case Wanted.FRAGMENT:
            return _fragment(request, conference, run, status_code, refusal)
        case Wanted.PAGE:
            # The page reached by the redirect shows the run by itself; only a refusal needs telling.
            if refusal:
                messages.warning(request, refusal)
            return redirect(conference)


def _pointer(conference: Conference, run: SyncRun | None, refusal: str) -> dict[str, object]:
    """Where to look next. No run, no address: then the message says why."""
    pointer: dict[str, object] = {}
    if run:
        pointer = {"run": run.pk, "status_url": reverse("conferences:status", args=[conference.pk, run.pk])}
    return {**pointer, "message": refusal} if refusal else pointer


def _fragment(
    request: HttpRequest, conference: Conference, run: SyncRun | None, status_code: int = 200, refusal: str = ""
) -> HttpResponse:
    full = request.GET.get("log") == "full"
    shown = card(conference, run, refusal=refusal, full=full)
    return varying(render_in_zone(request, CARD, conference, {"card": shown}, status_code))
