"""A refresh token is asked with once: again only where Zoom cannot have seen it, and all within half a minute."""

import threading
from dataclasses import replace
from time import sleep

import pytest
import responses
from pytest_django.fixtures import Settings
from requests.exceptions import ConnectionError as BrokenOff
from requests.exceptions import ReadTimeout
from urllib3 import HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError

from conferences.providers.base import Link
from conferences.providers.errors import Malformed, ProviderError, RateLimited, ReconnectNeeded, Unreachable
from conferences.providers.fake_clock import FakeClock
from conferences.providers.waiting import Clock
from conferences.tests.providers.wire import ok, serving
from zoom_integration.permission import Permission
from zoom_integration.renewal import LIMITS, POLICY, TRY_AGAIN_WITHIN_SECONDS, renewed
from zoom_integration.tests.account import SIGN_IN
from zoom_integration.tests.person import CREDENTIALS, permission

GOOD = {"access_token": "c4n4ry-access-2", "refresh_token": "c4n4ry-refresh-2", "expires_in": 3600}
REFUSED = BrokenOff(NewConnectionError(HTTPSConnectionPool("zoom.us"), "connection refused"))


def ask(time: FakeClock) -> Permission:
    return renewed(CREDENTIALS, permission(), Link(), time.clock)


def test_it_all_takes_half_a_minute_at_most() -> None:
    last_begins = TRY_AGAIN_WITHIN_SECONDS + max(POLICY.longest_wait, POLICY.patience)
    assert last_begins + LIMITS.connect_seconds + LIMITS.total_seconds <= 25


def test_what_zoom_has_not_seen_is_sent_again(api: responses.RequestsMock, time: FakeClock) -> None:
    api.post(SIGN_IN, body=REFUSED)
    api.post(SIGN_IN, status=503, body="busy")
    api.post(SIGN_IN, status=429, headers={"Retry-After": "1"}, json={})
    api.post(SIGN_IN, json=GOOD)
    assert ask(time).refresh_token == "c4n4ry-refresh-2"


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ({"body": ConnectionResetError("reset")}, "Unreachable"),
        ({"body": ReadTimeout("slow")}, "Unreachable"),
        ({"body": '{"access_token": "c4n'}, "ServerTrouble"),
        ({"body": ""}, "ServerTrouble"),
        ({"status": 500, "json": {}}, "ServerTrouble"),
        ({"status": 502, "body": "<html>"}, "ServerTrouble"),
        ({"status": 504, "body": ""}, "ServerTrouble"),
    ],
)
def test_lost_answer_is_not_asked_for_again(
    api: responses.RequestsMock, time: FakeClock, answer: dict[str, object], kind: str
) -> None:
    """Zoom may have taken the refresh token: facts 1.2."""
    api.post(SIGN_IN, **answer)  # type: ignore[arg-type]
    with pytest.raises(ProviderError) as caught:
        ask(time)
    error = caught.value
    assert (type(error).__name__, error.code, error.permanent, len(api.calls)) == (kind, "renewal_lost", True, 1)
    assert error.advice.endswith("Press Connect Zoom on the connection's page, and allow the access in Zoom.")


def test_nobody_there_is_given_up_soon(api: responses.RequestsMock, time: FakeClock) -> None:
    for _ in range(POLICY.tries):
        api.post(SIGN_IN, body=REFUSED)
    with pytest.raises(Unreachable) as caught:
        ask(time)
    assert (caught.value.sent, caught.value.code) == (False, "unreachable")
    assert time.seconds <= TRY_AGAIN_WITHIN_SECONDS


def test_long_waits_are_not_waited(api: responses.RequestsMock, time: FakeClock) -> None:
    api.post(SIGN_IN, status=429, headers={"Retry-After": "60"}, json={})
    with pytest.raises(RateLimited):
        ask(time)
    assert time.seconds == 0


def test_answer_without_a_token_is_final_only_when_zoom_says_so(api: responses.RequestsMock, time: FakeClock) -> None:
    api.post(SIGN_IN, json={"hello": "there"})
    with pytest.raises(Malformed):
        ask(time)
    api.post(SIGN_IN, json={"error": "invalid_grant"})
    with pytest.raises(ReconnectNeeded):
        ask(time)


def test_cancel_does_not_tear_the_answer_away(settings: Settings) -> None:
    """The run is stopped while Zoom has taken the old refresh token and writes the new one."""
    link = Link()
    body = b'{"access_token": "c4n4ry-access-2", "refresh_token": "c4n4ry-refresh-2", "expires_in": 3600}'

    def slowly(sock: object) -> None:
        link.stop.set()
        sleep(0.6)
        sock.sendall(ok(body))  # type: ignore[attr-defined]

    with serving(slowly) as wire:
        settings.ZOOM_OAUTH_URL = wire.url
        got = renewed(CREDENTIALS, permission(), link, Clock())
    assert got.refresh_token == "c4n4ry-refresh-2"


def test_costs_are_counted_where_the_session_counts(api: responses.RequestsMock, time: FakeClock) -> None:
    link = replace(Link(), stop=threading.Event())
    api.post(SIGN_IN, json=GOOD)
    renewed(CREDENTIALS, permission(), link, time.clock)
    assert link.stats.requests == 1
