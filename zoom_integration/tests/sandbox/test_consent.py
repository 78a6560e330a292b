"""The stand-in's page for people: codes serve once and soon, refresh tokens once, and PKCE is insisted on."""

import base64
import hashlib
import re
import time
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from zoom_integration.sandbox.stories.cast import AVA, GONE, MIRA, NORTHFIELD, PENDING, RUBEN, SOUTHGATE
from zoom_integration.sandbox.stories.garden_talks import COLLEAGUES_ID, COLLEAGUES_UUID, UUID
from zoom_integration.sandbox.world import Account, Host
from zoom_integration.tests.sandbox.asking import Asker, asking, segment

BACK = "http://127.0.0.1:8000/back?x=1"
VERIFIER = "a-verifier-of-forty-three-characters-or-more-1"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


@pytest.fixture
def garden() -> Iterator[Asker]:
    with asking(account="southgate") as asker:
        yield asker


def page(asker: Asker, answer: str = "", person: str = "", **changes: str | None) -> requests.Response:
    asked = {
        "response_type": "code",
        "client_id": asker.account.client_id,
        "redirect_uri": BACK,
        "state": "s t",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        **changes,
    }
    return requests.request(
        "POST" if answer else "GET",
        f"{asker.served.base_url}/oauth/authorize",
        params=asked,
        data={"answer": answer, "person": person} if answer else None,
        verify=asker.served.ca_bundle,
        timeout=10,
        allow_redirects=False,
    )


def told(answer: requests.Response) -> dict[str, list[str]]:
    assert answer.status_code == 302
    return parse_qs(urlsplit(answer.headers["Location"]).query)


def code(asker: Asker) -> str:
    return told(page(asker, "allow"))["code"][0]


def token(asker: Asker, **form: str) -> dict[str, Any]:
    """Signs the asker in."""
    return asker.sign_in(data=form).json()


def redeemed(asker: Asker, **changes: str) -> dict[str, Any]:
    form = {"grant_type": "authorization_code", "code": code(asker), "redirect_uri": BACK, "code_verifier": VERIFIER}
    return token(asker, **{**form, **changes})


def refreshed(asker: Asker, refresh_token: str) -> dict[str, Any]:
    return token(asker, grant_type="refresh_token", refresh_token=refresh_token)


def test_page_says_who_is_asked_for_what(garden: Asker) -> None:
    text = unescape(page(garden).text)
    assert f"{AVA.name} of {garden.account.name}" in text
    assert all(scope in text for scope in garden.account.scopes)


def test_allowing_sends_back_with_a_code_and_the_state(garden: Asker) -> None:
    answer = page(garden, "allow")
    assert answer.headers["Location"].startswith(f"{BACK}&code=")
    assert told(answer)["state"] == ["s t"]


def test_denying_sends_back_with_an_error(garden: Asker) -> None:
    assert told(page(garden, "deny")) == {"x": ["1"], "error": ["access_denied"], "state": ["s t"]}


def test_page_can_be_left_out(garden: Asker) -> None:
    assert garden.switch("consent", asks=False) == 204
    assert sorted(told(page(garden))) == ["code", "state", "x"]


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "nobody"},
        {"client_id": NORTHFIELD.client_id},
        {"redirect_uri": "javascript:alert(1)"},
        {"redirect_uri": None},
        {"response_type": "token"},
        {"code_challenge": None},
        {"code_challenge_method": "plain"},
    ],
)
@pytest.mark.parametrize("answer", ["", "allow"])
def test_odd_requests_are_sent_nowhere(garden: Asker, changes: dict[str, str | None], answer: str) -> None:
    refused = page(garden, answer, **changes)
    assert (refused.status_code, "Location" in refused.headers) == (400, False)


def test_address_that_the_app_does_not_list_is_refused(garden: Asker) -> None:
    garden.account.redirects = ("https://lms.example.org/back",)
    assert page(garden).status_code == 400
    assert page(garden, redirect_uri="https://lms.example.org/back").status_code == 200


def test_code_gives_a_pair_of_tokens(garden: Asker) -> None:
    answer = redeemed(garden)
    assert sorted(answer) == ["access_token", "api_url", "expires_in", "refresh_token", "scope", "token_type"]
    assert garden.json("/users/me")["id"] == AVA.id


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code": "another"}, "invalid_grant"),
        ({"code_verifier": "another"}, "invalid_grant"),
        ({"code_verifier": ""}, "invalid_grant"),
        ({"redirect_uri": "http://127.0.0.1:8000/"}, "invalid_request"),
        ({"grant_type": "account_credentials"}, "unsupported_grant_type"),
    ],
)
def test_code_is_refused(garden: Asker, changes: dict[str, str], error: str) -> None:
    assert redeemed(garden, **changes)["error"] == error


def test_code_serves_once(garden: Asker) -> None:
    once = code(garden)
    assert "access_token" in redeemed(garden, code=once)
    assert redeemed(garden, code=once)["error"] == "invalid_grant"


def test_code_is_over_after_five_minutes(garden: Asker) -> None:
    once = code(garden)
    garden.zoom.consent.now = lambda: time.time() + 301
    assert redeemed(garden, code=once)["reason"] == "The authorization code has expired."


def test_refresh_token_serves_once_and_brings_the_next(garden: Asker) -> None:
    first = redeemed(garden)["refresh_token"]
    second = refreshed(garden, first)["refresh_token"]
    assert second != first
    assert refreshed(garden, first) == {"reason": "Invalid Token!", "error": "invalid_grant"}
    assert "access_token" in refreshed(garden, second)


def test_permissions_can_be_ended_for_everybody(garden: Asker) -> None:
    refresh_token = redeemed(garden)["refresh_token"]
    assert garden.switch("end-permissions") == 204
    assert garden.refusal("/users/me")[:2] == (401, 124)
    assert refreshed(garden, refresh_token)["error"] == "invalid_grant"


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
def test_withdrawing_ends_both_tokens(garden: Asker, which: str) -> None:
    pair = redeemed(garden)
    url, auth = f"{garden.served.base_url}/oauth/revoke", (garden.account.client_id, garden.account.secret)
    form = {"token": pair[which]}
    answers = [
        requests.post(url, data=form, auth=auth, verify=garden.served.ca_bundle, timeout=10).json() for _ in range(2)
    ]
    assert answers == [{"status": "success"}, {"reason": "Token not found.", "error": "invalid_request"}]
    assert garden.refusal("/users/me")[:2] == (401, 124)
    assert refreshed(garden, pair["refresh_token"])["error"] == "invalid_grant"


def test_server_to_server_app_signs_no_person_in(own_zoom: Asker) -> None:
    answer = token(own_zoom, grant_type="refresh_token", refresh_token="x")
    assert answer["error"] == "unsupported_grant_type"


def test_person_sees_what_is_theirs_and_no_reports(garden: Asker) -> None:
    redeemed(garden)
    assert garden.json("/users/me/webinars")["total_records"] == 1
    assert len(garden.rows(f"/past_webinars/{segment(UUID)}/participants", "participants")) == 10
    assert garden.refusal(f"/users/{RUBEN.id}/webinars")[:2] == (404, 1001)
    assert garden.refusal(f"/webinars/{COLLEAGUES_ID}")[:2] == (404, 3001)
    assert garden.refusal(f"/past_webinars/{segment(COLLEAGUES_UUID)}/participants")[:2] == (400, 3161)
    assert garden.refusal("/users")[:2] == (400, 4711)
    assert garden.refusal(f"/report/webinars/{segment(UUID)}/participants")[:2] == (400, 4711)


def test_page_lets_choose_who_comes(garden: Asker) -> None:
    """Those of the app's own account first, then those of others; nobody who has left or has not come yet."""
    options = re.findall(r'<option value="(.*?)">(.*?)</option>', unescape(page(garden).text))
    assert options[:2] == [(who.email, f"{who.name} of Southgate Gardens") for who in (AVA, RUBEN)]
    assert (MIRA.email, "Mira Okafor of Northfield University") in options
    assert {GONE.email, PENDING.email}.isdisjoint(email for email, _ in options)


@pytest.mark.parametrize(
    ("person", "account"), [(AVA, SOUTHGATE), (RUBEN, SOUTHGATE), (MIRA, NORTHFIELD), (GONE, None), (PENDING, None)]
)
def test_whoever_was_chosen_is_who_the_token_belongs_to(garden: Asker, person: Host, account: Account | None) -> None:
    """Others count as the first of the account."""
    once = told(page(garden, "allow", person=person.email))["code"][0]
    pair = redeemed(garden, code=once)
    for _ in ("first", "renewed"):
        me = garden.json("/users/me")
        expected = (person.id, account.id) if account else (AVA.id, SOUTHGATE.id)
        assert (me["id"], me["account_id"]) == expected
        pair = refreshed(garden, pair["refresh_token"])


def test_person_of_another_account_sees_that_account_with_the_apps_scopes(garden: Asker) -> None:
    redeemed(garden, code=told(page(garden, "allow", person=MIRA.email))["code"][0])
    assert garden.json("/users/me/webinars")["total_records"] > 1
    assert garden.refusal(f"/users/{AVA.id}/webinars")[:2] == (404, 1001)
    assert garden.refusal("/users")[:2] == (400, 4711)


def test_withdrawing_ends_the_tokens_of_that_person_only(garden: Asker) -> None:
    hers = redeemed(garden)
    other = redeemed(garden, code=told(page(garden, "allow", person=MIRA.email))["code"][0])
    url, auth = f"{garden.served.base_url}/oauth/revoke", (garden.account.client_id, garden.account.secret)
    form = {"token": other["access_token"]}
    assert requests.post(url, data=form, auth=auth, verify=garden.served.ca_bundle, timeout=10).status_code == 200
    assert refreshed(garden, other["refresh_token"])["error"] == "invalid_grant"
    assert "access_token" in refreshed(garden, hers["refresh_token"])
