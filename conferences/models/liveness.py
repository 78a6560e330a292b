"""Signs of life of the workers, and totals that outlive the rows they were counted from."""

from django.db import models


class WorkerPulse(models.Model):
    """One worker process. It may beat and yet take no work any more: so it also says when it last took any."""

    name = models.CharField(max_length=255, unique=True)
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField()
    took_work_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class RetiredTotal(models.Model):
    """What deleted log rows had added to a counter, so that counters never fall."""

    name = models.CharField(max_length=120)
    labels = models.JSONField(default=dict)
    value = models.FloatField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "labels"], name="one_retired_total")]

    def __str__(self) -> str:
        return f"{self.name} {self.labels}: {self.value}"
