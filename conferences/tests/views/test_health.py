from django.test import Client
from pytest_django import Settings


def test_alive_without_database_and_without_sign_in() -> None:
    # Without the `db` fixture any query would fail this test.
    response = Client().get("/healthz")
    assert (response.status_code, response.text) == (200, "ok\n")


def test_alive_is_not_redirected_to_tls(settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert Client().get("/healthz").status_code == 200
