"""Did it work, and whom am I missing?"""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from conferences.register import register
from conferences.views.access import person, run_conference, sees_people
from conferences.views.counts import newest_counts
from conferences.views.headline import headline
from conferences.views.negotiation import varying
from conferences.views.sections import Asked, section, tabs
from conferences.views.sync_card import card, latest_run
from conferences.views.zones import render_in_zone


@require_safe
def conference_detail(request: HttpRequest, pk: int) -> HttpResponse:
    conference = run_conference(request, pk)
    # The run is looked at first: what it has just finished storing belongs to what is read below.
    shown = card(conference, latest_run(conference))
    if not sees_people(person(request), conference):
        return varying(render_in_zone(request, "conferences/operate.html", conference, {"card": shown}))
    people, now = register(conference), timezone.now()
    tab = request.GET.get("tab") or "overview"
    context = {
        "card": shown,
        "register": people,
        "summary": people.summary,
        "now": now,
        "known": not people.why_unknown or any(row.participants for row in people.rows),
        "headline": headline(conference, shown.run, people, now),
        "counts": newest_counts(conference),
        "tabs": tabs(conference, people),
        "tab": tab,
        "section": f"conferences/sections/{tab}.html",
        **section(tab, Asked(request, conference, people)),
    }
    return varying(render_in_zone(request, "conferences/detail.html", conference, context))
