"""Rows that only the engine or a person's recorded decision writes."""

from django.contrib import admin
from django.db import models
from django.http import HttpRequest


class ReadOnlyAdmin(admin.ModelAdmin):
    """Everything can be seen and searched, nothing added, changed or deleted."""

    list_per_page = 50
    # Counting all of a large table costs more than the page itself.
    show_full_result_count = False

    def has_add_permission(self, _: HttpRequest) -> bool:
        return False

    def has_change_permission(self, _: HttpRequest, obj: models.Model | None = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, _: HttpRequest, obj: models.Model | None = None) -> bool:  # noqa: ARG002
        return False
