"""What an operator narrows the list of runs by."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest

from conferences.models import SyncItem, SyncRun, SyncStep

# Of the lines of a run's log.
LEVELS = ("info", "warning", "error")


class HasFailures(admin.SimpleListFilter):
    title, parameter_name = "failures", "failures"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, str]]:
        return [("items", "with failed items"), ("steps", "with failed or blocked operations")]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[SyncRun]) -> QuerySet[SyncRun]:
        if self.value() == "items":
            return queryset.filter(Exists(SyncItem.objects.filter(run=OuterRef("pk"), state=SyncItem.State.FAILED)))
        if self.value() == "steps":
            bad = SyncStep.objects.filter(item__run=OuterRef("pk"), outcome__in=("failed", "blocked"))
            return queryset.filter(Exists(bad))
        return queryset


class Liveness(admin.SimpleListFilter):
    title, parameter_name = "liveness", "liveness"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, str]]:
        return [("active", "active"), ("stale", "without a sign of life"), ("reaped", "ended as stale")]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[SyncRun]) -> QuerySet[SyncRun]:
        if self.value() == "active":
            return queryset.filter(state__in=SyncRun.ACTIVE)
        if self.value() == "stale":
            limit = Now() - timedelta(seconds=settings.SYNC_STALE_AFTER)
            return queryset.filter(state=SyncRun.State.RUNNING, heartbeat_at__lt=limit)
        return queryset.filter(code="stale") if self.value() == "reaped" else queryset


class EventLevel(admin.SimpleListFilter):
    """The levels are known: asking the rows which there are reads them all."""

    title, parameter_name = "level", "level"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, str]]:
        return [(level, level) for level in LEVELS]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(level=self.value()) if self.value() else queryset
