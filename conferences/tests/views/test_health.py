from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from conferences.operations.readiness import Answer, Readiness
from conferences.views import health

WELL, AWAY = Answer(True, "answers"), Answer(False, "does not answer")


def test_alive_without_database_and_without_sign_in() -> None:
    # Without the `db` fixture any query would fail this test.
    response = Client().get("/healthz")
    assert (response.status_code, response.text) == (200, "ok\n")


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> Any:
    def are(*answers: Answer) -> None:
        monkeypatch.setattr(health, "readiness", lambda: Readiness(*answers))

    return are


@pytest.mark.parametrize(("broker", "status"), [(WELL, 200), (AWAY, 503)])
def test_readiness_is_a_status_with_its_reasons(broker: Answer, status: int, found: Any) -> None:
    found(WELL, broker, WELL)
    response = Client().get("/readyz")
    assert (response.status_code, response["Cache-Control"]) == (
        status,
        "max-age=0, no-cache, no-store, must-revalidate, private",
    )
    assert response.json() == {
        "ready": broker.well,
        "database": {"well": True, "told": "answers"},
        "broker": {"well": broker.well, "told": broker.told},
        "worker": {"well": True, "told": "answers"},
    }


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_probes_are_not_redirected_to_tls(address: str, found: Any, settings: Settings) -> None:
    found(WELL, WELL, WELL)
    settings.SECURE_SSL_REDIRECT = True
    assert Client().get(address).status_code == 200


def test_browsers_find_the_mark_by_themselves(client: Client) -> None:
    """They ask for it on pages that name none: the admin's, and those of errors."""
    answer = client.get("/favicon.ico")
    assert (answer.status_code, answer["Location"].endswith(".svg")) == (302, True)
