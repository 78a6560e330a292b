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

    class Type(models.IntegerChoices):
        """Zoom numbers webinars and meetings in one row."""

        INSTANT_MEETING = 1, "Meeting that was started at once"
        MEETING = 2, "Meeting"
        MEETINGS_AT_ANY_TIME = 3, "Meeting that recurs at no fixed time"
        PERSONAL_ROOM = 4, "Meeting in a personal room"
        WEBINAR = 5, "Webinar"
        WEBINARS_AT_ANY_TIME = 6, "Webinar that recurs at no fixed time"
        MEETING_SERIES = 8, "One of a series of meetings"
        WEBINAR_SERIES = 9, "One of a series of webinars"

    class Approval(models.IntegerChoices):
        AUTOMATIC = 0, "Required, everybody is accepted"
        BY_HAND = 1, "Required, accepted by hand"
        NONE = 2, "Not required"

    class Registration(models.IntegerChoices):
        ONCE = 1, "Once, for all sessions"
        EACH = 2, "Anew for each session"
        CHOSEN = 3, "Once, for chosen sessions"

    class Recording(models.TextChoices):
        LOCAL = "local", "On the host's computer"
        CLOUD = "cloud", "In Zoom's cloud"
        NONE = "none", "Off"

    conference = models.OneToOneField("conferences.Conference", models.CASCADE, related_name="webinar")
    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.WEBINAR)

    # What it is.
    zoom_id = models.BigIntegerField(
        "number in Zoom", null=True, blank=True, help_text="The number that all occurrences share."
    )
    uuid = models.CharField(
        "id of this occurrence in Zoom", max_length=128, blank=True, help_text="Names this one occurrence."
    )
    host_id = models.CharField(max_length=64, blank=True)
    host_email = models.CharField("e-mail of the host", max_length=320, blank=True)
    host_name = models.CharField("host", max_length=512, blank=True)
    topic = models.CharField(max_length=512, blank=True)
    agenda = models.TextField(blank=True)
    type = models.PositiveSmallIntegerField(null=True, blank=True, choices=Type.choices)
    status = models.CharField(max_length=16, blank=True, help_text="As it was when it was last looked at.")

    # When it was planned, and by whom.
    scheduled_start_at = models.DateTimeField("planned start", null=True, blank=True)
    scheduled_duration_minutes = models.PositiveIntegerField("planned length in minutes", null=True, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    created_in_zoom_at = models.DateTimeField("created in Zoom", null=True, blank=True)
    creation_source = models.CharField(max_length=64, blank=True)

    # How to get in.
    join_url = models.CharField(max_length=2048, blank=True)
    registration_url = models.CharField("address to register at", max_length=2048, blank=True)
    has_passcode = models.BooleanField(null=True, blank=True)
    has_encrypted_passcode = models.BooleanField(null=True, blank=True)
    has_h323_passcode = models.BooleanField(null=True, blank=True)

    # How it is made.
    template_id = models.CharField(max_length=128, blank=True)
    is_simulive = models.BooleanField("shows a recording as if it were live", null=True, blank=True)
    record_file_id = models.CharField(max_length=128, blank=True)
    transition_to_live = models.BooleanField(null=True, blank=True)
    is_events_webinar = models.BooleanField(null=True, blank=True)

    # Its settings: those that people look for, and the whole object.
    approval_type = models.PositiveSmallIntegerField("registration", null=True, blank=True, choices=Approval.choices)
    registration_type = models.PositiveSmallIntegerField(
        "people register", null=True, blank=True, choices=Registration.choices
    )
    registrants_restrict_number = models.PositiveIntegerField(null=True, blank=True, help_text="0: no limit.")
    auto_recording = models.CharField("automatic recording", max_length=32, blank=True, choices=Recording.choices)
    practice_session = models.BooleanField("practice session before it", null=True, blank=True)
    alternative_hosts = models.TextField(blank=True)
    email_language = models.CharField(max_length=32, blank=True)
    recurrence = models.JSONField(default=dict, blank=True)
    occurrences = models.JSONField(default=list, blank=True)
    tracking_fields = models.JSONField(default=list, blank=True)
    settings = models.JSONField(default=dict, blank=True)

    # What became of it.
    actual_start_at = models.DateTimeField("began", null=True, blank=True)
    actual_end_at = models.DateTimeField("ended", null=True, blank=True)
    actual_duration_minutes = models.PositiveIntegerField("length in minutes", null=True, blank=True)
    participants_count = models.PositiveIntegerField("participants, as Zoom counts them", null=True, blank=True)
    total_minutes = models.PositiveIntegerField("minutes attended by all together", null=True, blank=True)
    unique_viewers = models.PositiveIntegerField(null=True, blank=True)
    max_concurrent_views = models.PositiveIntegerField("most viewers at once", null=True, blank=True)

    detail_missing_at = models.DateTimeField(
        "no longer known to Zoom since",
        null=True,
        blank=True,
        help_text="Since when Zoom no longer knows the series; what is stored here stays.",
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
