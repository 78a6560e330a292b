"""Conferences, and the button that syncs them."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from conferences.admin import syncing
from conferences.admin.button import ButtonAdmin
from conferences.admin.conference_form import ConferenceForm
from conferences.admin.readonly import ReadOnlyAdmin
from conferences.models import Conference, Participant, SyncRun
from conferences.sync.share import parts


@admin.register(Conference)
class ConferenceAdmin(ButtonAdmin):
    form = ConferenceForm
    list_display = ("title", "course", "starts_at", "ends_at", "connection", "participants", "last_sync")
    list_filter = ("connection", "course", "starts_at")
    list_select_related = ("course", "connection")
    search_fields = ("title", "course__code", "course__title", "organizer", "external_id")
    date_hierarchy = "starts_at"
    autocomplete_fields = ("course",)
    actions = ("sync_selected",)
    button_name, button_label = "sync", "Sync data"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Conference]:
        newest_run = parts(OuterRef("pk")).values("shown_state")[:1]
        people = Participant.objects.filter(conference=OuterRef("pk"), superseded=False, gone_at=None)
        count = people.order_by().values("conference").annotate(count=Count("pk")).values("count")
        return (
            super()
            .get_queryset(request)
            .annotate(
                last_state=Subquery(newest_run),
                participant_count=Coalesce(Subquery(count, output_field=IntegerField()), 0),
            )
        )

    def get_fields(self, _: HttpRequest, obj: Conference | None = None) -> list[Any]:
        return [*ConferenceForm.Meta.fields, *(("series_id", "created_at") if obj else ())]

    def get_readonly_fields(self, _: HttpRequest, obj: Conference | None = None) -> tuple[str, ...]:
        """What was stored belongs to the connection that it came through."""
        return ("connection", "series_id", "created_at") if obj else ()

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Whoever may delete a conference deletes what was synced of it: the confirmation lists it all."""
        to_delete, counts, forbidden, protected = super().get_deleted_objects(objs, request)
        synced = {
            str(model._meta.verbose_name)
            for model, model_admin in self.admin_site._registry.items()
            if isinstance(model_admin, ReadOnlyAdmin)
        }
        return to_delete, counts, set(forbidden) - synced, protected

    def press(self, request: HttpRequest, obj: Conference) -> None:
        syncing.start(request, [obj])

    @admin.action(description="Sync data of the selected conferences", permissions=["change"])
    def sync_selected(self, request: HttpRequest, queryset: QuerySet[Conference]) -> None:
        syncing.start(request, queryset.select_related("connection"))

    @admin.display(ordering="participant_count")
    def participants(self, obj: Any) -> int:
        return obj.participant_count

    @admin.display(description="last sync", empty_value="never", ordering="last_state")
    def last_sync(self, obj: Any) -> str | None:
        return obj.last_state and str(SyncRun.State(obj.last_state).label)
