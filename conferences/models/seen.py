"""What every synced row carries."""

from django.db import models


class Seen(models.Model):
    """When a sync first stored this row, last changed it, and since when the provider no longer lists it.

    A row that is listed again unchanged is not even touched: the last good step of its conference tells that it was
    seen then. Nothing is ever deleted.
    """

    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
