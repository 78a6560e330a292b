"""What is wrong, who sees to it, and what people were told?"""

from django.contrib import messages
from django.db.models import F, QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from conferences.models import Alert, AlertRule
from conferences.operations.alerts.looking import look_if_due
from conferences.views.access import operator

SHOWN_OPEN, SHOWN_RESOLVED = 200, 50
NOTE_LENGTH = 500


@never_cache
@require_safe
def alerts(request: HttpRequest) -> HttpResponse:
    user = operator(request)
    look_if_due()
    known = Alert.objects.select_related("connection", "acknowledged_by").prefetch_related("deliveries")
    context = {
        "open": known.filter(state=Alert.State.OPEN).order_by(F("acknowledged_at").asc(nulls_first=True), "-opened_at")[
            :SHOWN_OPEN
        ],
        "pending": Alert.objects.filter(state=Alert.State.PENDING).count(),
        "resolved": known.filter(state=Alert.State.RESOLVED).order_by("-resolved_at")[:SHOWN_RESOLVED],
        "rules": AlertRule.objects.filter(enabled=True).count(),
        "may_change_rules": user.has_perm("conferences.view_alertrule"),
    }
    return render(request, "operations/alerts.html", context)


@require_POST
def acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody sees to it. Whoever was first stays named; pressing twice does no harm."""
    user = operator(request)
    alert = get_object_or_404(Alert, pk=pk)
    note = request.POST.get("note", "").replace("\x00", "").strip()[:NOTE_LENGTH]
    taken = _open(pk).filter(acknowledged_at=None).update(acknowledged_by=user, acknowledged_at=Now(), note=note)
    if taken:
        messages.success(request, "Noted that you see to it. Nobody is told of it again until it is over.")
    elif alert.state == Alert.State.OPEN:
        messages.info(request, "Somebody sees to it already.")
    else:
        messages.info(request, "It is over already.")
    return redirect(f"{reverse('operations:alerts')}#alert-{alert.pk}")


def _open(pk: int) -> "QuerySet[Alert]":
    return Alert.objects.filter(pk=pk, state=Alert.State.OPEN)
