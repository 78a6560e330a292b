"""must-beat 29: refresh tokens are neither lost nor used twice, and what has ended is not asked about for ever."""

import logging
import threading
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
import responses

from conferences.providers.errors import Cancelled, CredentialsRefused, ProviderError, ReconnectNeeded, ServerTrouble
from conferences.providers.fake_clock import STARTS_AT, FakeClock
from zoom_integration.client import ZoomClient
from zoom_integration.person import PersonTokens
from zoom_integration.tests.account import API, SECRET, SIGN_IN, zoom_error
from zoom_integration.tests.person import CREDENTIALS, SCOPES, Row, link_to, permission

ENDED = {"reason": "Invalid Token!", "error": "invalid_grant"}


@pytest.fixture
def row() -> Row:
    return Row()


@pytest.fixture
def tokens(row: Row, time: FakeClock) -> PersonTokens:
    return PersonTokens(CREDENTIALS, link_to(row), time.clock)


def renewal(api: responses.RequestsMock, number: int = 2, **answer: Any) -> None:
    told = {"expires_in": 3600, "scope": " ".join(SCOPES), "api_url": "https://api-eu.zoom.us"}
    pair = {"access_token": f"c4n4ry-access-{number}", "refresh_token": f"c4n4ry-refresh-{number}"}
    api.post(SIGN_IN, json={**pair, **told, **answer})


def test_token_comes_from_the_row_and_asks_nobody(row: Row, tokens: PersonTokens) -> None:
    assert [tokens.current() for _ in range(3)] == ["c4n4ry-access-1"] * 3
    assert (tokens.grant().api_url, tokens.known_scopes) == ("https://api.zoom.us/v2", SCOPES)
    assert (row.reads, row.renewals) == (1, 0)


@pytest.mark.parametrize(("life_seconds", "good_for"), [(3_600, 3_300), (100, 50)])
def test_token_is_renewed_before_its_end(
    api: responses.RequestsMock, time: FakeClock, life_seconds: float, good_for: float
) -> None:
    row = Row(permission(life_seconds=life_seconds).tokens())
    tokens = PersonTokens(CREDENTIALS, link_to(row), time.clock)
    time.seconds = good_for - 0.5
    assert tokens.current() == "c4n4ry-access-1"
    renewal(api)
    time.seconds += 0.5
    assert [tokens.current() for _ in range(2)] == ["c4n4ry-access-2"] * 2


def test_renewal_stores_the_new_pair_before_it_is_used(
    api: responses.RequestsMock, row: Row, tokens: PersonTokens, time: FakeClock
) -> None:
    renewal(api)
    time.seconds = 10.0
    assert tokens.renew("c4n4ry-access-1") == "c4n4ry-access-2"
    assert row.tokens == {
        "access_token": "c4n4ry-access-2",
        "refresh_token": "c4n4ry-refresh-2",
        "expires_at": (STARTS_AT + timedelta(seconds=3_610)).isoformat(),
        "obtained_at": (STARTS_AT + timedelta(seconds=10)).isoformat(),
        "scopes": sorted(SCOPES),
        "api_url": "https://api-eu.zoom.us",
    }
    sent = api.calls[0].request
    assert (sent.url, parse_qs(str(sent.body))) == (
        SIGN_IN,
        {"grant_type": ["refresh_token"], "refresh_token": ["c4n4ry-refresh-1"]},
    )
    assert str(sent.headers["Authorization"]).startswith("Basic ")


def test_refresh_token_stays_where_no_newer_one_comes(
    api: responses.RequestsMock, row: Row, tokens: PersonTokens
) -> None:
    api.post(SIGN_IN, json={"access_token": "c4n4ry-access-2", "expires_in": 3600})
    tokens.renew("c4n4ry-access-1")
    assert (row.tokens["access_token"], row.tokens["refresh_token"]) == ("c4n4ry-access-2", "c4n4ry-refresh-1")


def test_many_threads_renew_once(api: responses.RequestsMock, row: Row, tokens: PersonTokens) -> None:
    renewal(api)
    got: list[str] = []
    threads = [threading.Thread(target=lambda: got.append(tokens.renew("c4n4ry-access-1"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (got, len(api.calls), row.renewals) == (["c4n4ry-access-2"] * 8, 1, 1)


def test_many_workers_renew_once(api: responses.RequestsMock, row: Row, time: FakeClock) -> None:
    renewal(api)
    workers = [PersonTokens(CREDENTIALS, link_to(row), time.clock) for _ in range(8)]
    assert [worker.current() for worker in workers] == ["c4n4ry-access-1"] * 8
    got: list[str] = []
    threads = [threading.Thread(target=lambda w=worker: got.append(w.renew("c4n4ry-access-1"))) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (got, len(api.calls), row.renewals) == (["c4n4ry-access-2"] * 8, 1, 1)


def test_what_another_worker_stored_is_renewed_when_it_is_over_as_well(
    api: responses.RequestsMock, row: Row, tokens: PersonTokens
) -> None:
    tokens.current()
    row.tokens = permission(2, obtained_seconds_ago=4_000).tokens()
    renewal(api, 3)
    assert tokens.renew("c4n4ry-access-1") == "c4n4ry-access-3"
    assert parse_qs(str(api.calls[0].request.body))["refresh_token"] == ["c4n4ry-refresh-2"]


def test_refused_token_is_renewed_and_the_call_repeated(api: responses.RequestsMock, row: Row, time: FakeClock) -> None:
    api.get(f"{API}/users/me", status=401, json=zoom_error(124, "Invalid access token."))
    renewal(api)
    api.get(f"{API}/users/me", json={"id": "u1"})
    client = ZoomClient(CREDENTIALS, link_to(row), time.clock)
    assert client.user("me") == {"id": "u1"}
    client.close()
    assert api.calls[-1].request.headers["Authorization"] == "Bearer c4n4ry-access-2"


def test_token_that_is_refused_however_new_is_not_renewed_for_ever(
    api: responses.RequestsMock, row: Row, time: FakeClock
) -> None:
    client = ZoomClient(CREDENTIALS, link_to(row), time.clock)
    api.get(f"{API}/users/me", status=401, json=zoom_error(124))
    renewal(api)
    for _ in range(3):
        api.get(f"{API}/users/me", status=401, json=zoom_error(124))
    for _ in range(3):
        with pytest.raises(CredentialsRefused) as caught:
            client.user("me")
        assert caught.value.code == "token_refused"
    client.close()
    assert row.renewals == 1


def test_permission_that_ended_ends_for_everybody(
    api: responses.RequestsMock, row: Row, tokens: PersonTokens, time: FakeClock
) -> None:
    api.post(SIGN_IN, status=400, json=ENDED)
    with pytest.raises(ReconnectNeeded) as caught:
        tokens.renew("c4n4ry-access-1")
    error = caught.value
    assert (error.code, error.provider_code, row.ended) == ("reconnect_needed", "invalid_grant", True)
    assert error.message == (
        "The permission that somebody gave in Zoom has ended, so nothing can be fetched. An admin must connect the "
        "account again."
    )
    assert error.advice == "Press Connect Zoom on the connection's page, and allow the access in Zoom."
    for session in (tokens, PersonTokens(CREDENTIALS, link_to(row), time.clock)):
        with pytest.raises(ReconnectNeeded):
            session.renew("c4n4ry-access-1")
    assert len(api.calls) == 1


def test_permission_that_was_given_again_serves_the_running_session(
    api: responses.RequestsMock, row: Row, tokens: PersonTokens
) -> None:
    api.post(SIGN_IN, status=400, json=ENDED)
    with pytest.raises(ReconnectNeeded):
        tokens.renew("c4n4ry-access-1")
    row.tokens, row.ended = permission(7).tokens(), False
    assert tokens.renew("c4n4ry-access-1") == "c4n4ry-access-7"


@pytest.mark.parametrize("row", [None, Row({}), Row({"access_token": "a"}), Row(ended=True)])
def test_without_a_permission_somebody_must_connect(row: Row | None, time: FakeClock) -> None:
    tokens = PersonTokens(CREDENTIALS, link_to(row), time.clock)
    for ask in (tokens.current, lambda: tokens.renew("x")):
        with pytest.raises(ReconnectNeeded):
            ask()


def test_wrong_secret_does_not_end_the_permission(api: responses.RequestsMock, row: Row, tokens: PersonTokens) -> None:
    api.post(SIGN_IN, status=400, json={"error": "invalid_client"})
    for _ in range(2):
        with pytest.raises(CredentialsRefused) as caught:
            tokens.renew("c4n4ry-access-1")
        assert (type(caught.value), caught.value.code) == (CredentialsRefused, "wrong_secret")
    assert (row.ended, len(api.calls)) == (False, 1)


def test_passing_trouble_ahead_of_time_leaves_what_is_still_good(
    api: responses.RequestsMock, row: Row, tokens: PersonTokens, time: FakeClock
) -> None:
    tokens.current()
    api.post(SIGN_IN, status=500, json={})
    time.seconds = 3_400
    assert [tokens.current() for _ in range(3)] == ["c4n4ry-access-1"] * 3
    time.seconds = 3_600
    with pytest.raises(ServerTrouble):
        tokens.current()
    assert len(api.calls) == 1


def test_what_others_renewed_after_a_failure_is_taken(
    api: responses.RequestsMock, row: Row, tokens: PersonTokens, time: FakeClock
) -> None:
    api.post(SIGN_IN, status=500, json={})
    time.seconds = 3_400
    tokens.current()
    row.tokens = permission(5, life_seconds=7_200).tokens()
    assert tokens.current() == "c4n4ry-access-5"


def test_cancel_is_heard_while_another_thread_renews(row: Row) -> None:
    link = link_to(row)
    link.stop.set()
    tokens = PersonTokens(CREDENTIALS, link)
    with tokens._lock, pytest.raises(Cancelled):
        tokens.current()


@pytest.mark.parametrize("status", [200, 400, 500])
def test_tokens_leak_nowhere(
    api: responses.RequestsMock, row: Row, tokens: PersonTokens, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    """Even when Zoom repeats what it was sent."""
    caplog.set_level(logging.DEBUG)
    echo = f"c4n4ry-refresh-1 {SECRET} c4n4ry-access-1"
    if status == 200:
        renewal(api)
    else:
        api.post(SIGN_IN, status=status, json={"error": "invalid_request", "reason": f"Not c4n4ry-refresh-1 {SECRET}"})
    told = [repr(tokens.grant()), repr(permission())]
    try:
        tokens.renew("c4n4ry-access-1")
    except ProviderError as error:
        told += [str(error), repr(error), error.advice, error.detail, error.provider_code]
    text = "\n".join([*told, caplog.text])
    assert [secret for secret in (*echo.split(), "c4n4ry-access-2", "c4n4ry-refresh-2") if secret in text] == []
