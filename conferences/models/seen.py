"""What every synced row carries."""

from django.db import models


class Seen(models.Model):
    """When the provider first and last listed this row, and since when it no longer does. Nothing is ever deleted."""

    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
