"""What else a conference left behind: recordings, chat, files."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from conferences.models.conference import Conference
from conferences.models.rules import filled, in_order, not_negative, one_of
from conferences.models.seen import Seen


class Recording(Seen):
    """One recording or transcript. `keys` are all the provider ids by which it is known."""

    class Kind(models.TextChoices):
        VIDEO = "video"
        AUDIO = "audio"
        TRANSCRIPT = "transcript"
        CHAT = "chat"
        SLIDES = "slides"
        TIMELINE = "timeline"
        OTHER = "other"

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="recordings")
    provider_id = models.CharField(max_length=1024)
    keys = ArrayField(models.CharField(max_length=1024), default=list)
    name = models.CharField(max_length=512, blank=True)
    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.VIDEO)
    url = models.CharField(max_length=4096, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    size = models.BigIntegerField(null=True, blank=True)
    cues = models.JSONField(null=True, blank=True)
    extra = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["started_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["conference", "provider_id"], name="recording_provider_id"),
            filled("provider_id", "recording_has_id"),
            one_of("kind", "video audio transcript chat slides timeline other", "recording_kind"),
            in_order("started_at", "ended_at", "recording_order"),
            not_negative("size", "recording_size"),
        ]
        indexes = [GinIndex(fields=["keys"], name="recording_keys")]

    def __str__(self) -> str:
        return self.name or self.get_kind_display()


class ChatMessage(Seen):
    """One chat message; a deleted one keeps its text and says when it was deleted."""

    class Kind(models.TextChoices):
        MESSAGE = "message"
        SYSTEM = "system"

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="chat")
    provider_id = models.CharField(max_length=512)
    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.MESSAGE)
    sender = models.CharField(max_length=512, blank=True)
    sender_key = models.CharField(max_length=512, blank=True)
    sender_kind = models.CharField(max_length=16, default="unknown")
    sent_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    reply_to = models.CharField(max_length=512, blank=True)
    extra = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["sent_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["conference", "provider_id"], name="chat_provider_id"),
            filled("provider_id", "chat_has_id"),
            one_of("kind", "message system", "chat_kind"),
        ]
        indexes = [models.Index(fields=["conference", "sent_at"], name="chat_sent_at")]

    def __str__(self) -> str:
        return f"{self.sender or 'system'}: {self.text[:60]}"


class SharedFile(Seen):
    """One file that was shared; the link is kept even where nothing more could be learned."""

    class Status(models.TextChoices):
        AVAILABLE = "available"
        MISSING = "missing", "moved or deleted"
        UNRESOLVED = "unresolved", "details not permitted"

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="files")
    provider_id = models.CharField(max_length=1024)
    name = models.CharField(max_length=512, blank=True)
    url = models.CharField(max_length=4096, blank=True)
    size = models.BigIntegerField(null=True, blank=True)
    mime_type = models.CharField(max_length=255, blank=True)
    shared_by = models.CharField(max_length=512, blank=True)
    shared_at = models.DateTimeField(null=True, blank=True)
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.AVAILABLE)
    extra = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["shared_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["conference", "provider_id"], name="file_provider_id"),
            filled("provider_id", "file_has_id"),
            one_of("status", "available missing unresolved", "file_status"),
            not_negative("size", "file_size"),
        ]

    def __str__(self) -> str:
        return self.name or self.url
