"""Courses, with their rosters."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest

from conferences.intake.courses import enrol, known_users
from conferences.intake.rosters import Person, people
from conferences.models import Course, Enrolment
from conferences.providers.base import InvalidInput


class CourseForm(forms.ModelForm):
    roster = forms.FileField(
        required=False,
        help_text="A CSV file in UTF-8 with the columns name, email and role (instructor or learner). "
        "Its lines are added or change what they name; nobody is removed.",
    )

    class Meta:
        model = Course
        fields = ["code", "title", "late_after_minutes", "early_leave_minutes", "present_percent"]

    def clean_roster(self) -> list[Person]:
        upload = self.cleaned_data["roster"]
        if upload is None:
            return []
        try:
            persons = people(upload.read())
            known_users({person.email for person in persons})
        except InvalidInput as error:
            raise forms.ValidationError(str(error)) from None
        return persons


class EnrolmentInline(admin.TabularInline):
    model = Enrolment
    extra = 0
    autocomplete_fields = ("user",)


@admin.register(Course)
class CourseAdmin(admin.ModelAdmin):
    form = CourseForm
    inlines = (EnrolmentInline,)
    list_display = ("code", "title", "learners", "instructors")
    search_fields = ("code", "title")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Course]:
        return (
            super()
            .get_queryset(request)
            .annotate(
                learner_count=Count("enrolments", filter=Q(enrolments__role=Enrolment.Role.LEARNER)),
                instructor_count=Count("enrolments", filter=Q(enrolments__role=Enrolment.Role.INSTRUCTOR)),
            )
        )

    @admin.display(ordering="learner_count")
    def learners(self, obj: Any) -> int:
        return obj.learner_count

    @admin.display(ordering="instructor_count")
    def instructors(self, obj: Any) -> int:
        return obj.instructor_count

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        enrol(form.instance, form.cleaned_data["roster"])
