"""What people did beside attending: they registered, asked, and answered."""

from django.db import models

from conferences.models.conference import Conference
from conferences.models.rules import filled, one_of
from conferences.models.seen import Seen


class Registrant(Seen):
    """Somebody who registered for the conference."""

    class Status(models.TextChoices):
        APPROVED = "approved"
        PENDING = "pending"
        DENIED = "denied"
        UNKNOWN = "", "unknown"

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="registrants")
    provider_id = models.CharField(max_length=512)
    name = models.CharField(max_length=512, blank=True)
    email = models.CharField(max_length=320, blank=True)
    status = models.CharField(max_length=16, choices=Status.choices, blank=True, default=Status.UNKNOWN)
    registered_at = models.DateTimeField(null=True, blank=True)
    absent = models.BooleanField(null=True, blank=True, help_text="The provider lists them as not having come.")
    extra = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["conference", "provider_id"], name="registrant_provider_id"),
            filled("provider_id", "registrant_has_id"),
            one_of("status", "approved pending denied", "registrant_status", blank=True),
        ]

    def __str__(self) -> str:
        return self.name or self.email or "unnamed registrant"


class Question(Seen):
    """A question that an attendee asked, with its answers: a list of objects with text, author and answered_at."""

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="questions")
    provider_id = models.CharField(max_length=512)
    text = models.TextField(blank=True)
    asker = models.CharField(max_length=512, blank=True)
    email = models.CharField(max_length=320, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    status = models.CharField(max_length=32, blank=True)
    answers = models.JSONField(default=list, blank=True)
    extra = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["conference", "provider_id"], name="question_provider_id"),
            filled("provider_id", "question_has_id"),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class Response(Seen):
    """One person's answer to one question of a poll or a survey."""

    class Kind(models.TextChoices):
        POLL = "poll"
        SURVEY = "survey"

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="responses")
    provider_id = models.CharField(max_length=512)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    title = models.CharField(max_length=512, blank=True)
    question = models.TextField(blank=True)
    answer = models.TextField(blank=True)
    respondent = models.CharField(max_length=512, blank=True)
    email = models.CharField(max_length=320, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    extra = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["kind", "title", "question", "id"]
        constraints = [
            models.UniqueConstraint(fields=["conference", "provider_id"], name="response_provider_id"),
            filled("provider_id", "response_has_id"),
            one_of("kind", "poll survey", "response_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.question[:40]}: {self.answer[:40]}"
