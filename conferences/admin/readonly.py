"""Rows that only the engine or a person's recorded decision writes."""

from functools import cached_property

from django.contrib import admin
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest

LISTED = 10_000


class ShortPaginator(Paginator):
    """Counts up to a limit, beyond which nobody turns pages: a filter or a search leads further."""

    @cached_property
    def count(self) -> int:
        rows: models.QuerySet[models.Model] = self.object_list  # type: ignore[assignment]
        return rows.order_by()[:LISTED].count()


class ReadOnlyAdmin(admin.ModelAdmin):
    """Everything can be seen and searched, nothing added, changed or deleted."""

    list_per_page = 50
    paginator = ShortPaginator
    # Counting all of a large table costs more than the page itself.
    show_full_result_count = False

    class Media:
        css = {"all": ["conferences/admin.css"]}

    def has_add_permission(self, _: HttpRequest) -> bool:
        return False

    def has_change_permission(self, _: HttpRequest, obj: models.Model | None = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, _: HttpRequest, obj: models.Model | None = None) -> bool:  # noqa: ARG002
        return False
