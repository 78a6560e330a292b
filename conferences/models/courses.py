"""Courses and who belongs to them."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q


class Course(models.Model):
    """A course, with the thresholds by which presence in its conferences is judged."""

    code = models.CharField(max_length=64, unique=True)
    title = models.CharField(max_length=255)
    late_after_minutes = models.PositiveSmallIntegerField(default=10, help_text="Joining later than this is “late”.")
    early_leave_minutes = models.PositiveSmallIntegerField(
        default=10, help_text="Leaving more than this before the end is “left early”."
    )
    present_percent = models.PositiveSmallIntegerField(
        default=75, validators=[MaxValueValidator(100)], help_text="Less of the class than this is “partial”."
    )

    class Meta:
        ordering = ["code"]
        constraints = [models.CheckConstraint(condition=Q(present_percent__lte=100), name="course_present_percent")]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class Enrolment(models.Model):
    """One line of a course's roster."""

    class Role(models.TextChoices):
        INSTRUCTOR = "instructor"
        LEARNER = "learner"

    course = models.ForeignKey(Course, models.CASCADE, related_name="enrolments")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="enrolments")
    role = models.CharField(max_length=16, choices=Role.choices, default=Role.LEARNER)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course", "user"], name="one_enrolment_per_course"),
            models.CheckConstraint(condition=Q(role__in=["instructor", "learner"]), name="enrolment_role"),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.course} as {self.role}"
