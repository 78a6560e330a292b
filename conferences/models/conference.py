"""One occurrence of an online class."""

from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from conferences.models.connection import Connection
from conferences.models.courses import Course, Enrolment
from conferences.providers.window import Window
from conferences.roles import SEE_PEOPLE, SEE_RUNS, staff_may


class ConferenceQuerySet(models.QuerySet["Conference"]):
    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """With people and chat: staff who may see participants all, instructors those of their courses, others none."""
        if staff_may(user, SEE_PEOPLE):
            return self
        teaches = Enrolment.objects.filter(user=user.pk, role=Enrolment.Role.INSTRUCTOR).values("course")
        return self.filter(course__in=teaches)

    def run_by(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """With their syncs only: operators all, others those that are visible to them."""
        return self if staff_may(user, SEE_RUNS) else self.visible_to(user)


class Conference(models.Model):
    """One occurrence; a weekly series is many conferences that share a `series_id`."""

    class Listed(models.TextChoices):
        NEVER = "", "by hand"
        PLANNED = "planned"
        HELD = "held"

    DESCRIPTION = ("title", "time_zone", "organizer")

    connection = models.ForeignKey(Connection, models.PROTECT, related_name="conferences")
    course = models.ForeignKey(Course, models.PROTECT, null=True, blank=True, related_name="conferences")
    external_id = models.CharField(max_length=512, blank=True)
    series_id = models.CharField(max_length=512, blank=True)
    title = models.CharField(max_length=255)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    time_zone = models.CharField(max_length=64, blank=True)
    join_url = models.CharField(max_length=2048, blank=True)
    organizer = models.CharField(max_length=320, blank=True, help_text="The organiser's id or e-mail address.")
    created_at = models.DateTimeField(auto_now_add=True)

    listed_as = models.CharField(
        max_length=8, choices=Listed.choices, blank=True, default=Listed.NEVER, help_text="How the account listed it."
    )
    described_by_person = models.BooleanField(
        default=True, help_text="Its title, time zone and organiser are not what a search found."
    )
    former_ids = ArrayField(
        models.CharField(max_length=512), default=list, blank=True, help_text="What it was called before it ran."
    )
    gone_at = models.DateTimeField(
        null=True, blank=True, help_text="Since when the account no longer lists it among what is to come."
    )

    objects = ConferenceQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["connection", "external_id"], name="conference_external_id"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="conference_ends_after_start"),
        ]
        indexes = [
            models.Index(fields=["course", "-starts_at"], name="conference_course"),
            models.Index(fields=["connection", "series_id", "starts_at"], name="conference_series"),
            models.Index(fields=["-starts_at", "-id"], name="conference_newest"),
            models.Index(fields=["connection", "-starts_at"], name="conference_date"),
            models.Index(fields=["connection", "organizer", "-starts_at"], name="conference_host"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("conferences:detail", args=[self.pk])

    @property
    def zone(self) -> str:
        return self.time_zone or settings.TIME_ZONE

    def window(self) -> Window:
        """The time in which sittings count, with the schedules of the same series around it."""
        before = timedelta(minutes=settings.SYNC_WINDOW_BEFORE_MINUTES)
        after = timedelta(minutes=settings.SYNC_WINDOW_AFTER_MINUTES)
        return Window(self.starts_at, self.ends_at, before, after, tuple(self._neighbours()))

    def _neighbours(self) -> "models.QuerySet[Conference, tuple[Any, ...]]":
        near = timedelta(days=1)
        return (
            Conference.objects.filter(
                connection=self.connection_id, starts_at__range=(self.starts_at - near, self.ends_at + near)
            )
            .filter(series_id=self.series_id or None)
            .exclude(pk=self.pk)
            .values_list("starts_at", "ends_at")
        )
