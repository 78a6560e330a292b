"""A sign-in that is refused says which of the three values is wrong."""

import json

import pytest

from conferences.providers.transport import Answer
from zoom_integration.sign_in_refusals import sign_in_refusal
from zoom_integration.tests.account import SECRET


def refused(body: object, status: int = 400) -> tuple[str, str, str]:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    error = sign_in_refusal(Answer(status, {}, raw, "Zoom"), (SECRET,))
    assert error.advice
    assert error.permanent
    assert SECRET not in f"{error} {error.detail} {error.advice}"
    return error.code, error.provider_code, error.detail


@pytest.mark.parametrize(
    ("body", "code", "word"),
    [
        ({"reason": "Invalid client_id or client_secret", "error": "invalid_client"}, "wrong_secret", "invalid_client"),
        ({"error": "invalid_client"}, "wrong_secret", "invalid_client"),
        ({"reason": "unsupported grant type", "error": "unsupported_grant_type"}, "wrong_app_type", None),
        ({"reason": "Bad Request", "error": "invalid_request"}, "wrong_account", None),
        ({"reason": "Invalid account id", "error": "invalid_grant"}, "wrong_account", None),
        ({"reason": "The app has been disabled", "error": "invalid_client"}, "app_deactivated", None),
        ({"code": 4717, "message": "Sorry"}, "app_deactivated", "4717"),
        ({"code": 4702, "message": "Sorry"}, "wrong_secret", "4702"),
        ({"error": "something_new"}, "credentials_refused", "something_new"),
        ({}, "credentials_refused", ""),
        ([], "credentials_refused", ""),
        (b"<html>no</html>", "credentials_refused", ""),
    ],
)
def test_sign_in_refusal_has_its_meaning(body: object, code: str, word: str | None) -> None:
    got, provider_code, _ = refused(body)
    assert got == code
    assert word is None or provider_code == word


def test_sign_in_refusal_never_repeats_the_secret() -> None:
    _, _, detail = refused({"error": "invalid_client", "reason": f"Not this one: {SECRET}"})
    assert "Not this one" in detail
