"""Start a sync of a whole account, watch it, stop it, go on with it."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import conditional_page, require_POST, require_safe

from conferences.connection_forms import AccountSyncForm
from conferences.models import SyncRun
from conferences.providers.registry import UnknownProvider
from conferences.roles import START_SYNCS, STEER_SYNCS
from conferences.sync import account, runs
from conferences.sync.result import result
from conferences.views.access import account_run_of, connection_to_sync, person, visible_connection
from conferences.views.account_card import account_card, failed_items
from conferences.views.connection import FAILURES
from conferences.views.negotiation import Wanted, varying, wanted
from conferences.views.places import ACCEPTED, BAD_REQUEST, CONFLICT, ConnectionPlace, answer, cancelled, resumed


@never_cache
@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Form fields: `mode` full, delta or range; for range the days `first` and, where it ends, `last`."""
    connection = connection_to_sync(request, pk, START_SYNCS)
    place, form = ConnectionPlace(connection), AccountSyncForm(request.POST)
    if not form.is_valid():
        return answer(request, place, account.newest(connection), BAD_REQUEST, form.sentence)
    mode = form.cleaned_data["mode"]
    try:
        run = account.request(connection, via=SyncRun.Via.PAGE, mode=mode, span=form.span, user=person(request))
    except runs.AlreadyActive as refused:
        return answer(request, place, refused.run, CONFLICT, str(refused))
    except (runs.RequestRefused, UnknownProvider) as refused:
        return answer(request, place, account.newest(connection), BAD_REQUEST, str(refused))
    return answer(request, place, run, ACCEPTED)


@require_safe
@conditional_page
def status(request: HttpRequest, pk: int, run_id: int) -> HttpResponse:
    connection = visible_connection(request, pk)
    run = account_run_of(connection, run_id)
    match wanted(request):
        case Wanted.JSON:
            return varying(JsonResponse(result(runs.look(run))))
        case Wanted.FRAGMENT:
            return ConnectionPlace(connection).fragment(request, run)
        case Wanted.PAGE:
            card = account_card(connection, run, full=True)
            context = {"connection": connection, "card": card, "failures": failed_items(run)[:FAILURES]}
            return varying(render(request, "connections/run.html", context))


@never_cache
@require_POST
def cancel(request: HttpRequest, pk: int, run_id: int) -> HttpResponse:
    connection = connection_to_sync(request, pk, STEER_SYNCS)
    return cancelled(request, ConnectionPlace(connection), account_run_of(connection, run_id))


@never_cache
@require_POST
def resume(request: HttpRequest, pk: int, run_id: int) -> HttpResponse:
    connection = connection_to_sync(request, pk, STEER_SYNCS)
    return resumed(request, ConnectionPlace(connection), account_run_of(connection, run_id))
