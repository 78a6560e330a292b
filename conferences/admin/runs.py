"""What was synced when, and how it went."""

from django.contrib import admin
from django.utils.safestring import SafeString

from conferences.admin.errors import of_run
from conferences.admin.readonly import ReadOnlyAdmin
from conferences.models import SyncEvent, SyncItem, SyncRun, SyncStep


@admin.register(SyncRun)
class SyncRunAdmin(ReadOnlyAdmin):
    list_display = (
        "id",
        "conference",
        "connection",
        "mode",
        "state",
        "progress",
        "message",
        "resumes_at",
        "requested_by",
        "created_at",
    )
    list_filter = ("state", "mode", "requested_via", "code", "connection")
    list_select_related = ("conference", "connection", "requested_by")
    search_fields = ("=id", "conference__title", "connection__name", "requested_by__username", "message")
    readonly_fields = ("errors",)
    date_hierarchy = "created_at"

    class Media:
        css = {"all": ["conferences/admin.css"]}

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
    list_filter = ("outcome", "operation", "code", "source", "item__run__connection")
    list_select_related = ("item__run", "item__conference")
    search_fields = ("=item__run__id", "item__conference__title", "code", "message")
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
    list_filter = ("level", "code", "run__connection")
    list_select_related = ("run",)
    search_fields = ("=run__id", "code", "text")
    date_hierarchy = "at"
