"""Where a run is watched: on the page of its conference, or of its connection. The same answers in both places."""

from dataclasses import dataclass
from typing import Protocol

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from conferences.models import Conference, Connection, SyncRun
from conferences.providers.registry import UnknownProvider
from conferences.sync import pausing, runs
from conferences.views.access import person
from conferences.views.account_card import account_card
from conferences.views.negotiation import Wanted, varying, wanted
from conferences.views.sync_card import card
from conferences.views.zones import render_in_zone

OK, ACCEPTED, BAD_REQUEST, CONFLICT, TOO_MANY = 200, 202, 400, 409, 429


class Place(Protocol):
    @property
    def url(self) -> str: ...

    def status_url(self, run: SyncRun) -> str: ...

    def fragment(
        self, request: HttpRequest, run: SyncRun | None, status: int = OK, refusal: str = ""
    ) -> HttpResponse: ...


@dataclass(frozen=True, slots=True)
class ConferencePlace:
    conference: Conference

    @property
    def url(self) -> str:
        return self.conference.get_absolute_url()

    def status_url(self, run: SyncRun) -> str:
        return reverse("conferences:status", args=[self.conference.pk, run.pk])

    def fragment(self, request: HttpRequest, run: SyncRun | None, status: int = OK, refusal: str = "") -> HttpResponse:
        shown = card(self.conference, run, refusal=refusal, full=_whole_log(request))
        return varying(render_in_zone(request, "conferences/_sync.html", self.conference, {"card": shown}, status))


@dataclass(frozen=True, slots=True)
class ConnectionPlace:
    connection: Connection

    @property
    def url(self) -> str:
        return self.connection.get_absolute_url()

    def status_url(self, run: SyncRun) -> str:
        return reverse("connections:status", args=[self.connection.pk, run.pk])

    def fragment(self, request: HttpRequest, run: SyncRun | None, status: int = OK, refusal: str = "") -> HttpResponse:
        shown = account_card(self.connection, run, refusal=refusal, full=_whole_log(request))
        return varying(render(request, "connections/_sync.html", {"card": shown}, status=status))


def answer(
    request: HttpRequest, place: Place, run: SyncRun | None, status_code: int, refusal: str = ""
) -> HttpResponse:
    match wanted(request):
        case Wanted.JSON:
            # Of a click that was refused nothing runs; what ran before would be taken for it.
            concerned = run if status_code in {ACCEPTED, CONFLICT} else None
            return JsonResponse(_pointer(place, concerned, refusal), status=status_code)
        case Wanted.FRAGMENT:
            return place.fragment(request, run, status_code, refusal)
        case Wanted.PAGE:
            # The page reached by the redirect shows the run by itself; only a refusal needs telling.
            if refusal:
                messages.warning(request, refusal)
            return redirect(place.url)


def cancelled(request: HttpRequest, place: Place, run: SyncRun) -> HttpResponse:
    """Stops the run, and answers."""
    runs.cancel(run, person(request))
    return answer(request, place, run, ACCEPTED)


def resumed(request: HttpRequest, place: Place, run: SyncRun) -> HttpResponse:
    """Goes on with what is left of the run, and answers."""
    try:
        pausing.resume(run, person(request))
    except runs.AlreadyActive as refused:
        return answer(request, place, refused.run, CONFLICT, str(refused))
    except (runs.RequestRefused, UnknownProvider) as refused:
        return answer(request, place, run, BAD_REQUEST, str(refused))
    return answer(request, place, run, ACCEPTED)


def _pointer(place: Place, run: SyncRun | None, refusal: str) -> dict[str, object]:
    """Where to look next. No run, no address: then the message says why."""
    pointer: dict[str, object] = {}
    if run:
        pointer = {"run": run.pk, "status_url": place.status_url(run)}
    return {**pointer, "message": refusal} if refusal else pointer


def _whole_log(request: HttpRequest) -> bool:
    return request.GET.get("log") == "full"
