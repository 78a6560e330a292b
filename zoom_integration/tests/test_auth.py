"""Signing in: form in the body, one token at a time, a secret for one host only, refusals that are final."""

import base64
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from urllib.parse import parse_qs

import pytest
import responses
from pytest_django.fixtures import Settings

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
from zoom_integration.auth import AccountTokens
from zoom_integration.grants import Keep, fingerprint
from zoom_integration.tests.account import CREDENTIALS, SECRET, SIGN_IN, sign_in


@pytest.fixture
def tokens(time: FakeClock) -> AccountTokens:
    return AccountTokens(CREDENTIALS, Link(), time.clock)


def test_sign_in_sends_the_form_in_the_body(api: responses.RequestsMock, tokens: AccountTokens) -> None:
    """facts 1.1: parameters in the query have begun to be refused."""
    sign_in(api, "token-1")
    assert tokens.current() == "token-1"
    request = api.calls[0].request
    assert request.url == SIGN_IN
    assert parse_qs(str(request.body)) == {"grant_type": ["account_credentials"], "account_id": ["AbCdEfGhIjKlMnOp"]}
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert base64.b64decode(request.headers["Authorization"].removeprefix("Basic ")).decode() == (
        f"cL1entId_xyz:{SECRET}"
    )


def test_grant_keeps_scopes_and_region(api: responses.RequestsMock, tokens: AccountTokens) -> None:
    sign_in(api, "token-1", scope="a:b c:d", api_url="https://api-eu.zoom.us")
    grant = tokens.grant()
    assert grant.scopes == tokens.known_scopes == frozenset({"a:b", "c:d"})
    assert grant.api_url == "https://api-eu.zoom.us/v2"
    assert "token-1" not in repr(grant)


def test_known_scopes_ask_nobody(tokens: AccountTokens) -> None:
    assert tokens.known_scopes is None


def test_current_signs_in_once(api: responses.RequestsMock, tokens: AccountTokens) -> None:
    sign_in(api, "token-1")
    assert [tokens.current() for _ in range(3)] == ["token-1"] * 3


@pytest.mark.parametrize(
    ("expires_in", "good_for"),
    [(3599, 3299), ("3600", 3300), (100, 50), ("soon", 3300), (-5, 0), (float("1e9"), 86100)],
)
def test_current_renews_before_the_end(
    api: responses.RequestsMock, tokens: AccountTokens, time: FakeClock, expires_in: object, good_for: float
) -> None:
    sign_in(api, "token-1", expires_in=expires_in)
    sign_in(api, "token-2")
    tokens.current()
    if good_for:
        time.seconds += good_for - 0.5
        assert tokens.current() == "token-1"
    time.seconds += 0.5
    assert tokens.current() == "token-2"


def test_renew_gets_another_token(api: responses.RequestsMock, tokens: AccountTokens) -> None:
    sign_in(api, "token-1")
    sign_in(api, "token-2")
    assert tokens.renew(tokens.current()) == "token-2"


def test_renew_by_many_threads_signs_in_once(api: responses.RequestsMock, tokens: AccountTokens) -> None:
    sign_in(api, "token-1")
    sign_in(api, "token-2")
    stale = tokens.current()
    got: list[str] = []
    threads = [threading.Thread(target=lambda: got.append(tokens.renew(stale))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (got, len(api.calls)) == (["token-2"] * 8, 2)


def test_refusal_is_remembered_for_the_session(api: responses.RequestsMock, tokens: AccountTokens) -> None:
    api.post(SIGN_IN, status=400, json={"error": "invalid_client", "reason": "Invalid client_id or client_secret"})
    for _ in range(3):
        with pytest.raises(CredentialsRefused) as caught:
            tokens.current()
        assert caught.value.code == "wrong_secret"
        assert SECRET not in f"{caught.value} {caught.value.detail}"
    assert len(api.calls) == 1


def test_a_good_status_without_a_token_is_a_refusal(api: responses.RequestsMock, tokens: AccountTokens) -> None:
    api.post(SIGN_IN, json={"error": "invalid_request", "reason": "Bad Request"})
    with pytest.raises(CredentialsRefused) as caught:
        tokens.current()
    assert caught.value.code == "wrong_account"


@pytest.mark.parametrize("token", [None, "", 5, "two words", "line\nbreak", "x" * 32_769])
def test_unusable_tokens_are_malformed(api: responses.RequestsMock, tokens: AccountTokens, token: object) -> None:
    api.post(SIGN_IN, json={"access_token": token, "expires_in": 3599})
    with pytest.raises(Malformed):
        tokens.current()


def test_passing_trouble_is_tried_again(api: responses.RequestsMock, tokens: AccountTokens, time: FakeClock) -> None:
    api.post(SIGN_IN, status=503, body="busy")
    api.post(SIGN_IN, body="<html>gateway</html>")
    api.post(SIGN_IN, status=429, headers={"Retry-After": "7"}, json={})
    sign_in(api, "token-1")
    assert tokens.current() == "token-1"
    assert time.seconds == 1.0 + 2.0 + 7.0


def test_trouble_that_lasts_is_given_up(api: responses.RequestsMock, tokens: AccountTokens) -> None:
    for _ in range(5):
        api.post(SIGN_IN, status=500, json={})
    with pytest.raises(ServerTrouble):
        tokens.current()


def test_long_waits_are_not_waited(api: responses.RequestsMock, tokens: AccountTokens, time: FakeClock) -> None:
    api.post(SIGN_IN, status=429, headers={"Retry-After": "86400"}, json={})
    with pytest.raises(RateLimited) as caught:
        tokens.current()
    assert (caught.value.permanent, time.seconds) == (True, 0.0)


def test_redirect_of_the_sign_in_is_not_followed(api: responses.RequestsMock, tokens: AccountTokens) -> None:
    api.post(SIGN_IN, status=302, headers={"Location": "https://evil.example/token"})
    with pytest.raises(Malformed) as caught:
        tokens.current()
    assert (caught.value.code, len(api.calls)) == ("redirected", 1)


def test_unreachable_sign_in_says_so(api: responses.RequestsMock, tokens: AccountTokens) -> None:
    for _ in range(5):
        api.post(SIGN_IN, body=ConnectionResetError("reset"))
    with pytest.raises(Unreachable):
        tokens.current()


@pytest.mark.parametrize("url", ["zoom.us/oauth", "ftp://zoom.us", "https://user:pw@zoom.us/oauth", ""])
def test_bad_address_is_a_matter_of_configuration(settings: Settings, tokens: AccountTokens, url: str) -> None:
    settings.ZOOM_OAUTH_URL = url
    with pytest.raises(NotConfigured) as caught:
        tokens.current()
    assert "pw" not in caught.value.advice


def test_cancelled_run_does_not_sign_in(time: FakeClock) -> None:
    link = Link()
    link.stop.set()
    with pytest.raises(Cancelled):
        AccountTokens(CREDENTIALS, link, time.clock).current()


def test_cancel_is_heard_while_another_thread_signs_in() -> None:
    link = Link()
    link.stop.set()
    tokens = AccountTokens(CREDENTIALS, link)
    with tokens._lock, pytest.raises(Cancelled):
        tokens.current()


def test_sessions_of_one_process_share_the_sign_in(api: responses.RequestsMock) -> None:
    sign_in(api, "token-1")
    assert [AccountTokens(CREDENTIALS, Link()).current() for _ in range(3)] == ["token-1"] * 3


def test_refusal_is_not_shared(api: responses.RequestsMock) -> None:
    api.post(SIGN_IN, status=400, json={"error": "invalid_client"})
    with pytest.raises(ProviderError):
        AccountTokens(CREDENTIALS, Link()).current()
    sign_in(api, "token-1")
    assert AccountTokens(CREDENTIALS, Link()).current() == "token-1"


def test_fresh_session_signs_in_itself(api: responses.RequestsMock) -> None:
    sign_in(api, "token-1")
    sign_in(api, "token-2")
    assert AccountTokens(CREDENTIALS, Link()).current() == "token-1"
    assert AccountTokens(CREDENTIALS, Link(), fresh=True).current() == "token-2"
    assert AccountTokens(CREDENTIALS, Link()).current() == "token-1"


def workers(time: FakeClock, count: int = 2) -> list[AccountTokens]:
    """Of one connection, each in a process of its own."""
    row = Keep()
    return [AccountTokens(CREDENTIALS, Link(tokens=row), time.clock) for _ in range(count)]


def test_workers_of_a_connection_share_the_token(api: responses.RequestsMock, time: FakeClock) -> None:
    """facts 1.1: cache one token per connection."""
    sign_in(api, "token-1")
    assert [worker.current() for worker in workers(time, 3)] == ["token-1"] * 3


def test_refused_token_is_renewed_by_one_worker_for_all(api: responses.RequestsMock, time: FakeClock) -> None:
    """facts 1.1: a new token may kill the old one."""
    sign_in(api, "token-1")
    sign_in(api, "token-2")
    those = workers(time, 8)
    assert {worker.current() for worker in those} == {"token-1"}
    with ThreadPoolExecutor(8) as threads:
        renewed = set(threads.map(lambda worker: worker.renew("token-1"), those))
    assert (renewed, len(api.calls)) == ({"token-2"}, 2)


def test_what_another_worker_renewed_is_renewed_when_it_is_refused_too(
    api: responses.RequestsMock, time: FakeClock
) -> None:
    for number in (1, 2, 3):
        sign_in(api, f"token-{number}")
    one, other = workers(time)
    stale = one.current()
    assert other.renew(stale) == one.renew(stale) == "token-2"
    assert one.renew("token-2") == "token-3"


@pytest.mark.parametrize(("age_seconds", "token"), [(299, "token-1"), (300, "token-2")])
def test_new_session_signs_in_after_five_minutes(
    api: responses.RequestsMock, time: FakeClock, age_seconds: float, token: str
) -> None:
    """Scopes that were added meanwhile show only in a new token."""
    for each in sorted({"token-1", token}):
        sign_in(api, each)
    running, new = workers(time)
    running.current()
    time.seconds = age_seconds
    assert (new.current(), running.current()) == (token, "token-1")


def test_trouble_lets_go_of_the_row_before_it_is_tried_again(api: responses.RequestsMock, time: FakeClock) -> None:
    api.post(SIGN_IN, status=503, body="busy")
    sign_in(api, "token-1")
    one, other = workers(time)
    waited = replace(time.clock, wait=lambda stop, seconds: bool(other.current()) and time._wait(stop, seconds))
    one._clock = waited
    assert one.current() == other.current() == "token-1"


@pytest.mark.parametrize(
    "stored",
    [{"access_token": "x"}, {"app": fingerprint(CREDENTIALS)}, {"app": fingerprint(CREDENTIALS), "scopes": 5}],
)
def test_what_cannot_be_used_is_replaced(
    api: responses.RequestsMock, time: FakeClock, stored: dict[str, object]
) -> None:
    sign_in(api, "token-1")
    row = Keep(stored)
    assert AccountTokens(CREDENTIALS, Link(tokens=row), time.clock).current() == row.current()["access_token"]


def test_other_credentials_do_not_use_the_old_token(api: responses.RequestsMock, time: FakeClock) -> None:
    sign_in(api, "token-1")
    sign_in(api, "token-2")
    row = Keep()
    tokens = [
        AccountTokens(each, Link(tokens=row), time.clock).current()
        for each in (CREDENTIALS, replace(CREDENTIALS, client_id="another"))
    ]
    assert tokens == ["token-1", "token-2"]


def test_check_renews_for_all(api: responses.RequestsMock, time: FakeClock) -> None:
    sign_in(api, "token-1")
    sign_in(api, "token-2")
    row = Keep()
    running = AccountTokens(CREDENTIALS, Link(tokens=row), time.clock)
    stale = running.current()
    assert AccountTokens(CREDENTIALS, Link(tokens=row), time.clock, fresh=True).current() == "token-2"
    assert running.renew(stale) == "token-2"
