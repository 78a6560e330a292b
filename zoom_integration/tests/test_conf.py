"""Credentials are checked before they are sent, and only Zoom's own addresses are taken for Zoom's."""

import pytest
from pytest_django.fixtures import Settings

from conferences.providers.base import InvalidInput
from zoom_integration.conf import Credentials, api_url, is_zooms
from zoom_integration.tests.account import CREDENTIALS, SECRET

TYPED = {"account_id": " AbC ", "client_id": "cid\n", "client_secret": "\tsecret"}


def test_credentials_are_read_without_white_space() -> None:
    assert Credentials.from_mapping(TYPED) == Credentials("AbC", "cid", "secret")


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("account_id", "The account ID is missing."),
        ("client_id", "The client ID is missing."),
        ("client_secret", "The client secret is missing."),
    ],
)
def test_credentials_that_are_missing_are_named(key: str, message: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        Credentials.from_mapping({**TYPED, key: " "})
    assert (str(caught.value), caught.value.field) == (message, key)


@pytest.mark.parametrize("key", ["account_id", "client_id", "client_secret"])
@pytest.mark.parametrize("odd", ["two words", "ünïcode", "nul\x00"])
def test_credentials_with_odd_characters_are_refused_without_showing_them(key: str, odd: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        Credentials.from_mapping({**TYPED, key: odd})
    assert caught.value.field == key
    assert odd not in str(caught.value)


def test_client_id_with_a_colon_would_shift_the_secret() -> None:
    with pytest.raises(InvalidInput) as caught:
        Credentials.from_mapping({**TYPED, "client_id": "a:b"})
    assert caught.value.field == "client_id"


def test_credentials_do_not_show_their_secret() -> None:
    assert SECRET not in repr(CREDENTIALS)


@pytest.mark.parametrize(
    "url", ["https://zoom.us/x", "https://api.zoom.us/v2", "https://API-EU.Zoom.us", "https://us02web.zoom.us:443/rec"]
)
def test_zooms_own_addresses(url: str) -> None:
    assert is_zooms(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://api.zoom.us/v2",
        "https://api.zoom.us:8443/v2",
        "https://evilzoom.us/",
        "https://zoom.us.evil.example/",
        "https://user@zoom.us/",
        "https://zoom.us@evil.example/",
        "https://evil.example/zoom.us",
        "https://evil.example\\.zoom.us/",
        "//zoom.us/",
        "zoom.us",
        "ftp://zoom.us/",
        "",
    ],
)
def test_addresses_that_only_look_like_zooms(url: str) -> None:
    assert not is_zooms(url)


@pytest.mark.parametrize(
    ("told", "used"),
    [
        ("https://api-eu.zoom.us", "https://api-eu.zoom.us/v2"),
        ("https://api-ca.zoom.us/v2/", "https://api-ca.zoom.us/v2"),
        ("http://api-eu.zoom.us", "https://api.zoom.us/v2"),
        ("https://api.evil.example", "https://api.zoom.us/v2"),
        ("", "https://api.zoom.us/v2"),
        (None, "https://api.zoom.us/v2"),
        (["https://api-eu.zoom.us"], "https://api.zoom.us/v2"),
    ],
)
def test_api_url_is_the_accounts_region_when_it_is_zooms(told: object, used: str) -> None:
    assert api_url(told) == used


def test_configured_stand_in_is_not_left_for_the_real_zoom(settings: Settings) -> None:
    settings.ZOOM_API_URL = "http://127.0.0.1:9000/v2"
    assert api_url("https://api.zoom.us") == "http://127.0.0.1:9000/v2"
