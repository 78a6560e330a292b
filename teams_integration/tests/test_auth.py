"""Signing in through msal: one token a session, a secret for one host only, and refusals that say what to do."""

import threading
from collections.abc import Iterator
from urllib.parse import parse_qs

import pytest
import responses
from pytest_django.fixtures import Settings
from responses.registries import OrderedRegistry

from conferences.providers.base import Link
from conferences.providers.errors import (
    Cancelled,
    CredentialsRefused,
    Malformed,
    NotConfigured,
    ProviderError,
    RateLimited,
    ServerTrouble,
    Unreachable,
)
from conferences.providers.fake_clock import FakeClock
from teams_integration.auth import AppTokens
from teams_integration.tests.microsoft import (
    CLIENT,
    CREDENTIALS,
    DISCOVERY,
    SECRET,
    TOKEN,
    discovery,
    refused,
    sign_in,
)


@pytest.fixture
def api() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(registry=OrderedRegistry) as mock:
        yield mock


@pytest.fixture
def time() -> FakeClock:
    return FakeClock()


@pytest.fixture
def tokens(time: FakeClock) -> AppTokens:
    return AppTokens(CREDENTIALS, Link(), time.clock)


def test_current_asks_for_an_app_token(api: responses.RequestsMock, tokens: AppTokens) -> None:
    sign_in(api, "token-1")
    assert tokens.current() == "token-1"
    form = parse_qs(str(api.calls[1].request.body))
    assert form["grant_type"] == ["client_credentials"]
    assert form["client_id"] == [CLIENT]
    assert form["client_secret"] == [SECRET]
    assert form["scope"] == ["https://graph.microsoft.com/.default"]


def test_current_signs_in_once_a_session(api: responses.RequestsMock, tokens: AppTokens) -> None:
    sign_in(api, "token-1")
    assert [tokens.current() for _ in range(3)] == ["token-1"] * 3
    assert len(api.calls) == 2


def test_current_renews_five_minutes_before_the_end(
    api: responses.RequestsMock, tokens: AppTokens, time: FakeClock
) -> None:
    sign_in(api, "token-1")
    sign_in(api, "token-2")
    tokens.current()
    time.seconds += 3599 - 301
    assert tokens.current() == "token-1"
    time.seconds += 2
    assert tokens.current() == "token-2"


def test_renew_gets_another_token(api: responses.RequestsMock, tokens: AppTokens) -> None:
    sign_in(api, "token-1")
    sign_in(api, "token-2")
    assert tokens.renew(tokens.current()) == "token-2"


def test_renew_by_many_threads_signs_in_once(api: responses.RequestsMock, tokens: AppTokens) -> None:
    sign_in(api, "token-1")
    sign_in(api, "token-2")
    stale = tokens.current()
    got: list[str] = []
    threads = [threading.Thread(target=lambda: got.append(tokens.renew(stale))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (got, len(api.calls)) == (["token-2"] * 8, 4)


def test_a_refusal_is_not_remembered_by_the_next_session(
    api: responses.RequestsMock, tokens: AppTokens, time: FakeClock
) -> None:
    """msal keeps a 400 for a minute; somebody who has just corrected the secret must not wait for that."""
    api.get(DISCOVERY, json=discovery())
    api.post(TOKEN, status=400, json=refused(700016, error="unauthorized_client"))
    sign_in(api, "token-1")
    with pytest.raises(CredentialsRefused):
        tokens.current()
    assert AppTokens(CREDENTIALS, Link(), time.clock).current() == "token-1"


def test_a_refusal_is_not_asked_for_twice_in_one_session(api: responses.RequestsMock, tokens: AppTokens) -> None:
    api.get(DISCOVERY, json=discovery())
    api.post(TOKEN, status=400, json=refused(700016, error="unauthorized_client"))
    for _ in range(3):
        with pytest.raises(CredentialsRefused):
            tokens.current()
    assert len(api.calls) == 2


@pytest.mark.parametrize("status", [400, 401])
def test_wrong_secret_is_refused_without_a_retry(api: responses.RequestsMock, tokens: AppTokens, status: int) -> None:
    api.get(DISCOVERY, json=discovery())
    api.post(TOKEN, status=status, json=refused(7000215, f"Invalid client secret {SECRET} provided."))
    with pytest.raises(CredentialsRefused) as caught:
        tokens.current()
    error = caught.value
    assert (error.code, error.provider_code, error.status) == ("wrong_secret", "AADSTS7000215", status)
    assert SECRET not in f"{error!r} {error.message} {error.advice} {error.detail}"


def test_unknown_tenant_is_refused_at_the_discovery(api: responses.RequestsMock, tokens: AppTokens) -> None:
    api.get(DISCOVERY, status=400, json=refused(90002, "Tenant not found.", "invalid_tenant"))
    with pytest.raises(CredentialsRefused) as caught:
        tokens.current()
    assert caught.value.code == "tenant_not_found"


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://evil.example/token",
        "https://login.microsoftonline.com.evil.example/token",
        "https://login.microsoftonline.com:8443/token",
        "http://login.microsoftonline.com/token",
        "https://user@login.microsoftonline.com/token",
        "",
    ],
)
def test_secret_goes_to_no_other_host_whatever_the_discovery_says(
    api: responses.RequestsMock, tokens: AppTokens, endpoint: str
) -> None:
    api.get(DISCOVERY, json=discovery(token_endpoint=endpoint))
    with pytest.raises(Malformed) as caught:
        tokens.current()
    assert (caught.value.code, len(api.calls)) == ("foreign_host", 1)


@pytest.mark.parametrize("target", [DISCOVERY, TOKEN])
def test_secret_follows_no_redirect(api: responses.RequestsMock, tokens: AppTokens, target: str) -> None:
    if target == TOKEN:
        api.get(DISCOVERY, json=discovery())
    api.add("GET" if target == DISCOVERY else "POST", target, status=307, headers={"Location": "https://evil.example/"})
    with pytest.raises(Malformed) as caught:
        tokens.current()
    assert caught.value.code == "redirected"


def test_secret_is_not_sent_to_a_region_of_the_environment(
    api: responses.RequestsMock, tokens: AppTokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MSAL_FORCE_REGION", "westeurope")
    sign_in(api, "token-1")
    tokens.current()
    assert {str(call.request.url).split("/")[2] for call in api.calls} == {"login.microsoftonline.com"}


@pytest.mark.parametrize("status", [500, 502, 503])
def test_trouble_at_the_sign_in_is_outlasted(api: responses.RequestsMock, tokens: AppTokens, status: int) -> None:
    api.get(DISCOVERY, status=status)
    api.get(DISCOVERY, json=discovery())
    api.post(TOKEN, status=status)
    sign_in(api, "token-1")
    assert tokens.current() == "token-1"


def test_throttled_sign_in_waits_as_told(api: responses.RequestsMock, tokens: AppTokens, time: FakeClock) -> None:
    api.get(DISCOVERY, json=discovery())
    api.post(TOKEN, status=429, headers={"Retry-After": "17"})
    sign_in(api, "token-1")
    assert (tokens.current(), time.seconds) == ("token-1", pytest.approx(17))


def fails(api: responses.RequestsMock, kind: str) -> None:
    for _ in range(5):
        if kind == "reset":
            api.get(DISCOVERY, body=ConnectionResetError("reset"))
        elif kind == "html":
            api.get(DISCOVERY, body=b"<html></html>")
        else:
            api.get(DISCOVERY, status=503)


@pytest.mark.parametrize(("kind", "error"), [("reset", Unreachable), ("html", ServerTrouble), ("503", ServerTrouble)])
def test_sign_in_that_stays_down_is_given_up_for_the_session(
    api: responses.RequestsMock, tokens: AppTokens, kind: str, error: type[ProviderError]
) -> None:
    fails(api, kind)
    with pytest.raises(error) as caught:
        tokens.current()
    assert caught.value.message.startswith("Microsoft's sign-in ")
    with pytest.raises(error):
        tokens.current()
    assert (caught.value.permanent, len(api.calls)) == (True, 5)


def test_sign_in_throttled_for_a_day_says_when_to_come_back(api: responses.RequestsMock, tokens: AppTokens) -> None:
    api.get(DISCOVERY, status=429, headers={"Retry-After": "7200"})
    with pytest.raises(RateLimited) as caught:
        tokens.current()
    assert "11:00 UTC" in caught.value.message


@pytest.mark.parametrize("answer", [{}, {"access_token": None}, {"access_token": ""}, {"access_token": "two\r\nlines"}])
def test_answer_without_a_usable_token_is_malformed(
    api: responses.RequestsMock, tokens: AppTokens, answer: dict[str, object]
) -> None:
    api.get(DISCOVERY, json=discovery())
    api.post(TOKEN, json={"token_type": "Bearer", "expires_in": 3599, **answer})
    with pytest.raises(Malformed):
        tokens.current()


@pytest.mark.parametrize("document", [{"token_endpoint": None}, {"token_endpoint": 7}, {"token_endpoint": [TOKEN]}])
def test_discovery_without_a_token_endpoint_is_malformed(
    api: responses.RequestsMock, tokens: AppTokens, document: dict[str, object]
) -> None:
    api.get(DISCOVERY, json=discovery(**document))
    with pytest.raises(Malformed) as caught:
        tokens.current()
    assert caught.value.code == "malformed_answer"


def test_discovery_that_msal_cannot_use_is_malformed(api: responses.RequestsMock, tokens: AppTokens) -> None:
    api.get(DISCOVERY, json={"token_endpoint": TOKEN})
    with pytest.raises(Malformed):
        tokens.current()


def test_token_without_an_end_is_kept(api: responses.RequestsMock, tokens: AppTokens) -> None:
    api.get(DISCOVERY, json=discovery())
    api.post(TOKEN, json={"token_type": "Bearer", "access_token": "token-1"})
    assert [tokens.current(), tokens.current()] == ["token-1", "token-1"]


def test_plain_http_sign_in_is_not_configured(settings: Settings, tokens: AppTokens) -> None:
    settings.MICROSOFT_LOGIN_URL = "http://127.0.0.1:9"
    with pytest.raises(NotConfigured) as caught:
        tokens.current()
    assert caught.value.advice == "MICROSOFT_LOGIN_URL must be an https address."


def test_cancelled_run_does_not_sign_in(api: responses.RequestsMock) -> None:
    link = Link()
    link.stop.set()
    with pytest.raises(Cancelled):
        AppTokens(CREDENTIALS, link, FakeClock().clock).current()
    assert len(api.calls) == 0


def test_log_of_a_failing_sign_in_has_no_secret(
    api: responses.RequestsMock, tokens: AppTokens, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    caplog.set_level("DEBUG", "conferences.providers.transport")
    api.get(DISCOVERY, json=discovery())
    api.post(TOKEN, status=401, json=refused(7000215, f"Invalid client secret {SECRET}."))
    with pytest.raises(CredentialsRefused):
        tokens.current()
    assert SECRET not in caplog.text
    assert "/v2.0/token → 401" in caplog.text
