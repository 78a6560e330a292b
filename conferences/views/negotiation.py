"""Which of three answers a client wants: JSON for programs, a fragment for htmx, a page for people."""

from enum import Enum

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control, patch_vary_headers


class Wanted(Enum):
    JSON = "json"
    FRAGMENT = "fragment"
    PAGE = "page"


def wanted(request: HttpRequest) -> Wanted:
    # htmx accepts anything, so its own header speaks first; a client without preferences is a program.
    if request.headers.get("HX-Request") == "true":
        return Wanted.FRAGMENT
    preferred = request.get_preferred_type(["application/json", "text/html"])
    return Wanted.JSON if preferred == "application/json" else Wanted.PAGE


def varying(response: HttpResponse) -> HttpResponse:
    """Keeps a cache from handing one kind of answer, or one person's, to another."""
    patch_vary_headers(response, ["Accept", "HX-Request", "Cookie"])
    patch_cache_control(response, no_cache=True, private=True)
    return response
