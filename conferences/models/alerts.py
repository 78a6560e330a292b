"""What admins want to be told of, and what they were told."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from conferences.models.connection import Connection
from conferences.models.fields import SecretsField


class AlertRule(models.Model):
    """One condition that is looked at again and again, for one connection or for each."""

    class Kind(models.TextChoices):
        SUCCESS_RATE = "success_rate", "success rate below (percent of what was synced within a day)"
        NO_GOOD_SYNC = "no_good_sync", "no good sync for (hours)"
        STALE_RUN = "stale_run", "a run without a sign of life for (minutes)"
        CONNECTION_REFUSED = "connection_refused", "a connection is refused or about to expire (days ahead)"
        QUEUE_GROWING = "queue_growing", "work waiting longer than (minutes)"
        PAUSED_RUN = "paused_run", "syncs paused at a provider's daily limit, more than (number)"
        NEW_ERROR = "new_error", "a kind of error that was not met for (hours)"
        SYSTEM = "system", "nothing can be synced: the worker, the broker or the database"

    name = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=32, choices=Kind.choices)
    connection = models.ForeignKey(
        Connection, models.CASCADE, null=True, blank=True, related_name="+", help_text="Empty: every connection."
    )
    threshold = models.FloatField(
        default=0, validators=[MinValueValidator(0)], help_text="In the unit that the kind names."
    )
    hold_minutes = models.PositiveSmallIntegerField(
        default=5,
        help_text="The condition must hold for this long to open an alert, and be gone for as long to end it.",
    )
    enabled = models.BooleanField(default=True)
    email_to = ArrayField(models.EmailField(), default=list, blank=True)
    webhook_url = models.URLField(max_length=2048, blank=True)
    webhook_secret = SecretsField(default=dict, editable=False, help_text="Signs what is sent.")
    looked_at = models.DateTimeField(null=True, editable=False, help_text="When the condition was last looked at.")

    class Meta:
        ordering = ["name"]
        constraints = [models.CheckConstraint(condition=Q(threshold__gte=0), name="alert_threshold")]

    def __str__(self) -> str:
        return self.name

    @property
    def terms(self) -> str:
        """What it looks for: an alert ends when this becomes another."""
        return f"{self.kind} {self.threshold:g} {self.connection_id or 'all'}"


class Alert(models.Model):
    """The condition of one rule being met for one subject, from its first sign to its end.

    `pending` until it has held long enough. `cleared_at` is when it was last seen to be gone while it is still open.

    rule_name, terms   as they were at its beginning: a rule may be renamed, changed and deleted
    """

    class State(models.TextChoices):
        PENDING = "pending"
        OPEN = "open"
        RESOLVED = "resolved"

    ACTIVE = (State.PENDING, State.OPEN)

    rule = models.ForeignKey(AlertRule, models.SET_NULL, null=True, related_name="alerts")
    rule_name = models.CharField(max_length=120, blank=True)
    terms = models.CharField(max_length=120, blank=True)
    connection = models.ForeignKey(Connection, models.CASCADE, null=True, blank=True, related_name="alerts")
    subject = models.CharField(max_length=255, blank=True, help_text="What else tells alerts of one rule apart.")
    state = models.CharField(max_length=16, choices=State.choices, default=State.PENDING)
    message = models.TextField()
    first_seen_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    cleared_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_because = models.CharField(max_length=200, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "connection", "subject"],
                condition=Q(state__in=["pending", "open"], rule__isnull=False),
                nulls_distinct=False,
                name="one_active_alert",
            )
        ]
        indexes = [models.Index(fields=["state", "-opened_at"], name="alert_state")]

    def __str__(self) -> str:
        return self.message


class AlertDelivery(models.Model):
    """One message about an alert on its way to somebody: tried until it arrives or is given up.

    to, secret   where it goes and what signs it, as the rule said when it was written
    """

    class Channel(models.TextChoices):
        EMAIL = "email", "e-mail"
        WEBHOOK = "webhook"

    class Event(models.TextChoices):
        OPENED = "opened"
        RESOLVED = "resolved"

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=16, choices=Channel.choices)
    event = models.CharField(max_length=16, choices=Event.choices)
    to = ArrayField(models.CharField(max_length=2048), default=list)
    secret = SecretsField(default=dict, editable=False)
    created_at = models.DateTimeField(db_default=Now())
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True, help_text="Empty: nothing more will be tried.")
    delivered_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "alert deliveries"
        constraints = [models.UniqueConstraint(fields=["alert", "channel", "event"], name="one_delivery_per_event")]
        indexes = [models.Index(fields=["next_attempt_at"], name="delivery_due")]

    def __str__(self) -> str:
        return f"{self.event} by {self.channel}"
