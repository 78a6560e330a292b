"""Who is told the metrics."""

from typing import Any

import pytest
from django.db import Error
from django.test import Client
from prometheus_client import CONTENT_TYPE_LATEST
from pytest_django import Settings

from conferences.views.operations import metrics

pytestmark = pytest.mark.django_db
TOKEN = "a-long-random-token"


def ask(**options: Any) -> Any:
    return Client().get("/metrics", **options)


@pytest.fixture(autouse=True)
def production(settings: Settings) -> None:
    settings.DEBUG = False


def test_this_machine_is_told() -> None:
    answer = ask()
    assert (answer.status_code, answer["Content-Type"]) == (200, CONTENT_TYPE_LATEST)
    assert answer["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    assert answer.content.startswith(b"# HELP lms_connection_info ")


@pytest.mark.parametrize("address", ["192.0.2.7", "2001:db8::1", "", "unix:"])
def test_other_machines_are_not(address: str) -> None:
    assert ask(REMOTE_ADDR=address).status_code == 403


@pytest.mark.parametrize("name", metrics.SPOKEN_FOR)
def test_proxy_on_this_machine_speaks_for_others(name: str) -> None:
    assert ask(headers={name: "127.0.0.1"}).status_code == 403


def test_nobody_is_told_behind_a_proxy_without_a_token(settings: Settings) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert ask().status_code == 403


@pytest.mark.parametrize(
    ("given", "status"),
    [
        (f"Bearer {TOKEN}", 200),
        (f"Bearer {TOKEN}x", 403),
        (f"Basic {TOKEN}", 403),
        (TOKEN, 403),
        ("Bearer ", 403),
        ("Bearer ü", 403),
        ("", 403),
    ],
)
def test_token_opens_from_anywhere_and_nothing_else_does(settings: Settings, given: str, status: int) -> None:
    settings.METRICS_TOKEN = TOKEN
    for address in ("127.0.0.1", "192.0.2.7"):
        assert ask(REMOTE_ADDR=address, headers={"Authorization": given}).status_code == status


def test_anybody_is_told_while_developing(settings: Settings) -> None:
    settings.DEBUG = True
    assert ask(REMOTE_ADDR="192.0.2.7").status_code == 200


def test_database_that_is_away_is_no_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> bytes:
        raise Error("gone")

    monkeypatch.setattr(metrics, "exposition", away)
    answer = ask()
    assert (answer.status_code, answer.text) == (503, "The database does not answer.\n")


def test_nothing_is_taken_there() -> None:
    assert Client().post("/metrics").status_code == 405
