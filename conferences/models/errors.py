"""What went wrong at a provider or here, and how stubbornly it is tried again."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from conferences.models.connection import Connection
from conferences.models.runs import SyncItem, SyncRun


class ErrorClass(models.TextChoices):
    """Which kind of trouble: what decides on trying again, and who can mend it."""

    RATE_LIMIT = "rate_limit", "rate limit"
    NETWORK = "network"
    SERVER = "server", "provider's server"
    AUTHENTICATION = "authentication"
    PERMISSION = "permission"
    DATA = "data"
    INTERNAL = "internal", "our own"


class SyncError(models.Model):
    """One error, as often as it occurred in one operation of one item; redacted, and never with people's data.

    ended_step  whether it decided how the operation ended, instead of having been overcome by trying again
    context     what helps to find the cause: method, path without query, topic, tries
    """

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="errors")
    run = models.ForeignKey(SyncRun, models.CASCADE, related_name="errors")
    item = models.ForeignKey(SyncItem, models.CASCADE, null=True, blank=True, related_name="errors")
    operation = models.CharField(max_length=32, blank=True)
    error_class = models.CharField(max_length=16, choices=ErrorClass.choices)
    code = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Of HTTP.")
    provider_code = models.CharField(max_length=64, blank=True)
    request_id = models.CharField(max_length=128, blank=True, help_text="The provider's own id of the last one.")
    message = models.TextField(blank=True)
    detail = models.TextField(blank=True)
    context = models.JSONField(default=dict, blank=True)
    ended_step = models.BooleanField(default=False)
    times = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        ordering = ["-last_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "item", "operation", "error_class", "code", "status", "provider_code", "ended_step"],
                nulls_distinct=False,
                name="one_row_per_error",
            ),
            models.CheckConstraint(condition=Q(error_class__in=ErrorClass.values), name="error_class_is_known"),
        ]
        indexes = [
            models.Index(fields=["connection", "-last_at"], name="error_of_connection"),
            models.Index(fields=["-last_at", "error_class"], name="error_by_class"),
        ]

    def __str__(self) -> str:
        return f"{self.get_error_class_display()}: {self.code}"


class RetryPolicy(models.Model):
    """How often and how long errors of one class are tried again. Without a row the built-in values hold."""

    error_class = models.CharField(max_length=16, choices=ErrorClass.choices, unique=True)
    tries = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(10)], help_text="Including the first one; 1 to 10."
    )
    first_wait_seconds = models.FloatField(validators=[MinValueValidator(0.1), MaxValueValidator(60)])
    longest_wait_seconds = models.FloatField(validators=[MinValueValidator(1), MaxValueValidator(300)])
    patience_seconds = models.FloatField(
        validators=[MinValueValidator(0), MaxValueValidator(1800)],
        help_text="All waiting that the provider asks for, for one kind of call, taken together.",
    )
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "retry policies"
        ordering = ["error_class"]
        constraints = [
            models.CheckConstraint(condition=Q(tries__range=(1, 10)), name="retry_tries"),
            models.CheckConstraint(condition=Q(first_wait_seconds__range=(0.1, 60)), name="retry_first_wait"),
            models.CheckConstraint(
                condition=Q(longest_wait_seconds__range=(1, 300))
                & Q(longest_wait_seconds__gte=models.F("first_wait_seconds")),
                name="retry_longest_wait",
            ),
            models.CheckConstraint(condition=Q(patience_seconds__range=(0, 1800)), name="retry_patience"),
        ]

    def __str__(self) -> str:
        return f"retry policy for {self.get_error_class_display()} errors"
