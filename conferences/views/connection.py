"""What may the connection do, how far is its account, what could not be synced, and which conferences are there?"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from conferences.connection_forms import AccountFilter
from conferences.models import Conference
from conferences.sync import account
from conferences.views.access import discovers, person, sees_all_people, visible_connection
from conferences.views.account_card import account_card, failed_items
from conferences.views.flaws import groups_with_examples
from conferences.views.listing import PER_PAGE, with_last_run
from conferences.views.negotiation import varying
from conferences.views.pages import page_of
from conferences.views.standing import allow_leaving, standing

FAILURES, EARLIER = 200, 10


@require_safe
def connection_detail(request: HttpRequest, pk: int) -> HttpResponse:
    connection = visible_connection(request, pk)
    # The run is looked at first: what it has just finished storing belongs to what is read below.
    card = account_card(connection, account.newest(connection)) if discovers(connection) else None
    shown = standing(request, connection)
    people = sees_all_people(person(request))
    form = AccountFilter(request.GET, connection=connection, hosts=people)
    conferences = Conference.objects.filter(connection=connection).select_related("course", "connection")
    earlier = connection.runs.filter(conference=None).select_related("requested_by")
    context = {
        "connection": connection,
        "standing": shown,
        "card": card,
        "failures": failed_items(card.run)[:FAILURES] if card and card.run else [],
        "flaws": groups_with_examples(connection, told=people),
        "people": people,
        "form": form,
        "narrowed": form.narrows,
        "page": page_of(request, form.apply(with_last_run(conferences)), PER_PAGE),
        "earlier": earlier[1 : EARLIER + 1],
    }
    return allow_leaving(varying(render(request, "connections/detail.html", context)), shown)
