"""Files are read as text, and the token goes to Zoom alone: never to another host, never along a redirect."""

import pytest
import responses
from pytest_django.fixtures import Settings
from responses.registries import OrderedRegistry

from conferences.providers.base import Link
from conferences.providers.errors import (
    CredentialsRefused,
    DailyLimit,
    Malformed,
    Missing,
    NotPermitted,
    ProviderError,
    ServerTrouble,
)
from conferences.providers.fake_clock import FakeClock
from conferences.providers.transport import Limits
from zoom_integration import downloads
from zoom_integration.client import ZoomClient
from zoom_integration.tests.account import CREDENTIALS, TOKEN, no_scope, sign_in, zoom_error

FILE = "https://us02web.zoom.us/rec/download/abc?k=v"
CHAT = "00:01:02\tAnn:\tHällo"
STORE = "https://files.example.net/signed?sig=1"


@pytest.fixture
def api(api: responses.RequestsMock) -> responses.RequestsMock:
    sign_in(api)
    return api


def bearers(api: responses.RequestsMock) -> list[str | None]:
    """Of all calls after the sign-in."""
    return [call.request.headers.get("Authorization") for call in list(api.calls)[1:]]


def redirect(api: responses.RequestsMock, url: str, to: str, status: int = 302) -> None:
    api.get(url, status=status, headers={"Location": to})


def test_file_is_read_as_text(api: responses.RequestsMock, zoom: ZoomClient, link: Link) -> None:
    api.get(FILE, body="\ufeff" + CHAT)
    assert zoom.file_text(FILE) == CHAT
    assert (api.calls[1].request.url, bearers(api)) == (FILE, [f"Bearer {TOKEN}"])
    assert link.stats.requests == 2


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_token_is_dropped_when_the_host_changes(api: responses.RequestsMock, zoom: ZoomClient, status: int) -> None:
    redirect(api, FILE, STORE, status)
    api.get(STORE, body=CHAT)
    assert zoom.file_text(FILE) == CHAT
    assert bearers(api) == [f"Bearer {TOKEN}", None]


def test_token_stays_for_a_redirect_within_the_host(api: responses.RequestsMock, zoom: ZoomClient) -> None:
    redirect(api, FILE, "/rec/real/abc")
    api.get("https://us02web.zoom.us/rec/real/abc", body=CHAT)
    zoom.file_text(FILE)
    assert bearers(api) == [f"Bearer {TOKEN}"] * 2


@pytest.mark.parametrize(
    "to", ["https://ssrweb.zoom.us/x", "https://us02web.zoom.us:8443/x", "//evil.example/x", "https://zoom.us.evil/x"]
)
def test_token_is_dropped_for_any_other_origin(api: responses.RequestsMock, zoom: ZoomClient, to: str) -> None:
    redirect(api, FILE, to)
    api.get(to if to.startswith("https") else f"https:{to}", body=CHAT)
    zoom.file_text(FILE)
    assert bearers(api) == [f"Bearer {TOKEN}", None]


def test_token_does_not_come_back_with_a_redirect_back(api: responses.RequestsMock, zoom: ZoomClient) -> None:
    redirect(api, FILE, STORE)
    redirect(api, STORE, FILE)
    api.get(FILE, body=CHAT)
    zoom.file_text(FILE)
    assert bearers(api) == [f"Bearer {TOKEN}", None, None]


def test_three_redirects_are_followed_and_no_more(api: responses.RequestsMock, zoom: ZoomClient) -> None:
    for _ in range(4):
        redirect(api, FILE, FILE)
    with pytest.raises(Malformed) as caught:
        zoom.file_text(FILE)
    assert (caught.value.code, len(api.calls)) == ("redirected", 5)


def test_the_third_redirect_may_lead_to_the_file(api: responses.RequestsMock, zoom: ZoomClient) -> None:
    for _ in range(3):
        redirect(api, FILE, FILE)
    api.get(FILE, body=CHAT)
    assert zoom.file_text(FILE) == CHAT


@pytest.mark.parametrize(
    "to", ["http://files.example.net/x", "ftp://files.example.net/x", "file:///etc/passwd", "https://a@files.example/"]
)
def test_unsafe_redirects_are_not_followed(api: responses.RequestsMock, zoom: ZoomClient, to: str) -> None:
    redirect(api, FILE, to)
    with pytest.raises(Malformed) as caught:
        zoom.file_text(FILE)
    assert (caught.value.code, len(api.calls)) == ("redirected", 2)


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/rec",
        "http://us02web.zoom.us/rec",
        "https://zoom.us.evil.example/rec",
        "https://zoom.us@evil.example/rec",
        "https://evil.example\\@zoom.us/rec",
        "https://zoom.us:8443/rec",
        "//zoom.us/rec",
        "/rec/download/abc",
        "rec",
        "",
    ],
)
def test_files_elsewhere_are_not_asked_for(api: responses.RequestsMock, zoom: ZoomClient, url: str) -> None:
    with pytest.raises(Malformed) as caught:
        zoom.file_text(url)
    assert (caught.value.code, len(api.calls)) == ("foreign_host", 1)
    assert "evil" not in f"{caught.value} {caught.value.detail}"


def test_stand_in_serves_its_own_files(settings: Settings, time: FakeClock) -> None:
    settings.ZOOM_OAUTH_URL, settings.ZOOM_API_URL = "http://127.0.0.1:9/oauth", "http://127.0.0.1:9/v2"
    with responses.RequestsMock(registry=OrderedRegistry) as mock:
        mock.post("http://127.0.0.1:9/oauth/token", json={"access_token": TOKEN})
        redirect(mock, "http://127.0.0.1:9/rec/1", "http://localhost:8/plain")
        mock.get("http://localhost:8/plain", body=CHAT)
        assert ZoomClient(CREDENTIALS, Link(), time.clock).file_text("http://127.0.0.1:9/rec/1") == CHAT
        assert bearers(mock) == [f"Bearer {TOKEN}", None]


@pytest.mark.parametrize("url", [FILE, "http://127.0.0.1:8/rec/1", "https://127.0.0.1:9/rec/1"])
def test_stand_ins_token_goes_nowhere_else(settings: Settings, time: FakeClock, url: str) -> None:
    settings.ZOOM_OAUTH_URL, settings.ZOOM_API_URL = "http://127.0.0.1:9/oauth", "http://127.0.0.1:9/v2"
    with responses.RequestsMock(registry=OrderedRegistry) as mock:
        mock.post("http://127.0.0.1:9/oauth/token", json={"access_token": TOKEN})
        with pytest.raises(Malformed) as caught:
            ZoomClient(CREDENTIALS, Link(), time.clock).file_text(url)
        assert (caught.value.code, len(mock.calls)) == ("foreign_host", 1)


def test_a_refused_token_is_renewed_once(api: responses.RequestsMock, zoom: ZoomClient) -> None:
    api.get(FILE, status=401, json=zoom_error(124, "Invalid access token."))
    sign_in(api, "token-2")
    api.get(FILE, body=CHAT)
    assert zoom.file_text(FILE) == CHAT
    assert bearers(api)[2] == "Bearer token-2"


def test_a_file_that_refuses_twice_is_given_up(api: responses.RequestsMock, zoom: ZoomClient) -> None:
    api.get(FILE, status=401, body="")
    sign_in(api, "token-2")
    api.get(FILE, status=401, body="")
    with pytest.raises(CredentialsRefused):
        zoom.file_text(FILE)


@pytest.mark.parametrize(
    ("status", "body", "kind", "code"),
    [
        (404, zoom_error(3301, "No recording."), Missing, "no_recording"),
        (404, {}, Missing, "not_found"),
        (403, {}, NotPermitted, "not_permitted"),
        (400, no_scope("a:b:c"), NotPermitted, "missing_scope"),
        (429, zoom_error(429, "You have reached the maximum daily rate limit."), DailyLimit, "daily_limit"),
    ],
)
def test_a_refused_file_says_why(
    api: responses.RequestsMock, zoom: ZoomClient, status: int, body: object, kind: type[ProviderError], code: str
) -> None:
    api.get(FILE, status=status, json=body)
    with pytest.raises(ProviderError) as caught:
        zoom.file_text(FILE)
    assert (type(caught.value), caught.value.code) == (kind, code)


def test_passing_trouble_is_tried_again(
    api: responses.RequestsMock, zoom: ZoomClient, time: FakeClock, link: Link
) -> None:
    api.get(FILE, status=503, body="")
    api.get(FILE, status=429, json=zoom_error(429, "Per second."))
    api.get(FILE, body=CHAT)
    assert zoom.file_text(FILE) == CHAT
    stats = link.stats
    assert (time.seconds, stats.requests, stats.retries, stats.throttled) == (2.0, 4, 2, 1)


def test_a_web_page_is_no_file(api: responses.RequestsMock, zoom: ZoomClient) -> None:
    for _ in range(5):
        api.get(FILE, body="<!doctype html><title>Enter the passcode</title>")
    with pytest.raises(ServerTrouble):
        zoom.file_text(FILE)


def test_a_file_without_end_is_cut_off(
    api: responses.RequestsMock, zoom: ZoomClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "LIMITS", Limits(max_bytes=1_000))
    api.get(FILE, body="x" * 1_001)
    with pytest.raises(Malformed) as caught:
        zoom.file_text(FILE)
    assert caught.value.code == "answer_too_large"
