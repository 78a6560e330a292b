"""Under which address do people reach a page?"""

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse


def public_url(path: str, request: HttpRequest | None = None) -> str:
    """Absolute where PUBLIC_URL or a request tells the site's address; else the path alone."""
    if settings.PUBLIC_URL:
        return f"{settings.PUBLIC_URL}{path}"
    return request.build_absolute_uri(path) if request else path


def redirect_address(request: HttpRequest | None = None) -> str:
    """Where every provider sends people back to; an administrator enters it there."""
    return public_url(reverse("connections:connected"), request)
