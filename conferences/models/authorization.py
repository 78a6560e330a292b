"""Tokens: what a person allowed at a provider in their own name, and what a connection got for itself."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from conferences.models.connection import Connection
from conferences.models.fields import SecretsField


class Authorization(models.Model):
    """The tokens of a connection that somebody authorised, encrypted at rest. The row's lock guards their renewal.

    An ended one keeps no tokens, and says why a person must connect anew.

    person        who allowed it, as the provider knows them: for those who manage connections only
    connected_by  who was signed in here meanwhile
    """

    connection = models.OneToOneField(Connection, models.CASCADE, related_name="authorization")
    tokens = SecretsField(default=dict)
    scopes = ArrayField(models.CharField(max_length=128), default=list, blank=True)
    person = models.CharField(max_length=320, blank=True)
    connected_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    connected_at = models.DateTimeField()
    renewed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=False) | Q(ended_reason=""), name="authorization_reason_is_of_an_end"
            )
        ]

    def __str__(self) -> str:
        return f"authorization of {self.connection}"

    @property
    def is_live(self) -> bool:
        return self.ended_at is None


class AuthorizationRequest(models.Model):
    """Somebody was sent to a provider to allow access, and is expected back once, soon, in the same session.

    state_digest  SHA-256 of the state, so that a leaked table cannot be used to answer in somebody's name
    verifier      of PKCE, encrypted at rest
    """

    state_digest = models.CharField(max_length=64, unique=True)
    verifier = SecretsField(default=dict)
    session_digest = models.CharField(max_length=64)
    connection = models.ForeignKey(Connection, models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="authorization_request_age")]

    def __str__(self) -> str:
        return f"{self.user} connecting {self.connection}"


class SharedToken(models.Model):
    """What a connection signed in with last, encrypted at rest: all who work on it use the same. The row's lock guards
    its renewal."""

    connection = models.OneToOneField(Connection, models.CASCADE, related_name="shared_token")
    tokens = SecretsField(default=dict)
    renewed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"token of {self.connection}"
