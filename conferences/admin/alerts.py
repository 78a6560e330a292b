"""Rules of alerts are made here. What came of them can be looked at; it is acknowledged on the page for operators."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from conferences.admin.readonly import ReadOnlyAdmin
from conferences.models import Alert, AlertDelivery, AlertRule
from conferences.operations.alerts import life, looking, webhook

SIGNS = "Signs what is sent to the address, so that its receiver knows whom it is from."
KEEPS = f"Leave empty to keep the stored one. {SIGNS}"


class AlertRuleForm(forms.ModelForm):
    """The secret goes in and never comes out again."""

    webhook_url = forms.URLField(required=False, max_length=2048, assume_scheme="https")
    new_secret = forms.CharField(
        label="Webhook secret",
        required=False,
        min_length=16,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "size": "60"}),
        help_text=SIGNS,
    )

    class Meta:
        model = AlertRule
        fields = ["name", "kind", "connection", "threshold", "hold_minutes", "enabled", "email_to", "webhook_url"]
        help_texts = {"email_to": "Several with commas between."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.has_secret = bool(self.instance.pk and self.instance.webhook_url)
        if self.has_secret:
            self.fields["new_secret"].help_text = KEEPS

    def clean_webhook_url(self) -> str:
        url = str(self.cleaned_data["webhook_url"])
        if url and (problem := webhook.problem_of(url)):
            raise forms.ValidationError(problem)
        return url

    def clean(self) -> dict[str, Any]:
        """Whoever may change the address must know the secret: else a stored one would sign for another receiver."""
        cleaned = super().clean() or self.cleaned_data
        moved = "webhook_url" in self.changed_data or not self.has_secret
        if cleaned.get("webhook_url") and moved and not cleaned.get("new_secret"):
            self.add_error("new_secret", "Enter a secret for this address, of 16 characters or more.")
        return cleaned

    def save(self, commit: bool = True) -> AlertRule:
        if self.cleaned_data["new_secret"]:
            self.instance.webhook_secret = {"secret": self.cleaned_data["new_secret"]}
        elif not self.instance.webhook_url:
            self.instance.webhook_secret = {}
        self.instance.looked_at = None
        return super().save(commit)


@admin.register(AlertRule)
class AlertRuleAdmin(admin.ModelAdmin):
    form = AlertRuleForm
    list_display = ("name", "kind", "threshold", "connection", "hold_minutes", "enabled", "looked_at")
    list_filter = ("enabled", "kind", "connection")
    list_select_related = ("connection",)
    search_fields = ("name",)
    readonly_fields = ("looked_at",)

    class Media:
        css = {"all": ["conferences/admin.css"]}

    def get_fields(self, request: HttpRequest, obj: AlertRule | None = None) -> Any:
        """Whoever may only look is shown no field for a secret, not even an empty one."""
        shown = [*AlertRuleForm.Meta.fields, "looked_at"]
        allowed = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        return [*shown, "new_secret"] if allowed else shown

    def delete_model(self, _: HttpRequest, obj: AlertRule) -> None:
        _delete([obj])

    def delete_queryset(self, _: HttpRequest, queryset: "QuerySet[AlertRule]") -> None:
        _delete(list(queryset))


@transaction.atomic
def _delete(rules: list[AlertRule]) -> None:
    """Whoever was told of an alert is told of its end."""
    now = looking.moment()
    for rule in rules:
        life.end_all(rule, now, life.DELETED)
        rule.delete()


class DeliveryInline(admin.TabularInline):
    model = AlertDelivery
    fields = ("channel", "event", "attempts", "next_attempt_at", "delivered_at", "last_error")
    readonly_fields = fields
    extra = 0
    can_delete = False

    def has_add_permission(self, _: HttpRequest, __: Any = None) -> bool:
        return False


@admin.register(Alert)
class AlertAdmin(ReadOnlyAdmin):
    list_display = ("message", "rule_name", "connection", "state", "opened_at", "resolved_at", "acknowledged_by")
    list_filter = ("state", "rule_name", "connection")
    list_select_related = ("connection", "acknowledged_by")
    search_fields = ("message", "rule_name", "connection__name", "note")
    date_hierarchy = "first_seen_at"
    inlines = (DeliveryInline,)


@admin.register(AlertDelivery)
class AlertDeliveryAdmin(ReadOnlyAdmin):
    """Without its address: those of chat services are secrets themselves."""

    list_display = ("created_at", "alert", "channel", "event", "attempts", "delivered_at", "last_error")
    list_filter = ("channel", "event", ("delivered_at", admin.EmptyFieldListFilter))
    list_select_related = ("alert",)
    fields = ("alert", "channel", "event", "attempts", "created_at", "next_attempt_at", "delivered_at", "last_error")
    search_fields = ("alert__message", "last_error")
    date_hierarchy = "created_at"
