"""Credentials for one provider."""

from typing import TYPE_CHECKING

from django.db import models
from django.urls import reverse

from conferences.models.fields import SecretsField
from conferences.providers import registry

if TYPE_CHECKING:
    from conferences.providers.base import ProviderConfig


class Connection(models.Model):
    """One set of credentials: a Teams tenant, a Zoom account. Secrets are encrypted at rest.

    account  the provider's own id of the account that somebody connected, also when nobody is connected any more:
             what was synced is of that one
    """

    provider = models.SlugField(max_length=32)
    name = models.CharField(max_length=120)
    credentials = SecretsField(default=dict)
    secret_expires_on = models.DateField(
        null=True, blank=True, help_text="Optional, as the provider shows it: so that somebody is told in time."
    )
    account = models.CharField(max_length=200, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    checks = models.JSONField(default=list, blank=True)
    check_cause = models.CharField(max_length=200, blank=True, help_text="Why the last check was made, in a few words.")
    check_began_at = models.DateTimeField(
        null=True, blank=True, help_text="Of the newest one, so that a run does not ask again so soon."
    )

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["provider", "name"], name="connection_name")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("connections:detail", args=[self.pk])

    @property
    def config(self) -> "ProviderConfig":
        """Raises UnknownProvider when the provider was uninstalled."""
        return registry.provider(self.provider)
