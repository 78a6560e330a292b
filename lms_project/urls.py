"""Addresses."""

from django.contrib import admin
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path
from django.views.generic import RedirectView

from conferences.views.health import healthz, readyz
from conferences.views.icon import favicon
from conferences.views.operations.metrics import metrics

handler500 = "conferences.views.unavailable.answer_error"

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="conferences:list"), name="home"),
    path("accounts/login/", LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("accounts/logout/", LogoutView.as_view(), name="logout"),
    path("admin/", admin.site.urls),
    path("conferences/", include("conferences.urls")),
    path("connections/", include("conferences.connection_urls")),
    path("operations/", include("conferences.operations_urls")),
    path("favicon.ico", favicon, name="favicon"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
]
