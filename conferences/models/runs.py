"""One click, and everything that came of it. The only home of run state and progress."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from conferences.models.conference import Conference
from conferences.models.connection import Connection
from conferences.models.rules import in_order, one_of


class SyncRun(models.Model):
    """Who asked, for what, in which mode; and how it went."""

    class State(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        PAUSED = "paused"
        SUCCEEDED = "succeeded"
        PARTIAL = "partial"
        FAILED = "failed"
        CANCELLED = "cancelled"

    class Mode(models.TextChoices):
        CONFERENCE = "conference"
        FULL = "full"
        DELTA = "delta"
        RANGE = "range"

    class Via(models.TextChoices):
        PAGE = "page"
        ADMIN = "admin"
        COMMAND = "command"

    ACTIVE = (State.QUEUED, State.RUNNING)
    OPEN = (*ACTIVE, State.PAUSED)
    GOOD = (State.SUCCEEDED, State.PARTIAL)
    ENDED = (*GOOD, State.FAILED, State.CANCELLED)

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="runs")
    conference = models.ForeignKey(Conference, models.CASCADE, null=True, blank=True, related_name="runs")
    mode = models.CharField(max_length=16, choices=Mode.choices, default=Mode.CONFERENCE)
    span_starts_at = models.DateTimeField(null=True, blank=True)
    span_ends_at = models.DateTimeField(null=True, blank=True)
    operations = ArrayField(models.CharField(max_length=32), default=list)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    requested_via = models.CharField(max_length=16, choices=Via.choices)
    request_id = models.CharField(max_length=64, blank=True, help_text="Of the click, as all logs of this run name it.")
    traceparent = models.CharField(max_length=64, blank=True, help_text="Of the click's trace, in W3C's form.")
    state = models.CharField(max_length=16, choices=State.choices, default=State.QUEUED)
    code = models.CharField(max_length=64, blank=True)
    message = models.TextField(blank=True)
    phase = models.CharField(max_length=120, blank=True)
    progress = models.PositiveSmallIntegerField(default=0)
    cancel_requested = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now())
    rung_at = models.DateTimeField(null=True, blank=True, help_text="When workers were last told of this run.")
    started_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    resumes_at = models.DateTimeField(null=True, blank=True, help_text="When a paused run may go on.")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["conference"],
                condition=Q(state__in=["queued", "running"]),
                name="one_active_run_per_conference",
            ),
            models.UniqueConstraint(
                fields=["connection"],
                condition=Q(state__in=["queued", "running"], conference__isnull=True),
                name="one_active_run_per_connection",
            ),
            models.CheckConstraint(condition=Q(progress__lte=100), name="run_progress"),
            one_of("state", "queued running paused succeeded partial failed cancelled", "run_state"),
            one_of("mode", "conference full delta range", "run_mode"),
            in_order("span_starts_at", "span_ends_at", "run_span_order"),
        ]
        indexes = [
            models.Index(fields=["state", "heartbeat_at"], name="run_liveness"),
            models.Index(fields=["connection", "state", "-created_at"], name="run_of_connection"),
        ]

    def __str__(self) -> str:
        return f"run {self.pk} ({self.state})"

    @property
    def is_active(self) -> bool:
        return self.state in self.ACTIVE


class SyncItem(models.Model):
    """One conference inside a run: what a worker claims. The token fences off a worker that was presumed dead.

    The item without a conference is the search of an account-wide run for its conferences.
    """

    class State(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    run = models.ForeignKey(SyncRun, models.CASCADE, related_name="items")
    conference = models.ForeignKey(Conference, models.CASCADE, null=True, blank=True, related_name="sync_items")
    state = models.CharField(max_length=16, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    token = models.BigIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    worker = models.CharField(max_length=120, blank=True)
    message = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["run", "conference"], name="one_item_per_conference"),
            one_of("state", "queued running done failed cancelled", "item_state_is_known"),
        ]
        indexes = [
            models.Index(fields=["run", "state"], name="item_state"),
            models.Index(fields=["conference", "-run"], name="item_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.conference} in run {self.run_id}"


class SyncStep(models.Model):
    """One operation on one item, and its one outcome."""

    class Outcome(models.TextChoices):
        SYNCED = "synced"
        NO_DATA = "no_data", "no data"
        BLOCKED = "blocked"
        FAILED = "failed"

    item = models.ForeignKey(SyncItem, models.CASCADE, related_name="steps")
    operation = models.CharField(max_length=32)
    position = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(max_length=16, choices=Outcome.choices, blank=True)
    code = models.CharField(max_length=64, blank=True)
    message = models.TextField(blank=True)
    advice = models.TextField(blank=True)
    source = models.CharField(max_length=32, blank=True)
    items = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    provider_total = models.PositiveIntegerField(null=True, blank=True)
    requests = models.PositiveIntegerField(default=0, help_text="Calls made to the provider.")
    retries = models.PositiveIntegerField(default=0)
    throttled = models.PositiveIntegerField(default=0, help_text="How often the provider asked us to slow down.")
    waited_seconds = models.FloatField(default=0, help_text="Spent on waiting: for our own pace, and as asked.")
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["item", "operation"], name="one_step_per_operation"),
            one_of("outcome", "synced no_data blocked failed", "step_outcome", blank=True),
        ]
        indexes = [models.Index(fields=["finished_at"], name="step_ended")]

    def __str__(self) -> str:
        return f"{self.operation}: {self.outcome or 'pending'}"


class SyncEvent(models.Model):
    """One line of a run's activity log."""

    run = models.ForeignKey(SyncRun, models.CASCADE, related_name="events")
    item = models.ForeignKey(SyncItem, models.CASCADE, null=True, blank=True, related_name="events")
    at = models.DateTimeField(db_default=Now())
    level = models.CharField(max_length=8, default="info")
    code = models.CharField(max_length=64, blank=True)
    text = models.TextField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text
