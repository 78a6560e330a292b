"""What a provider listed and what cannot be right as it stands."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from conferences.models.conference import Conference
from conferences.models.connection import Connection
from conferences.models.rules import filled
from conferences.models.seen import Seen


class FlawedEntry(Seen):
    """One entry that failed validation: why, and what the provider said, as it came.

    conference  None when the entry could not even be told to belong to one
    stored      whether what made sense of it stands among the data as well
    """

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="flaws")
    conference = models.ForeignKey(Conference, models.CASCADE, null=True, blank=True, related_name="flaws")
    operation = models.CharField(max_length=32)
    provider_id = models.CharField(max_length=512)
    about = models.CharField(max_length=255, blank=True, help_text="What or whom the entry is about, for people.")
    reasons = ArrayField(models.CharField(max_length=255), default=list)
    raw = models.JSONField(default=dict)
    stored = models.BooleanField(default=True)

    class Meta:
        ordering = ["operation", "id"]
        verbose_name_plural = "flawed entries"
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "conference", "operation", "provider_id"],
                nulls_distinct=False,
                name="flawed_entry_provider_id",
            ),
            filled("provider_id", "flawed_entry_has_id"),
            models.CheckConstraint(condition=Q(reasons__len__gt=0), name="flawed_entry_has_reason"),
        ]
        indexes = [
            models.Index(fields=["connection", "operation", "id"], condition=Q(gone_at=None), name="flawed_entry_live")
        ]

    def __str__(self) -> str:
        return f"{self.about or self.operation}: {', '.join(self.reasons)}"
