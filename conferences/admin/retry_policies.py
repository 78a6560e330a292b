"""How stubbornly each class of error is tried again: as built in, unless an administrator says otherwise."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from conferences.admin.button import ButtonAdmin
from conferences.models import ErrorClass, RetryPolicy
from conferences.providers.policy import BUILT_IN, LONGEST_CALL_SECONDS, Policy
from conferences.sync.policies import in_force, most_tries

LIST = "admin:conferences_retrypolicy_changelist"


class RetryPolicyForm(forms.ModelForm):
    class Meta:
        model = RetryPolicy
        fields = ["error_class", "tries", "first_wait_seconds", "longest_wait_seconds", "patience_seconds"]
        help_texts = {
            "tries": "Including the first one: 1 to 10, for authentication and data 1 to 3. With 1 nothing is tried "
            "again.",
            "first_wait_seconds": "0.1 to 60. Waits are drawn by lot; before the second try up to this long.",
            "longest_wait_seconds": "1 to 300. Before each further try the wait may be twice as long, up to this.",
            "patience_seconds": "0 to 1800, for rate limits only: how long a provider that asks us to wait is obeyed, "
            "for one kind of call in all. With 0 the sync does not wait.",
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        most = most_tries(cleaned.get("error_class") or self.instance.error_class)
        if cleaned.get("tries", 0) > most:
            self.add_error("tries", f"Errors of this class are tried at most {most} times.")
        first, longest = cleaned.get("first_wait_seconds"), cleaned.get("longest_wait_seconds")
        if first and longest and longest < first:
            self.add_error("longest_wait_seconds", "The longest wait cannot be shorter than the first one.")
        return cleaned


@dataclass(frozen=True, slots=True)
class InForce:
    """A line of the list. `row` is None where what is built in holds."""

    error_class: str
    policy: Policy
    row: RetryPolicy | None

    @property
    def label(self) -> str:
        return str(ErrorClass(self.error_class).label).lower()

    @property
    def is_obedient(self) -> bool:
        """Only a provider that limits how much may be asked ever asks us to wait."""
        return self.error_class == ErrorClass.RATE_LIMIT

    @property
    def url(self) -> str:
        """Of the form, which starts with what holds now."""
        if self.row:
            return reverse("admin:conferences_retrypolicy_change", args=[self.row.pk])
        values = {
            "error_class": self.error_class,
            "tries": self.policy.tries,
            "first_wait_seconds": self.policy.first_wait,
            "longest_wait_seconds": self.policy.longest_wait,
            "patience_seconds": self.policy.patience,
        }
        return f"{reverse('admin:conferences_retrypolicy_add')}?{urlencode(values)}"


def all_in_force() -> list[InForce]:
    rows = {row.error_class: row for row in RetryPolicy.objects.select_related("changed_by")}
    return [InForce(name, policy, rows.get(name)) for name, policy in in_force().items()]


@admin.register(RetryPolicy)
class RetryPolicyAdmin(ButtonAdmin):
    """Lists all classes that may be tried again, whether somebody has set them or not."""

    form = RetryPolicyForm
    fields = (*RetryPolicyForm.Meta.fields, "changed_by", "changed_at")
    readonly_fields = ("changed_by", "changed_at")
    button_name, button_label = "reset", "Reset to built-in"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Setting a class for the first time changes what is built in, and resetting it takes that back."""
        return self.has_change_permission(request)

    def has_delete_permission(self, _: HttpRequest, obj: RetryPolicy | None = None) -> bool:  # noqa: ARG002
        return False

    def get_readonly_fields(self, _: HttpRequest, obj: RetryPolicy | None = None) -> tuple[str, ...]:
        return (*self.readonly_fields, "error_class") if obj else self.readonly_fields

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_choice_field(
            db_field, request, choices=[(name, ErrorClass(name).label) for name in BUILT_IN], **kwargs
        )

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            return super().changelist_view(request, extra_context)  # it refuses
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "How stubbornly errors are tried again",
            "classes": all_in_force(),
            "longest_call_minutes": round(LONGEST_CALL_SECONDS / 60),
            "may_change": self.has_change_permission(request),
            "media": self.media,
        }
        return TemplateResponse(request, "admin/conferences/retrypolicy/change_list.html", context)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.changed_by = request.user
        super().save_model(request, obj, form, change)

    def press(self, request: HttpRequest, obj: RetryPolicy) -> HttpResponse:
        self.log_change(request, obj, "Reset to what is built in.")
        obj.delete()
        text = f"{obj.get_error_class_display().capitalize()}: reset to built-in. It holds for what is synced next."
        self.message_user(request, text, messages.SUCCESS)
        return HttpResponseRedirect(reverse(LIST))
