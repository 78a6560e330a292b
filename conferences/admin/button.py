"""A change page with one more button."""

from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, path, reverse


class ButtonAdmin(admin.ModelAdmin):
    """Derive from this, name the button, and say in `press` what it does. It is a form that posts, so that a link that
    somebody was lured to cannot press it."""

    change_form_template = "admin/conferences/change_form_with_button.html"
    button_name: ClassVar[str]
    button_label: ClassVar[str]

    class Media:
        css = {"all": ["conferences/admin.css"]}

    def press(self, request: HttpRequest, obj: Any) -> HttpResponse | None:
        """None leads back to the page with the button."""
        raise NotImplementedError

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.button_view)
        return [path(f"<int:pk>/{self.button_name}/", view, name=self._url_name(self.button_name)), *super().get_urls()]

    def button_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        obj = self.get_object(request, str(pk))
        if obj is None:
            raise Http404
        if not self.has_change_permission(request, obj):
            raise PermissionDenied
        answer = self.press(request, obj)
        return answer or HttpResponseRedirect(reverse(f"admin:{self._url_name('change')}", args=[pk]))

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: models.Model | None = None,
    ) -> HttpResponse:
        if obj and self.has_change_permission(request, obj):
            context["button_url"] = reverse(f"admin:{self._url_name(self.button_name)}", args=[obj.pk])
            context["button_label"] = self.button_label
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _url_name(self, what: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{what}"
