"""Who attended, from when to when."""

from django.conf import settings
from django.db import models

from conferences.models.conference import Conference
from conferences.models.rules import filled, in_order, one_of
from conferences.models.seen import Seen


class Participant(Seen):
    """One person in one conference, or one guest whom nobody can identify."""

    class Kind(models.TextChoices):
        MEMBER = "member"
        GUEST = "guest"
        EXTERNAL = "external"
        DIAL_IN = "dial_in", "dial-in"
        BOT = "bot"
        UNKNOWN = "unknown"

    class Match(models.TextChoices):
        """Who decided that this participant is (or is not) `user`. People outrank rules."""

        NONE = "none"
        RULE = "rule", "exact match"
        REMEMBERED = "remembered", "confirmed earlier in the series"
        MANUAL = "manual", "decided by a person"

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="participants")
    identity_key = models.CharField(max_length=512)
    lasting = models.BooleanField(default=False, help_text="The identity is the same in other conferences.")
    name = models.CharField(max_length=512, blank=True)
    email = models.CharField(max_length=320, blank=True)
    role = models.CharField(max_length=32, blank=True)
    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.UNKNOWN)
    source = models.CharField(max_length=32, blank=True)
    superseded = models.BooleanField(default=False, help_text="Only a source that does not count knows this entry.")
    total_seconds = models.PositiveIntegerField(default=0)
    reported_seconds = models.PositiveIntegerField(null=True, blank=True)
    first_joined_at = models.DateTimeField(null=True, blank=True)
    last_left_at = models.DateTimeField(null=True, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="participations"
    )
    match = models.CharField(max_length=16, choices=Match.choices, default=Match.NONE)
    matched_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    matched_at = models.DateTimeField(null=True, blank=True)
    reported = models.JSONField(default=dict, blank=True, help_text="The provider's own totals, by source and sitting.")
    extra = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["conference", "identity_key"], name="participant_identity"),
            filled("identity_key", "participant_has_identity"),
            one_of("kind", "member guest external dial_in bot unknown", "participant_kind"),
            one_of("match", "none rule remembered manual", "participant_match"),
            in_order("first_joined_at", "last_left_at", "participant_order"),
        ]
        indexes = [models.Index(fields=["user"], name="participant_user")]

    def __str__(self) -> str:
        return self.name or self.email or "unnamed participant"


class AttendanceSession(Seen):
    """One join-to-leave interval. `left_at` is empty when it was still running when it was fetched, and when the
    provider does not tell its end."""

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="sessions")
    source = models.CharField(max_length=32)
    sitting = models.CharField(max_length=255)
    session_key = models.CharField(max_length=255, help_text="The provider's key, or the time of joining.")
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)
    superseded = models.BooleanField(default=False)

    class Meta:
        ordering = ["joined_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["participant", "source", "session_key"], name="attendance_session_key"),
            in_order("joined_at", "left_at", "attendance_session_order"),
        ]

    def __str__(self) -> str:
        return (
            f"{self.joined_at:%Y-%m-%d %H:%M} – {self.left_at:%H:%M}"
            if self.left_at
            else f"{self.joined_at:%Y-%m-%d %H:%M} –"
        )

    @property
    def seconds(self) -> int | None:
        """Whole seconds; None while it runs, or when its end is not known."""
        return round((self.left_at - self.joined_at).total_seconds()) if self.left_at else None


class AttendanceListing(models.Model):
    """That a source was once listed to its end: only then it may count instead of a worse one."""

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="attendance_listings")
    source = models.CharField(max_length=32)
    ended_cleanly_at = models.DateTimeField(help_text="The last time.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conference", "source"], name="attendance_listing")]

    def __str__(self) -> str:
        return f"{self.source} of {self.conference}"


class KnownIdentity(models.Model):
    """A person's decision about who somebody is, remembered for the whole series."""

    connection = models.ForeignKey("conferences.Connection", models.CASCADE, related_name="+")
    series_id = models.CharField(max_length=512)
    identity_key = models.CharField(max_length=512)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "known identities"
        constraints = [
            models.UniqueConstraint(fields=["connection", "series_id", "identity_key"], name="known_identity")
        ]

    def __str__(self) -> str:
        return f"{self.identity_key} is {self.user or 'nobody on the roster'}"


class PresenceCorrection(models.Model):
    """A person overrules the computed presence, with a reason. The newest one counts; none is ever changed."""

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="corrections")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    presence = models.CharField(max_length=16)
    reason = models.CharField(max_length=500)
    corrected_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    corrected_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-corrected_at", "-id"]

    def __str__(self) -> str:
        return f"{self.user}: {self.presence}, because {self.reason}"
