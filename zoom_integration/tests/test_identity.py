"""Whoever allowed it is asked for once; what Zoom does not tell is unknown, and costs nobody the tokens."""

import logging
from typing import Any

import pytest
import responses
from pytest_django.fixtures import Settings

from conferences import authorizing
from conferences.providers.base import Link
from conferences.providers.errors import Cancelled
from zoom_integration import consent, identity
from zoom_integration.grants import Grant
from zoom_integration.identity import who_allowed
from zoom_integration.permission import Permission
from zoom_integration.tests.account import SIGN_IN
from zoom_integration.tests.person import STORED

API = "https://api-eu.zoom.us/v2"
ME = f"{API}/users/me"
TOKEN = "c4n4ry-access-1"
IDA = {"id": "u-1", "account_id": "AcC0unt_1", "email": "ida@example.org", "display_name": "Ida North"}
NO_SCOPE = "Invalid access token, does not contain scopes:[user:read:user, user:read:user:admin]."


def asked(link: Link | None = None) -> tuple[str, str]:
    return who_allowed(Grant(TOKEN, API, None), link or Link())


def test_account_and_address_are_asked_for_with_the_new_token(api: responses.RequestsMock) -> None:
    api.get(ME, json=IDA)
    assert asked() == ("AcC0unt_1", "ida@example.org")
    assert api.calls[0].request.headers["Authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"email": ""}, ("AcC0unt_1", "Ida North")),
        ({"email": None}, ("AcC0unt_1", "Ida North")),
        ({"email": "", "display_name": ["Ida"]}, ("AcC0unt_1", "")),
        ({"account_id": None}, ("", "ida@example.org")),
        ({"account_id": 17}, ("", "ida@example.org")),
        ({"account_id": "a" * 201}, ("", "ida@example.org")),
        ({"account_id": "a" * 200}, ("a" * 200, "ida@example.org")),
    ],
)
def test_what_makes_no_sense_is_unknown(
    api: responses.RequestsMock, changes: dict[str, Any], told: tuple[str, str]
) -> None:
    api.get(ME, json={**IDA, **changes})
    assert asked() == told


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 400, "json": {"code": 4711, "message": NO_SCOPE}},
        {"status": 401, "json": {"code": 124, "message": "Invalid access token."}},
        {"status": 403, "json": {}},
        {"status": 404, "json": {"code": 1001, "message": "User does not exist: me.", **IDA}},
        {"status": 429, "json": {}, "headers": {"Retry-After": "1"}},
        {"status": 500, "body": "oh"},
        {"status": 503, "body": ""},
        {"status": 302, "headers": {"Location": "https://elsewhere.example.org/"}},
        {"status": 204, "body": ""},
        {"status": 200, "body": "<html>"},
        {"status": 200, "json": [IDA]},
        {"body": ConnectionResetError("reset")},
    ],
    ids=lambda answer: str(answer.get("status", "reset")),
)
def test_refusal_or_fault_is_unknown_and_asked_once(api: responses.RequestsMock, answer: dict[str, Any]) -> None:
    api.get(ME, **answer)
    assert (asked(), len(api.calls)) == (("", ""), 1)


def test_address_that_is_none_is_unknown() -> None:
    assert who_allowed(Grant(TOKEN, "api.zoom.us", None), Link()) == ("", "")


def test_cancelling_is_no_fault(api: responses.RequestsMock) -> None:
    link = Link()
    link.stop.set()
    with pytest.raises(Cancelled):
        asked(link)


def redeemed(api: responses.RequestsMock) -> Any:
    tokens = {"access_token": TOKEN, "refresh_token": "c4n4ry-refresh-1", "api_url": "https://api-eu.zoom.us"}
    api.post(SIGN_IN, json={**tokens, "expires_in": 3599, "scope": "user:read:user"})
    return lambda: consent.redeem(STORED, code="c", verifier="v", redirect_uri="https://lms.example.org/", link=Link())


def test_redeeming_tells_who_and_where(api: responses.RequestsMock) -> None:
    redeem = redeemed(api)
    api.get(ME, json=IDA)
    granted = redeem()
    assert (granted.account, granted.person) == ("AcC0unt_1", "ida@example.org")
    assert [call.request.url for call in api.calls] == [SIGN_IN, ME]
    assert "ida@example.org" not in repr(granted)


@pytest.mark.parametrize("answer", [{"status": 400, "json": {"code": 4711}}, {"status": 500}, {"body": TimeoutError()}])
def test_redeemed_tokens_survive_that_nobody_is_told(api: responses.RequestsMock, answer: dict[str, Any]) -> None:
    redeem = redeemed(api)
    api.get(ME, **answer)
    granted = redeem()
    assert (granted.account, granted.person) == ("", "")
    assert (Permission.kept(granted.tokens).access_token, granted.scopes) == (TOKEN, ("user:read:user",))


def test_whoever_waits_is_not_left_before_both_questions_are_over() -> None:
    """Else the page would give up with the tokens in hand."""
    assert consent.LIMITS.total_seconds + identity.LIMITS.total_seconds < authorizing.REDEEMING_SECONDS


def test_neither_person_nor_token_is_logged(api: responses.RequestsMock, caplog: pytest.LogCaptureFixture) -> None:
    api.get(ME, json=IDA)
    with caplog.at_level(logging.DEBUG, "conferences.providers"):
        asked()
    words = ("/v2/users/", TOKEN, "ida@", "AcC0unt")
    assert [word in caplog.text for word in words] == [True, False, False, False]


def test_stand_in_that_is_configured_is_asked(api: responses.RequestsMock, settings: Settings) -> None:
    settings.ZOOM_API_URL = "https://127.0.0.1:8443/v2"
    redeem = redeemed(api)
    api.get("https://127.0.0.1:8443/v2/users/me", json=IDA)
    assert redeem().account == "AcC0unt_1"
