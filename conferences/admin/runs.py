"""What was synced when, and how it went."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from conferences.admin.errors import of_run
from conferences.admin.readonly import ReadOnlyAdmin
from conferences.admin.run_filters import EventLevel, HasFailures, Liveness
from conferences.admin.run_page import context, run_page
from conferences.admin.steering import SteeringAdmin
from conferences.models import SyncEvent, SyncItem, SyncRun, SyncStep
from conferences.sync import runs


@admin.register(SyncRun)
class SyncRunAdmin(SteeringAdmin):
    change_form_template = "admin/conferences/syncrun/change_form.html"
    list_display = (
        "id",
        "state",
        "progress",
        "conference",
        "connection",
        "message",
        "mode",
        "resumes_at",
        "requested_by",
        "created_at",
    )
    list_filter = ("state", HasFailures, Liveness, "mode", "connection", "requested_via", "created_at")
    list_select_related = ("conference", "connection", "requested_by")
    search_fields = ("=id", "=code", "conference__title", "connection__name", "requested_by__username", "message")
    readonly_fields = ("watch", "of", "asked_for_by", "took", "errors")
    fieldsets = (
        (None, {"fields": (("watch", "state", "progress"), "message", ("code", "phase", "resumes_at"))}),
        ("Asked for", {"fields": (("of", "mode", "asked_for_by"), ("span_starts_at", "span_ends_at"), "operations")}),
        ("Times", {"fields": (("created_at", "started_at"), ("heartbeat_at", "finished_at", "took"))}),
        ("Errors", {"fields": ("errors",)}),
        ("In logs and traces", {"fields": ("request_id", "traceparent"), "classes": ("collapse",)}),
    )
    date_hierarchy = "created_at"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        run = self.get_object(request, object_id) if self.has_view_permission(request) else None
        shown = context(request, runs.look(run)) if run else {}
        return super().change_view(request, object_id, form_url, {**shown, **(extra_context or {})})

    @admin.display(description="page")
    def watch(self, obj: SyncRun) -> SafeString:
        return format_html('<a href="{}">Watch it</a>', run_page(obj))

    @admin.display(description="of")
    def of(self, obj: SyncRun) -> str:
        return f"{obj.conference} ({obj.connection})" if obj.conference else f"all of {obj.connection}"

    @admin.display(description="by")
    def asked_for_by(self, obj: SyncRun) -> str:
        return f"{obj.requested_by or 'an operator'}, {obj.get_requested_via_display()}"

    @admin.display(description="took")
    def took(self, obj: SyncRun) -> str | None:
        end = obj.finished_at or obj.heartbeat_at
        return f"{(end - obj.started_at).total_seconds():.1f} s" if end and obj.started_at else None

    @admin.display(description="errors")
    def errors(self, obj: SyncRun) -> SafeString | str:
        return of_run(obj)


@admin.register(SyncItem)
class SyncItemAdmin(ReadOnlyAdmin):
    list_display = ("run", "conference", "state", "attempts", "worker", "lease_until", "message")
    list_filter = ("state", "run__connection")
    list_select_related = ("run", "conference")
    search_fields = ("=run__id", "conference__title", "worker", "message")
    date_hierarchy = "run__created_at"


@admin.register(SyncStep)
class SyncStepAdmin(ReadOnlyAdmin):
    list_display = (
        "run",
        "conference",
        "operation",
        "outcome",
        "code",
        "items",
        "provider_total",
        "message",
        "finished_at",
    )
    list_filter = ("outcome", "operation", "item__run__connection")
    list_select_related = ("item__run", "item__conference")
    search_fields = ("=item__run__id", "=code", "item__conference__title", "message")
    date_hierarchy = "finished_at"

    @admin.display(ordering="item__run")
    def run(self, obj: SyncStep) -> int:
        return obj.item.run_id

    @admin.display(ordering="item__conference")
    def conference(self, obj: SyncStep) -> str:
        return str(obj.item.conference)


@admin.register(SyncEvent)
class SyncEventAdmin(ReadOnlyAdmin):
    list_display = ("at", "run", "level", "code", "text")
    list_filter = (EventLevel, "run__connection")
    list_select_related = ("run",)
    search_fields = ("=run__id", "=code", "text")
    ordering = ("-id",)
