"""The sign-in page, the page for those locked out, and the pages for what went wrong."""

import re

import pytest
from django.contrib.auth.models import User
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.views.csrf import csrf_failure

from conferences.tests.views.conftest import BROWSER

PASSWORD = "a long enough password"


@pytest.fixture
def dana(db: None) -> User:
    return User.objects.create_user("dana", password=PASSWORD)


def sign_in(client: Client, password: str = PASSWORD, **more: str) -> object:
    return client.post("/accounts/login/", {"username": "dana", "password": password, **more})


def test_signing_in_leads_to_the_conferences(client: Client, dana: User) -> None:
    assert sign_in(client)["Location"] == "/conferences/"


def test_signing_in_leads_back_to_where_one_wanted_to_go(client: Client, dana: User) -> None:
    assert sign_in(client, next="/conferences/7/")["Location"] == "/conferences/7/"


@pytest.mark.parametrize("target", ["//evil.example/", "https:///evil.example", "/\\evil.example"])
def test_signing_in_never_leads_to_a_foreign_site(target: str, client: Client, dana: User) -> None:
    assert sign_in(client, next=target)["Location"] == "/conferences/"


def test_wrong_password_does_not_tell_whether_the_user_exists(client: Client, dana: User) -> None:
    def told(username: str) -> list[str]:
        page = client.post("/accounts/login/", {"username": username, "password": "wrong"}).text
        return re.findall(r'role="alert">(.*?)</p>', page)

    assert told("dana") == told("nobody") != []


def test_many_wrong_passwords_lock_out_for_a_while_and_nobody_else(client: Client, dana: User) -> None:
    for _ in range(6):
        response = sign_in(client, "wrong")
    assert (response.status_code, "Too many attempts" in response.text) == (429, True)
    assert sign_in(client).status_code == 429
    User.objects.create_user("other", password=PASSWORD)
    other = client.post("/accounts/login/", {"username": "other", "password": PASSWORD})
    assert other.status_code == 302


def test_signing_out_needs_a_click(client: Client, dana: User) -> None:
    sign_in(client)
    assert client.get("/accounts/logout/").status_code == 405
    assert client.post("/accounts/logout/")["Location"] == "/accounts/login/"
    assert client.get("/conferences/").status_code == 302


def test_missing_page_says_so_within_the_site(client: Client, dana: User) -> None:
    client.force_login(dana, backend="django.contrib.auth.backends.ModelBackend")
    response = client.get("/conferences/1/", headers=BROWSER)
    assert (response.status_code, "<h1>Not found</h1>" in response.text) == (404, True)


def test_page_for_our_own_failure_needs_nothing_that_may_have_failed() -> None:
    # Without the `db` fixture any query would fail this test.
    assert "Nothing that was stored is lost." in render_to_string("500.html")


def test_form_without_a_token_is_explained(db: None) -> None:
    request = RequestFactory().post("/conferences/1/sync/")
    response = csrf_failure(request)
    assert (response.status_code, b"Please try again" in response.content) == (403, True)
