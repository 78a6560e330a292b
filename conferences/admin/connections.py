"""Connections: credentials go in and never come out again."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from conferences.admin import syncing
from conferences.admin.button import ButtonAdmin
from conferences.admin.connection_form import ConnectionForm, connection_form
from conferences.checking import PERMITTED, check
from conferences.models import Connection
from conferences.models.fields import Undecryptable
from conferences.patience import PAGE_SECONDS
from conferences.providers import registry
from conferences.providers.base import ProviderConfig
from conferences.public import redirect_address
from conferences.roles import SEE_CONNECTIONS, staff_may
from conferences.standing import authorization_row, state_of

STANDINGS = {
    "": "not needed",
    "connected": "yes",
    "unconnected": "not yet: open its page and click the button there",
    "reconnect": "reconnect needed: open its page and click the button there",
}
ALLOWED = ("standing", "connected_as", "checked_at", "check_cause", "last_check")
LEVELS = {"permitted": messages.SUCCESS, "blocked": messages.WARNING, "unknown": messages.WARNING}


@admin.register(Connection)
class ConnectionAdmin(ButtonAdmin):
    list_display = ("name", "provider_label", "standing", "permitted", "checked_at", "created_at")
    list_select_related = ("authorization",)
    list_filter = ("provider",)
    search_fields = ("name",)
    actions = ("check_selected", "sync_all_conferences")
    readonly_fields = ("provider_label", "own_page", *ALLOWED)
    button_name, button_label = "check", "Check connection"

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """The provider comes first, because the fields are its own. With only one there is nothing to choose."""
        providers = registry.all_providers()
        if self.has_add_permission(request) and request.GET.get("provider") not in {each.slug for each in providers}:
            if len(providers) == 1:
                return HttpResponseRedirect(f"?provider={providers[0].slug}")
            context = {**self.admin_site.each_context(request), "opts": self.opts, "providers": providers}
            template = "admin/conferences/connection/choose_provider.html"
            return TemplateResponse(request, template, {**context, "title": "Add connection"})
        return super().add_view(request, form_url, extra_context)

    def get_fieldsets(self, request: HttpRequest, obj: Connection | None = None) -> Any:
        form = self._own_form(request, obj)
        fieldsets: list[tuple[str | None, dict[str, Any]]] = [
            (None, {"fields": ["provider_label", "name", "own_page"] if obj else ["name"]})
        ]
        if form:
            credentials: dict[str, Any] = {
                "fields": list(form.credential_names()),
                "description": _way_back(form.config, request),
            }
            credentials["fields"].append("secret_expires_on")
            fieldsets.append((f"{form.config.verbose_name} credentials", credentials))
        if obj:
            hidden = set() if self.has_change_permission(request, obj) else {"connected_as"}
            fieldsets.append(("What it may do", {"fields": [name for name in ALLOWED if name not in hidden]}))
        return fieldsets

    def save_model(self, request: HttpRequest, obj: Connection, form: ModelForm, change: bool) -> None:
        """What was saved is checked at once, when it is safely stored."""
        super().save_model(request, obj, form, change)
        if _config(obj.provider):
            # A new one is looked at on the page of its check, which says more than messages can.
            transaction.on_commit(lambda: self._check(request, [obj], tell=change))

    def response_add(self, request: HttpRequest, obj: Connection, post_url_continue: str | None = None) -> HttpResponse:
        """On to what the check found, and what comes next."""
        response = super().response_add(request, obj, post_url_continue)
        stays = {"_continue", "_addanother", "_popup"} & request.POST.keys()
        if stays or not staff_may(request.user, SEE_CONNECTIONS):
            return response
        return HttpResponseRedirect(reverse("connections:check", args=[obj.pk]))

    def get_form(
        self, request: HttpRequest, obj: Connection | None = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm]:
        form = self._own_form(request, obj)
        return super().get_form(request, obj, change, **({"form": form} if form else {}), **kwargs)

    def _own_form(self, request: HttpRequest, obj: Connection | None) -> type[ConnectionForm] | None:
        """None where no credentials may be entered: for those who may only look, and when the provider is gone."""
        config = _config(obj.provider if obj else request.GET.get("provider", ""))
        allowed = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        return connection_form(config) if config and allowed else None

    def press(self, request: HttpRequest, obj: Connection) -> None:
        self._check(request, [obj])

    @admin.action(description="Check the selected connections", permissions=["change"])
    def check_selected(self, request: HttpRequest, queryset: QuerySet[Connection]) -> None:
        self._check(request, list(queryset))

    @admin.action(description="Sync all conferences of the selected connections", permissions=["change"])
    def sync_all_conferences(self, request: HttpRequest, queryset: QuerySet[Connection]) -> None:
        syncing.start_accounts(request, queryset)

    def _check(self, request: HttpRequest, connections: Sequence[Connection], *, tell: bool = True) -> None:
        for connection in connections:
            try:
                checks = check(connection, PAGE_SECONDS, cause=f"asked for by {request.user} in the admin")
            except (Undecryptable, registry.UnknownProvider) as error:
                self.message_user(request, f"{connection.name}: {error}", messages.ERROR)
                continue
            for line in checks if tell else ():
                text = " ".join(part for part in (line.message, line.advice) if part)
                level = LEVELS.get(line.state, messages.ERROR)
                self.message_user(request, f"{connection.name}, {line.operation}: {text}", level)

    @admin.display(description="provider", ordering="provider")
    def provider_label(self, obj: Connection) -> str:
        config = _config(obj.provider)
        return str(config.verbose_name) if config else f"{obj.provider} (not installed)"

    @admin.display(description="page")
    def own_page(self, obj: Connection) -> SafeString:
        config = _config(obj.provider)
        what = "See and sync its conferences" if config and config.discovers else "See what it may do"
        return format_html('<a href="{}">{}</a>', obj.get_absolute_url(), what)

    @admin.display(description="connected")
    def standing(self, obj: Connection) -> str:
        """For those that a person has to allow; the button for it is on the connection's own page."""
        return STANDINGS[state_of(obj)]

    @admin.display(description="connected as")
    def connected_as(self, obj: Connection) -> str:
        """For those who manage connections: it may be somebody's address."""
        authorization = authorization_row(obj)
        account = f"account {obj.account}" if obj.account else ""
        return ", ".join(filter(None, (authorization.person if authorization else "", account)))

    @admin.display(description="everything permitted", boolean=True)
    def permitted(self, obj: Connection) -> bool | None:
        return all(line["state"] == PERMITTED for line in obj.checks) if obj.checks else None

    @admin.display(description="last check")
    def last_check(self, obj: Connection) -> SafeString | str:
        if not obj.checks:
            return "Not checked yet. “Check connection” asks the provider."
        row = "<tr><th>{}</th><td>{}</td><td class='advice'>{}</td></tr>"
        rows = ((line["operation"], line["state"], "\n".join(_told(line))) for line in obj.checks)
        table = format_html("<table class='checks'>{}</table>", format_html_join("", row, rows))
        page = reverse("connections:check", args=[obj.pk])
        link = '{}<a href="{}">What each operation needs, has and was asked</a>'
        return format_html(link, table, page)


def _told(line: Mapping[str, Any]) -> list[str]:
    """What was found, tried and is to be done; checks that were stored long ago have less to tell."""
    return [str(line[name]) for name in ("message", "probe", "advice") if line.get(name)]


def _way_back(config: ProviderConfig, request: HttpRequest) -> SafeString | str:
    """Whoever creates an app at the provider has to enter there where people come back to."""
    if not config.offers_authorization:
        return ""
    address = redirect_address(request)
    return format_html(
        "Where a person connects it, the app has to list this redirect address: <code>{}</code>", address
    )


def _config(slug: str) -> ProviderConfig | None:
    try:
        return registry.provider(slug)
    except registry.UnknownProvider:
        return None
