from django.test import RequestFactory
from pytest_django import Settings

from conferences.public import public_url, redirect_address


def test_setting_comes_before_the_request(settings: Settings) -> None:
    settings.PUBLIC_URL = "https://lms.example.org"
    assert public_url("/x/", RequestFactory().get("/")) == "https://lms.example.org/x/"


def test_request_tells_the_address_where_nobody_set_it(settings: Settings) -> None:
    settings.PUBLIC_URL = ""
    request = RequestFactory().get("/", secure=True)
    assert redirect_address(request) == "https://testserver/connections/connected/"


def test_without_either_the_path_must_do(settings: Settings) -> None:
    settings.PUBLIC_URL = ""
    assert redirect_address() == "/connections/connected/"
