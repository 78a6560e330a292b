"""The whole way of a person's permission against the stand-in, over TLS: page, code, tokens, sync, renewal, end."""

import base64
import hashlib
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from pytest_django.fixtures import Settings

from conferences.providers import registry
from conferences.providers.base import Link, ProviderConfig, Target
from conferences.providers.errors import CredentialsRefused, ReconnectNeeded
from conferences.providers.records import AttendanceRecord, Problem, Record
from conferences.providers.sandbox import Options, Running, running
from conferences.providers.window import Window
from zoom_integration.checks import check
from zoom_integration.client import ZoomClient
from zoom_integration.conf import Credentials
from zoom_integration.permission import Permission
from zoom_integration.sandbox import application
from zoom_integration.sandbox.demo import demo
from zoom_integration.sandbox.stories import garden_talks
from zoom_integration.sandbox.stories.cast import AVA
from zoom_integration.tests.person import Row

BACK = "http://127.0.0.1:8000/connections/connected/"
VERIFIER = "a-verifier-of-forty-three-characters-or-more-1"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
STORED = next(each["credentials"] for each in demo()["connections"] if "sign_in" in each["credentials"])
WINDOW = Window(garden_talks.STARTS_AT, garden_talks.ENDS_AT)
TARGET = Target(garden_talks.UUID, garden_talks.TOPIC, "", "", WINDOW, {"kind": "webinar"})


@pytest.fixture
def config() -> ProviderConfig:
    return registry.provider("zoom")


@pytest.fixture
def zoom(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    with running(application(Options(throttle=False))) as server:
        settings.ZOOM_OAUTH_URL = f"{server.base_url}/oauth"
        settings.ZOOM_API_URL = f"{server.base_url}/v2"
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", server.ca_bundle)
        yield server


def code(zoom: Running, config: ProviderConfig) -> str:
    """What the browser comes back with."""
    url = config.authorization_url(STORED, redirect_uri=BACK, state="s", challenge=CHALLENGE)
    answer = requests.post(url, data={"answer": "allow"}, verify=zoom.ca_bundle, timeout=10, allow_redirects=False)
    return parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]


def redeem(config: ProviderConfig, once: str, redirect_uri: str = BACK) -> Row:
    granted = config.redeem(STORED, code=once, verifier=VERIFIER, redirect_uri=redirect_uri, link=Link())
    return Row(granted.tokens)


@pytest.fixture
def row(zoom: Running, config: ProviderConfig) -> Row:
    return redeem(config, code(zoom, config))


def switch(zoom: Running, name: str, **body: object) -> None:
    answer = requests.post(f"{zoom.base_url}/_sandbox/{name}", json=body, verify=zoom.ca_bundle, timeout=10)
    assert answer.status_code == 204


def attendance(config: ProviderConfig, row: Row) -> list[Record]:
    with config.open(STORED, TARGET, Link(authorization=row)) as session:
        return list(session.fetch("attendance"))


def test_permission_opens_a_sync_without_reports(config: ProviderConfig, row: Row) -> None:
    people = [each for each in attendance(config, row) if isinstance(each, AttendanceRecord)]
    assert len(people) == 1 + len(garden_talks.CLASS)
    assert {each.source for each in people} == {"past_participants"}


def test_client_knows_who_connected(row: Row) -> None:
    client = ZoomClient(Credentials.from_mapping(STORED), Link(authorization=row))
    assert client.user("me")["email"] == AVA.email
    assert client.scopes() == Permission.kept(row.tokens).scopes
    client.close()


def test_check_permits_all_but_the_survey(row: Row) -> None:
    got = {line.operation: line.state for line in check(STORED, Link(authorization=row))}
    assert {name for name, state in got.items() if state != "permitted"} == {"survey"}


def test_revoked_access_token_is_renewed_in_mid_run(zoom: Running, config: ProviderConfig, row: Row) -> None:
    before = attendance(config, row)
    switch(zoom, "revoke-tokens")
    assert attendance(config, row) == before
    assert row.renewals == 1


def test_short_tokens_are_renewed_as_they_end(zoom: Running, config: ProviderConfig) -> None:
    switch(zoom, "token-life", seconds=0)
    row = redeem(config, code(zoom, config))
    switch(zoom, "token-life", seconds=3600)
    attendance(config, row)
    assert row.renewals == 1


def test_permission_that_is_ended_in_mid_run_asks_to_reconnect(zoom: Running, config: ProviderConfig, row: Row) -> None:
    switch(zoom, "end-permissions")
    for _ in range(2):
        with pytest.raises(ReconnectNeeded) as caught:
            attendance(config, row)
    assert (caught.value.code, row.ended) == ("reconnect_needed", True)
    assert [seen.status for seen in zoom.seen if seen.url.endswith("/oauth/token")] == [200, 400]


def test_lost_answer_means_that_somebody_connects_again(zoom: Running, config: ProviderConfig, row: Row) -> None:
    """Zoom has taken the refresh token, and its answer never came: the next run learns the end."""
    switch(zoom, "revoke-tokens")
    switch(zoom, "fault", spec="truncate:/oauth/token:1")
    told = attendance(config, row)
    assert {each.error.code for each in told if isinstance(each, Problem)} == {"renewal_lost"}
    assert not any(isinstance(each, AttendanceRecord) for each in told)
    assert not row.ended
    with pytest.raises(ReconnectNeeded):
        attendance(config, row)
    assert row.ended


@pytest.mark.parametrize("again", ["code", "redirect"])
def test_code_that_does_not_fit_is_explained(zoom: Running, config: ProviderConfig, again: str) -> None:
    once = code(zoom, config)
    if again == "code":
        redeem(config, once)
    with pytest.raises(CredentialsRefused) as caught:
        redeem(config, once, BACK if again == "code" else "https://elsewhere.example.org/")
    assert caught.value.code == {"code": "code_refused", "redirect": "redirect_mismatch"}[again]


def test_withdrawing_ends_it_at_zoom(config: ProviderConfig, row: Row) -> None:
    config.revoke(STORED, row.tokens, Link())
    with pytest.raises(ReconnectNeeded):
        attendance(config, row)
    config.revoke(STORED, row.tokens, Link())
