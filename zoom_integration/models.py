"""What Zoom knows of a conference beyond the domain's words."""

from datetime import datetime, timedelta

from django.db import models

# Without an instance for this long, a scheduled webinar did not take place.
MISSED_AFTER = timedelta(hours=24)


class Webinar(models.Model):
    """One occurrence and the series that it belongs to, in Zoom's own words; a meeting's too.

    Passcodes are not kept: only whether one is set. `start_url` is not kept either: it starts the webinar as its host.
    """

    class Kind(models.TextChoices):
        WEBINAR = "webinar"
        MEETING = "meeting"

    conference = models.OneToOneField("conferences.Conference", models.CASCADE, related_name="webinar")
    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.WEBINAR)

    # What it is.
    zoom_id = models.BigIntegerField(null=True, blank=True, help_text="The number that all occurrences share.")
    uuid = models.CharField(max_length=128, blank=True, help_text="Names this one occurrence.")
    host_id = models.CharField(max_length=64, blank=True)
    host_email = models.CharField(max_length=320, blank=True)
    host_name = models.CharField(max_length=512, blank=True)
    topic = models.CharField(max_length=512, blank=True)
    agenda = models.TextField(blank=True)
    type = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Webinars: 5 once, 6 recurring without fixed time, 9 recurring."
    )
    status = models.CharField(max_length=16, blank=True, help_text="As it was when it was last looked at.")

    # When it was planned, and by whom.
    scheduled_start_at = models.DateTimeField(null=True, blank=True)
    scheduled_duration_minutes = models.PositiveIntegerField(null=True, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    created_in_zoom_at = models.DateTimeField(null=True, blank=True)
    creation_source = models.CharField(max_length=64, blank=True)

    # How to get in.
    join_url = models.CharField(max_length=2048, blank=True)
    registration_url = models.CharField(max_length=2048, blank=True)
    has_passcode = models.BooleanField(null=True, blank=True)
    has_encrypted_passcode = models.BooleanField(null=True, blank=True)
    has_h323_passcode = models.BooleanField(null=True, blank=True)

    # How it is made.
    template_id = models.CharField(max_length=128, blank=True)
    is_simulive = models.BooleanField(null=True, blank=True)
    record_file_id = models.CharField(max_length=128, blank=True)
    transition_to_live = models.BooleanField(null=True, blank=True)
    is_events_webinar = models.BooleanField(null=True, blank=True)

    # Its settings: those that people look for, and the whole object.
    approval_type = models.PositiveSmallIntegerField(null=True, blank=True, help_text="2: no registration.")
    registration_type = models.PositiveSmallIntegerField(null=True, blank=True)
    registrants_restrict_number = models.PositiveIntegerField(null=True, blank=True, help_text="0: no limit.")
    auto_recording = models.CharField(max_length=32, blank=True)
    practice_session = models.BooleanField(null=True, blank=True)
    alternative_hosts = models.TextField(blank=True)
    email_language = models.CharField(max_length=32, blank=True)
    recurrence = models.JSONField(default=dict, blank=True)
    occurrences = models.JSONField(default=list, blank=True)
    tracking_fields = models.JSONField(default=list, blank=True)
    settings = models.JSONField(default=dict, blank=True)

    # What became of it.
    actual_start_at = models.DateTimeField(null=True, blank=True)
    actual_end_at = models.DateTimeField(null=True, blank=True)
    actual_duration_minutes = models.PositiveIntegerField(null=True, blank=True)
    participants_count = models.PositiveIntegerField(null=True, blank=True, help_text="Zoom's own count.")
    total_minutes = models.PositiveIntegerField(null=True, blank=True)
    unique_viewers = models.PositiveIntegerField(null=True, blank=True)
    max_concurrent_views = models.PositiveIntegerField(null=True, blank=True)

    detail_missing_at = models.DateTimeField(
        null=True, blank=True, help_text="Since when Zoom no longer knows the series; what is stored here stays."
    )
    report = models.JSONField(default=dict, blank=True, help_text="What else the account's report said.")
    extra = models.JSONField(default=dict, blank=True, help_text="What else Zoom said of the series.")

    class Meta:
        verbose_name = "Zoom webinar"
        indexes = [
            models.Index(fields=["zoom_id"], name="webinar_zoom_id"),
            models.Index(fields=["host_email", "-actual_start_at"], name="webinar_host"),
            models.Index(fields=["status", "-actual_start_at"], name="webinar_status"),
        ]

    def __str__(self) -> str:
        return self.topic or self.uuid or str(self.zoom_id or "")

    def status_at(self, now: datetime) -> str:
        """upcoming, live, ended or missed; "" when Zoom gave no times. Inferred: Zoom has no such field."""
        if self.actual_end_at or self.status == "ended":
            return "ended"
        if self.scheduled_start_at is None:
            return ""
        if now < self.scheduled_start_at:
            return "upcoming"
        if now < self.scheduled_start_at + timedelta(minutes=self.scheduled_duration_minutes or 0):
            return "live"
        return "missed" if now >= self.scheduled_start_at + MISSED_AFTER else "ended"
