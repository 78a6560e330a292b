"""The demonstration's account that a person has to connect: from the site's button through Zoom's page to a sync."""

from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
import requests
from django.contrib.auth.models import User
from django.contrib.messages import get_messages
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django.fixtures import Settings

from conferences import demo
from conferences.models import Authorization, Conference, Connection, SyncStep
from conferences.providers.sandbox import Options, Running, running
from zoom_integration.sandbox import application
from zoom_integration.sandbox.demo import demo as zoom_demo
from zoom_integration.sandbox.stories import garden_talks
from zoom_integration.sandbox.stories.cast import AVA, MIRA, NORTHFIELD, RUBEN, SOUTHGATE
from zoom_integration.sandbox.world import Host

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def zoom(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    with running(application(Options(throttle=False))) as server:
        settings.ZOOM_OAUTH_URL = f"{server.base_url}/oauth"
        settings.ZOOM_API_URL = f"{server.base_url}/v2"
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", server.ca_bundle)
        yield server


@pytest.fixture
def client(zoom: Running, transactional_db: None) -> Client:
    demo.seed("open sesame", [demo.told("zoom", zoom_demo())])
    client = Client()
    client.force_login(User.objects.get(username="admin"), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def southgate(client: Client) -> Connection:
    return Connection.objects.get(name="Southgate on Zoom (connect it)")


def connect(client: Client, connection: Connection, zoom: Running, answer: str = "allow", who: Host = AVA) -> list[str]:
    """What the next page tells."""
    page = client.post(f"{connection.get_absolute_url()}connect/").headers["location"]
    data = {"answer": answer, "person": who.email}
    back = requests.post(page, data=data, verify=zoom.ca_bundle, timeout=10, allow_redirects=False)
    returned = urlsplit(back.headers["location"])
    assert returned.netloc == "testserver"
    response = client.get(f"{returned.path}?{returned.query}")
    assert response.headers["location"] == connection.get_absolute_url()
    return [str(message) for message in get_messages(response.wsgi_request)]


def switch(zoom: Running, name: str, **body: object) -> None:
    url = f"{zoom.base_url}/_sandbox/{name}"
    assert requests.post(url, json=body, verify=zoom.ca_bundle, timeout=10).status_code == 204


def synced() -> SyncStep:
    """The latest attendance step of the talk."""
    conference = Conference.objects.get(title=garden_talks.PLAN.title)
    with suppress(CommandError, SystemExit):
        call_command("sync_conference", conference.pk, "--only", "attendance")
    return SyncStep.objects.filter(item__conference=conference, operation="attendance").latest("pk")


def outcome(step: SyncStep) -> tuple[str, str]:
    return step.outcome, step.code


def test_account_is_connected_and_synced(client: Client, southgate: Connection, zoom: Running) -> None:
    connect(client, southgate, zoom)
    southgate.refresh_from_db()
    assert {line["operation"] for line in southgate.checks if line["state"] != "permitted"} == {"survey"}
    assert outcome(synced()) == ("synced", "synced")
    names = Conference.objects.get(title=garden_talks.PLAN.title).participants.values_list("name", flat=True)
    assert {who.name for who in garden_talks.CLASS} <= set(names)


def test_refused_access_token_is_renewed_in_the_row(client: Client, southgate: Connection, zoom: Running) -> None:
    connect(client, southgate, zoom)
    before = Authorization.objects.get().tokens.reveal()
    switch(zoom, "revoke-tokens")
    assert outcome(synced())[0] == "synced"
    after = Authorization.objects.get().tokens.reveal()
    assert {key for key in before if before[key] != after[key]} >= {"access_token", "refresh_token", "expires_at"}


def test_ended_permission_stops_syncs_until_somebody_connects_again(
    client: Client, southgate: Connection, zoom: Running
) -> None:
    connect(client, southgate, zoom)
    switch(zoom, "end-permissions")
    for _ in range(2):
        assert outcome(synced()) == ("failed", "reconnect_needed")
    assert not Authorization.objects.get().is_live
    connect(client, southgate, zoom)
    assert outcome(synced())[0] == "synced"


def test_person_of_another_account_is_refused_and_zoom_takes_it_back(
    client: Client, southgate: Connection, zoom: Running
) -> None:
    connect(client, southgate, zoom)
    before = Authorization.objects.values().get()
    told = connect(client, southgate, zoom, who=MIRA)[-1]
    assert told == (
        f"“{southgate.name}” is of the Zoom account {SOUTHGATE.id}, but {MIRA.email} allowed access to the account "
        f"{NORTHFIELD.id}: sign in at Zoom with the right account and connect again, or add a connection of its own "
        "for the other one. Nothing has been changed."
    )
    assert [seen.status for seen in zoom.seen if seen.url.endswith("/oauth/revoke")] == [200]
    assert {**before, "tokens": None} == {**Authorization.objects.values().get(), "tokens": None}
    assert outcome(synced())[0] == "synced"


def test_colleague_of_the_same_account_may_connect_it_again(
    client: Client, southgate: Connection, zoom: Running
) -> None:
    connect(client, southgate, zoom)
    assert connect(client, southgate, zoom, who=RUBEN)[-1] == (
        f"Connected with Zoom as {RUBEN.email}, in place of {AVA.email}."
    )
    southgate.refresh_from_db()
    assert (southgate.account, Authorization.objects.get().person) == (SOUTHGATE.id, RUBEN.email)


def test_app_without_the_scope_is_connected_and_nothing_is_compared(
    client: Client, southgate: Connection, zoom: Running
) -> None:
    switch(zoom, "scopes", scopes=["webinar:read:list_webinars"])
    assert connect(client, southgate, zoom, who=MIRA) == ["Connected with Zoom."]
    southgate.refresh_from_db()
    assert (southgate.account, Authorization.objects.get().person) == ("", "")


def test_denying_stores_nothing(client: Client, southgate: Connection, zoom: Running) -> None:
    connect(client, southgate, zoom, "deny")
    assert not Authorization.objects.exists()
    assert outcome(synced()) == ("failed", "reconnect_needed")


def test_wrong_client_secret_is_told_on_the_page(client: Client, southgate: Connection, zoom: Running) -> None:
    southgate.credentials = {**southgate.credentials.reveal(), "client_secret": "sandbox-zoom-mistyped"}  # type: ignore[assignment]
    southgate.save()
    connect(client, southgate, zoom)
    assert not Authorization.objects.exists()
    page = client.get(southgate.get_absolute_url()).text
    assert "Zoom refused the connection&#x27;s client ID or client secret." in page
    assert "sandbox-zoom-mistyped" not in page


def test_misconfigured_sign_in_is_told_on_the_page(client: Client, southgate: Connection, settings: Settings) -> None:
    settings.ZOOM_OAUTH_URL = "zoom.us/oauth"
    answer = client.post(f"{southgate.get_absolute_url()}connect/")
    assert answer.headers["location"] == southgate.get_absolute_url()
    assert "is not set up correctly" in client.get(southgate.get_absolute_url()).text
