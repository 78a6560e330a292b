"""What went wrong at providers and here: each kind of error of a run once, and how often it occurs over all runs."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import Count, Max, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from conferences.admin.readonly import ReadOnlyAdmin
from conferences.models import ErrorClass, SyncError, SyncRun

COMMONEST = 20


def over_all_runs(errors: "QuerySet[SyncError]") -> list[dict[str, Any]]:
    """The commonest by class and code: how often, in how many runs, and when last."""
    kinds = errors.order_by().values("error_class", "code")
    summed = kinds.annotate(occurred=Sum("times"), runs=Count("run", distinct=True), newest_at=Max("last_at"))
    commonest = summed.order_by("-occurred", "error_class", "code")[:COMMONEST]
    return [{**kind, "label": ErrorClass(kind["error_class"]).label.lower()} for kind in commonest]


@admin.register(SyncError)
class SyncErrorAdmin(ReadOnlyAdmin):
    change_list_template = "admin/conferences/syncerror/change_list.html"
    list_display = (
        "last_at",
        "error_class",
        "code",
        "status",
        "times",
        "became",
        "connection",
        "run",
        "operation",
    )
    list_filter = ("error_class", "ended_step", "connection", "operation", "code")
    list_select_related = ("connection", "run")
    search_fields = ("=run__id", "code", "provider_code", "=request_id", "message", "connection__name")
    date_hierarchy = "last_at"

    @admin.display(description="what became of it", ordering="ended_step")
    def became(self, obj: SyncError) -> str:
        return "ended the operation or a part of it" if obj.ended_step else "overcome, or tried again"

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Above the list stand the sums of what its filters leave."""
        response = super().changelist_view(request, extra_context)
        if isinstance(response, TemplateResponse) and response.context_data and "cl" in response.context_data:
            response.context_data["kinds"] = over_all_runs(response.context_data["cl"].queryset)
        return response


def of_run(run: SyncRun) -> SafeString | str:
    """The commonest as a table, with the way to all of them."""
    kinds = over_all_runs(run.errors.all())
    if not kinds:
        return "None."
    rows = format_html_join(
        "",
        "<tr><td>{}</td><td>{}</td><td>{} ×</td></tr>",
        ((kind["label"], kind["code"], kind["occurred"]) for kind in kinds),
    )
    everything = f"{reverse('admin:conferences_syncerror_changelist')}?{urlencode({'run__id__exact': run.pk})}"
    return format_html('<table class="checks">{}</table><a href="{}">All errors of this run</a>', rows, everything)
