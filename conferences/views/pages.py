"""Long lists are read a page at a time; a page number that is none shows the nearest one."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest


def page_of(request: HttpRequest, rows: "QuerySet[Any] | Sequence[Any]", per_page: int) -> Page:
    return Paginator(rows, per_page).get_page(request.GET.get("page"))
