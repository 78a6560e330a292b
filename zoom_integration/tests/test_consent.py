"""A person is sent to Zoom and comes back with a code, which is changed for tokens once; and may withdraw it all."""

from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
import responses
from pytest_django.fixtures import Settings

from conferences.providers import registry
from conferences.providers.authorization import Granted
from conferences.providers.base import InvalidInput, Link
from conferences.providers.errors import (
    CredentialsRefused,
    Malformed,
    NotConfigured,
    ProviderError,
    ServerTrouble,
    Unreachable,
)
from zoom_integration import consent
from zoom_integration.permission import Permission
from zoom_integration.tests.account import SECRET, SIGN_IN
from zoom_integration.tests.person import SCOPES, STORED, permission

BACK = "https://lms.example.org/connections/authorized/"
CODE, VERIFIER = "c4n4ry-code-1", "c4n4ry-verifier-that-is-long-enough-for-the-standard"
REVOKE = "https://zoom.us/oauth/revoke"
TOKENS = {
    "access_token": "c4n4ry-access-1",
    "refresh_token": "c4n4ry-refresh-1",
    "expires_in": 3599,
    "scope": " ".join(SCOPES),
    "api_url": "https://api-eu.zoom.us",
}


def redeem() -> Granted:
    return consent.redeem(STORED, code=CODE, verifier=VERIFIER, redirect_uri=BACK, link=Link())


def refused(api: responses.RequestsMock, status: int = 400, **body: Any) -> ProviderError:
    api.post(SIGN_IN, status=status, json=body)
    with pytest.raises(ProviderError) as caught:
        redeem()
    assert len(api.calls) == 1
    return caught.value


def test_provider_says_that_a_person_must_authorise() -> None:
    zoom = registry.provider("zoom")
    assert [zoom.authorizes(each) for each in (STORED, {"sign_in": "account"}, {})] == [True, False, False]


def test_credentials_of_a_person_need_no_account_id() -> None:
    zoom = registry.provider("zoom")
    zoom.examine(STORED)
    with pytest.raises(InvalidInput):
        zoom.examine({**STORED, "sign_in": "account"})


def test_address_asks_for_a_code_with_pkce_and_without_scopes() -> None:
    url = registry.provider("zoom").authorization_url(STORED, redirect_uri=BACK, state="s&t=a", challenge="c-h_a")
    address, _, query = url.partition("?")
    assert address == "https://zoom.us/oauth/authorize"
    assert dict(parse_qsl(query, strict_parsing=True)) == {
        "response_type": "code",
        "client_id": "cL1entId_xyz",
        "redirect_uri": BACK,
        "state": "s&t=a",
        "code_challenge": "c-h_a",
        "code_challenge_method": "S256",
    }
    assert SECRET not in url


@pytest.mark.parametrize("url", ["javascript:alert(1)", "zoom.us/oauth", "https://u:p@zoom.us"])
def test_nobody_is_sent_to_an_address_that_is_none(settings: Settings, url: str) -> None:
    settings.ZOOM_OAUTH_URL = url
    with pytest.raises(NotConfigured):
        consent.authorization_url(STORED, redirect_uri=BACK, state="s", challenge="c")


def test_code_is_changed_for_tokens(api: responses.RequestsMock) -> None:
    api.post(SIGN_IN, json=TOKENS)
    granted = redeem()
    sent = api.calls[0].request
    assert (sent.url, parse_qs(str(sent.body))) == (
        SIGN_IN,
        {
            "grant_type": ["authorization_code"],
            "code": [CODE],
            "redirect_uri": [BACK],
            "code_verifier": [VERIFIER],
        },
    )
    assert str(sent.headers["Authorization"]).startswith("Basic ")
    assert granted.scopes == tuple(sorted(SCOPES))
    stored = Permission.kept(granted.tokens)
    assert (stored.access_token, stored.refresh_token) == ("c4n4ry-access-1", "c4n4ry-refresh-1")
    assert (stored.expires_at - stored.obtained_at).total_seconds() == 3_599
    assert "c4n4ry" not in repr(granted)


@pytest.mark.parametrize("missing", ["access_token", "refresh_token"])
def test_half_a_pair_is_none(api: responses.RequestsMock, missing: str) -> None:
    api.post(SIGN_IN, json={key: value for key, value in TOKENS.items() if key != missing})
    with pytest.raises(Malformed):
        redeem()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"error": "invalid_grant", "reason": "Invalid Token!"}, "code_refused"),
        ({"errorCode": 4734, "reason": "Invalid authorization code."}, "code_refused"),
        ({"errorCode": 4733, "reason": "Code is expired."}, "code_expired"),
        ({"error": "invalid_grant", "reason": "The authorization code has expired."}, "code_expired"),
        ({"error": "invalid_client", "reason": "Invalid client_id or client_secret"}, "wrong_secret"),
        ({"errorCode": 4702, "reason": "Sorry"}, "wrong_secret"),
        ({"error": "unsupported_grant_type"}, "wrong_app_type"),
        ({"errorCode": 4705, "reason": "Sorry"}, "wrong_app_type"),
        ({"errorCode": 4717, "reason": "Sorry"}, "app_deactivated"),
        ({"errorCode": 4738, "reason": "Sorry"}, "app_deactivated"),
        ({"errorCode": 4700, "reason": "Sorry"}, "credentials_refused"),
        ({"error": "something_new"}, "credentials_refused"),
    ],
)
def test_refused_code_says_what_to_do(api: responses.RequestsMock, body: dict[str, Any], code: str) -> None:
    error = refused(api, **body)
    assert (type(error), error.code, bool(error.advice)) == (CredentialsRefused, code, True)


@pytest.mark.parametrize("body", [{"errorCode": 4709, "reason": "Sorry"}, {"reason": "Redirect URI mismatch."}])
def test_redirect_mismatch_names_the_address_to_enter(api: responses.RequestsMock, body: dict[str, Any]) -> None:
    error = refused(api, **body)
    assert error.code == "redirect_mismatch"
    assert error.advice == (
        f"Zoom App Marketplace › Manage › your app › Basic Information: enter {BACK} as the OAuth Redirect URL, and "
        "into the OAuth Allow List, letter by letter. Then connect again."
    )


def test_code_is_shown_once_whatever_happens(api: responses.RequestsMock) -> None:
    assert type(refused(api, 503)) is ServerTrouble
    api.reset()
    api.post(SIGN_IN, body=ConnectionResetError("reset"))
    with pytest.raises(Unreachable):
        redeem()
    assert len(api.calls) == 1


def test_refusal_repeats_no_secret(api: responses.RequestsMock) -> None:
    error = refused(api, error="invalid_request", reason=f"Not {CODE}, {VERIFIER} nor {SECRET}, but…")
    told = f"{error} {error.detail} {error.advice}"
    assert "but…" in told
    assert [secret for secret in (CODE, VERIFIER, SECRET) if secret in told] == []


def test_incomplete_connection_is_a_matter_of_configuration() -> None:
    with pytest.raises(NotConfigured) as caught:
        consent.redeem({"sign_in": "person"}, code=CODE, verifier=VERIFIER, redirect_uri=BACK, link=Link())
    assert str(caught.value) == "The connection is incomplete. The client ID is missing."


def revoked(api: responses.RequestsMock) -> list[str]:
    """Which tokens were shown to Zoom, in this order."""
    consent.revoke(STORED, permission().tokens(), Link())
    assert {call.request.url for call in api.calls} == {REVOKE}
    return [parse_qs(str(call.request.body))["token"][0] for call in api.calls]


def test_withdrawing_tells_zoom(api: responses.RequestsMock) -> None:
    api.post(REVOKE, json={"status": "success"})
    assert revoked(api) == ["c4n4ry-access-1"]


def test_withdrawing_what_is_over_names_the_other_token(api: responses.RequestsMock) -> None:
    api.post(REVOKE, status=400, json={"errorCode": 4737, "reason": "Token not found."})
    api.post(REVOKE, json={"status": "success"})
    assert revoked(api) == ["c4n4ry-access-1", "c4n4ry-refresh-1"]


def test_withdrawing_what_zoom_forgot_is_done(api: responses.RequestsMock) -> None:
    for _ in range(2):
        api.post(REVOKE, status=400, json={"error": "invalid_grant", "reason": "Invalid Token!"})
    assert revoked(api) == ["c4n4ry-access-1", "c4n4ry-refresh-1"]


def test_withdrawing_with_a_wrong_secret_fails(api: responses.RequestsMock) -> None:
    api.post(REVOKE, status=400, json={"error": "invalid_client"})
    with pytest.raises(CredentialsRefused) as caught:
        revoked(api)
    assert caught.value.code == "wrong_secret"


def test_nothing_to_withdraw_asks_nobody() -> None:
    consent.revoke(STORED, {}, Link())


def test_address_is_below_the_configured_one(settings: Settings) -> None:
    settings.ZOOM_OAUTH_URL = "https://127.0.0.1:9000/oauth/"
    url = consent.authorization_url(STORED, redirect_uri=BACK, state="s", challenge="c")
    assert urlsplit(url)[:3] == ("https", "127.0.0.1:9000", "/oauth/authorize")
