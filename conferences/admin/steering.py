"""Cancelling and resuming runs from the admin. Each is a form that posts, for those who may steer syncs."""

from collections.abc import Callable

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html

from conferences.admin.readonly import ReadOnlyAdmin
from conferences.models import SyncItem, SyncRun
from conferences.providers.registry import UnknownProvider
from conferences.roles import STEER_SYNCS, staff_may
from conferences.sync import pausing, runs
from conferences.wording import counted


def may_steer(request: HttpRequest) -> bool:
    return staff_may(request.user, STEER_SYNCS)


def buttons(request: HttpRequest, run: SyncRun) -> list[dict[str, str]]:
    """Those that do something to this run now; each says first what it will do."""
    if not may_steer(request):
        return []
    if run.is_active:
        why = "No more is asked of the provider. What has been stored is kept, and the run can be resumed."
        return [] if run.cancel_requested else [_button(run, "cancel", "Cancel", why)]
    left, failed = pausing.left(run).count(), run.items.filter(state=SyncItem.State.FAILED).count()
    label = f"Retry {failed} failed" if failed and failed == left else "Resume"
    items = f"{left} of {counted(run.items.count(), 'item')}"
    why = f"Goes on with {items}, {failed} of them failed. What went well is not done again."
    return [_button(run, "resume", label, why)] if left else []


def _button(run: SyncRun, name: str, label: str, why: str) -> dict[str, str]:
    return {"url": reverse(f"admin:conferences_syncrun_{name}", args=[run.pk]), "label": label, "why": why}


class SteeringAdmin(ReadOnlyAdmin):
    actions = ("retry_failed_items",)

    def get_urls(self) -> list[URLPattern]:
        deeds = {"cancel": self._cancel, "resume": self._resume}
        own = [
            path(f"<int:pk>/{name}/", self.admin_site.admin_view(_view(deed)), name=f"conferences_syncrun_{name}")
            for name, deed in deeds.items()
        ]
        return [*own, *super().get_urls()]

    def has_steer_permission(self, request: HttpRequest) -> bool:
        return may_steer(request)

    @admin.action(description="Retry failed items of the selected runs", permissions=["steer"])
    def retry_failed_items(self, request: HttpRequest, queryset: QuerySet[SyncRun]) -> None:
        for run in queryset:
            self._resume(request, run)

    def _cancel(self, request: HttpRequest, run: SyncRun) -> None:
        if runs.look(run).is_active:
            runs.cancel(run, _by(request))
            _say(request, messages.SUCCESS, run, "Cancelled. What had been stored is kept.")
        else:
            _say(request, messages.WARNING, run, "It had ended already.")

    def _resume(self, request: HttpRequest, run: SyncRun) -> None:
        try:
            pausing.resume(run, _by(request))
        except (runs.AlreadyActive, runs.RequestRefused, UnknownProvider) as refusal:
            _say(request, messages.WARNING, run, str(refusal))
        else:
            level = messages.WARNING if run.message else messages.SUCCESS  # no worker may have heard it
            _say(request, level, run, run.message or "It goes on with what is left.")


def _view(deed: Callable[[HttpRequest, SyncRun], None]) -> Callable[..., HttpResponse]:
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not may_steer(request):
            raise PermissionDenied
        run = SyncRun.objects.filter(pk=pk).first()
        if run is None:
            raise Http404
        deed(request, run)
        return HttpResponseRedirect(reverse("admin:conferences_syncrun_change", args=[pk]))

    return view


def _by(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def _say(request: HttpRequest, level: int, run: SyncRun, sentence: str) -> None:
    address = reverse("admin:conferences_syncrun_change", args=[run.pk])
    messages.add_message(request, level, format_html('<a href="{}">Run {}</a>: {}', address, run.pk, sentence))
