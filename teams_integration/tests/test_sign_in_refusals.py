import json

import pytest

from conferences.providers.errors import CredentialsRefused, ServerTrouble
from conferences.providers.transport import Answer
from teams_integration.conf import Credentials
from teams_integration.sign_in_refusals import sign_in_refusal
from teams_integration.tests.microsoft import CLIENT, CREDENTIALS, SECRET, TENANT, refused


def answer(body: object, status: int = 401) -> Answer:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(status, {}, raw, "Microsoft's sign-in", "r-1")


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (7000215, "wrong_secret"),
        (7000216, "wrong_secret"),
        (7000222, "expired_secret"),
        (700016, "app_not_found"),
        (7000229, "app_not_found"),
        (90002, "tenant_not_found"),
        (900023, "tenant_not_found"),
        (7000112, "app_disabled"),
        (53003, "conditional_access"),
        (500011, "wrong_cloud"),
        (65001, "consent_missing"),
        (1234567, "credentials_refused"),
    ],
)
def test_each_code_has_its_own_sentence_and_advice(number: int, code: str) -> None:
    error = sign_in_refusal(answer(refused(number)), CREDENTIALS)
    assert (type(error), error.code, error.provider_code) == (CredentialsRefused, code, f"AADSTS{number}")
    assert error.message.endswith(".")
    assert error.advice
    assert (error.status, error.request_id) == (401, "r-1")


def test_code_is_read_from_the_description_alone() -> None:
    body = {
        "error": "invalid_client",
        "error_description": "AADSTS7000222: The provided client secret keys are expired.",
    }
    assert sign_in_refusal(answer(body), CREDENTIALS).code == "expired_secret"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ("invalid_client", "wrong_secret"),
        ("unauthorized_client", "app_not_found"),
        ("invalid_tenant", "tenant_not_found"),
        ("invalid_grant", "credentials_refused"),
    ],
)
def test_standard_words_do_where_there_is_no_code(error: str, code: str) -> None:
    assert sign_in_refusal(answer({"error": error}), CREDENTIALS).code == code


def test_secret_that_looks_like_an_id_is_named_as_such() -> None:
    credentials = Credentials(TENANT, CLIENT, "b1946ac9-2492-4d23-9d6c-111111111111")
    error = sign_in_refusal(answer(refused(7000215)), credentials)
    assert error.code == "secret_id_pasted"
    assert error.message == (
        "Microsoft refused the connection's client secret: what was entered looks like the secret's ID, not its value."
    )
    assert credentials.client_secret not in f"{error.detail}{error.advice}{error.message}"


@pytest.mark.parametrize("number", [90033, 90006, 50196])
def test_passing_trouble_is_retryable(number: int) -> None:
    error = sign_in_refusal(answer(refused(number), 400), CREDENTIALS)
    assert (type(error), error.permanent) == (ServerTrouble, False)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        [],
        "text",
        {"error": None},
        {"error": {"code": 7}},
        {"error_codes": "x"},
        {"error_codes": [None]},
    ],
)
def test_any_body_is_understood(body: object) -> None:
    assert sign_in_refusal(answer(body), CREDENTIALS).code == "credentials_refused"


def test_detail_repeats_microsoft_without_the_secret() -> None:
    error = sign_in_refusal(answer(refused(7000215, f"Invalid secret '{SECRET}'.")), CREDENTIALS)
    assert error.detail == "invalid_client: AADSTS7000215: Invalid secret '•••'. Trace ID: t"
