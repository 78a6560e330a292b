import pytest
from django.test import RequestFactory

from conferences.views.negotiation import Wanted, wanted


@pytest.mark.parametrize(
    ("headers", "answer"),
    [
        ({}, Wanted.JSON),
        ({"Accept": "*/*"}, Wanted.JSON),
        ({"Accept": "application/json"}, Wanted.JSON),
        ({"Accept": "application/json, text/html;q=0.5"}, Wanted.JSON),
        ({"Accept": "text/html, application/json;q=0.5"}, Wanted.PAGE),
        ({"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}, Wanted.PAGE),
        ({"Accept": "image/png"}, Wanted.PAGE),
        ({"Accept": "*/*", "HX-Request": "true"}, Wanted.FRAGMENT),
        ({"Accept": "application/json", "HX-Request": "true"}, Wanted.FRAGMENT),
    ],
)
def test_wanted(headers: dict[str, str], answer: Wanted) -> None:
    assert wanted(RequestFactory().get("/", headers=headers)) == answer
