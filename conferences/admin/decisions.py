"""What people have decided about who was there. Decisions are taken on the conference's page, where the reasons are."""

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from conferences.admin.readonly import ReadOnlyAdmin
from conferences.models import KnownIdentity, PresenceCorrection


@admin.register(KnownIdentity)
class KnownIdentityAdmin(ReadOnlyAdmin):
    """Deleting one forgets it: later syncs of the series decide by rule again."""

    list_display = ("identity_key", "user", "series_id", "connection", "decided_by", "decided_at")
    list_filter = ("connection",)
    list_select_related = ("user", "connection", "decided_by")
    search_fields = ("identity_key", "series_id", "user__username", "user__email", "user__last_name")
    date_hierarchy = "decided_at"

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return admin.ModelAdmin.has_delete_permission(self, request, obj)


@admin.register(PresenceCorrection)
class PresenceCorrectionAdmin(ReadOnlyAdmin):
    list_display = ("conference", "user", "presence", "reason", "corrected_by", "corrected_at")
    list_filter = ("presence", "conference__connection")
    list_select_related = ("conference", "user", "corrected_by")
    search_fields = ("conference__title", "user__username", "user__email", "user__last_name", "reason")
    date_hierarchy = "corrected_at"
