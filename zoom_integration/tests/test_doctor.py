"""One thing at a time is broken in the stand-in's account, and the check says which, and what to do, line by line."""

from collections.abc import Iterator

import pytest
from cryptography.fernet import Fernet
from pytest_django.fixtures import Settings

from conferences import checking
from conferences.models import Connection
from conferences.models.fields import Undecryptable
from conferences.providers.base import Check, Link
from conferences.providers.fake_clock import FakeClock
from conferences.providers.sandbox import Options, Running, running
from conferences.sync import account, worker
from conferences.sync.result import result
from zoom_integration.checks import check
from zoom_integration.conf import PERSON, Credentials
from zoom_integration.sandbox import application
from zoom_integration.sandbox.service import Zoom
from zoom_integration.sandbox.world import Account
from zoom_integration.scopes import OPERATION_TOPICS

EVERYTHING = dict.fromkeys(OPERATION_TOPICS, "permitted")


@pytest.fixture
def zoom() -> Zoom:
    return application(Options(throttle=False))


@pytest.fixture(autouse=True)
def server(zoom: Zoom, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    with running(zoom) as server:
        point_at(server, settings, monkeypatch)
        yield server


def point_at(server: Running, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ZOOM_OAUTH_URL, settings.ZOOM_API_URL = f"{server.base_url}/oauth", f"{server.base_url}/v2"
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", server.ca_bundle)


@pytest.fixture
def north(zoom: Zoom) -> Account:
    return zoom.world.accounts[0]


def credentials_of(of: Account) -> Credentials:
    return Credentials(of.id, of.client_id, of.secret)


def checked(credentials: Credentials) -> dict[str, Check]:
    return {line.operation: line for line in check(credentials, Link(), FakeClock().clock)}


def states(lines: dict[str, Check]) -> dict[str, str]:
    return {name: line.state for name, line in lines.items()}


def test_nothing_is_wrong(north: Account, server: Running) -> None:
    got = checked(credentials_of(north))
    assert states(got) == EVERYTHING
    assert got["survey"].granted == got["survey"].needs == ("report:read:webinar_survey:admin",)
    assert got["attendance"].probe == (
        "Asked for the participants report of a webinar that does not exist: answered 404, so it may be asked for."
    )
    assert len(server.seen) == 4


def test_scope_was_removed(north: Account) -> None:
    north.scopes.discard("webinar:read:list_registrants:admin")
    got = checked(credentials_of(north))
    assert states(got) == {**EVERYTHING, "registrants": "blocked"}
    line = got["registrants"]
    assert (line.missing, line.granted) == (("webinar:read:list_registrants:admin",), ())
    assert line.steps == (
        "Zoom App Marketplace › Manage › your app › Scopes › Add Scopes: add webinar:read:list_registrants:admin. An "
        "older app with classic scopes needs webinar:read:admin instead.",
        "The webinar scopes stand under the product Meetings. Whoever may edit the app can add them.",
        "A person who connected the account (General app) has to connect it again.",
        "Then sync again: a token that was issued before does not have them.",
    )


def test_app_was_deactivated(north: Account, server: Running) -> None:
    north.app_enabled = False
    got = checked(credentials_of(north))
    assert {(line.state, line.code) for line in got.values()} == {("failed", "app_deactivated")}
    assert got["chat"].steps == (
        "Zoom App Marketplace › Manage › your app › Activation: activate the app. If that is refused, its owner has "
        "left or lost their role.",
    )
    assert len(server.seen) == 1


def test_secret_is_wrong(north: Account) -> None:
    got = checked(Credentials(north.id, north.client_id, "mistyped-secret-0123456789"))
    assert {(line.state, line.code) for line in got.values()} == {("failed", "wrong_secret")}


def test_general_app_is_taken_for_one_of_the_account(zoom: Zoom) -> None:
    general = next(each for each in zoom.world.accounts if each.is_general)
    got = checked(credentials_of(general))
    assert {(line.state, line.code) for line in got.values()} == {("failed", "wrong_app_type")}
    assert got["chat"].steps[0].startswith("The app must be of the type Server-to-Server OAuth.")


@pytest.mark.parametrize("fault", ["503:/v2/", "429:/v2/:retry-after=86400", "503:/oauth/token"])
def test_zoom_in_trouble_is_told_as_such_and_never_as_permitted(
    zoom: Zoom, north: Account, settings: Settings, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    with running(zoom, faults=[fault]) as server:
        point_at(server, settings, monkeypatch)
        got = checked(credentials_of(north))
    assert {(line.state, line.message.startswith("This could not be checked. ")) for line in got.values()} == {
        ("unknown", True)
    }


@pytest.fixture
def connection(transactional_db: None, north: Account) -> Connection:
    return stored(account_id=north.id, client_id=north.client_id, client_secret=north.secret)


def stored(**credentials: str) -> Connection:
    pk = Connection.objects.create(provider="zoom", name="North", credentials=credentials).pk
    return Connection.objects.get(pk=pk)


def test_nobody_has_connected_it_yet(db: None, zoom: Zoom, server: Running) -> None:
    general = next(each for each in zoom.world.accounts if each.is_general)
    app = {"client_id": general.client_id, "client_secret": general.secret}
    lines = checking.check(stored(sign_in=PERSON, **app))
    assert {(line.state, line.code, line.message) for line in lines} == {
        ("failed", "reconnect_needed", "Nobody has connected this account with Zoom yet.")
    }
    assert len(server.seen) == 0


def test_secrets_cannot_be_read(connection: Connection, settings: Settings, server: Running) -> None:
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(Undecryptable):
        checking.check(Connection.objects.get(pk=connection.pk))
    assert len(server.seen) == 0


def test_first_sync_of_an_account_says_why_it_cannot_sign_in(north: Account, connection: Connection) -> None:
    north.app_enabled = False
    run = account.request(connection, via="command", ring=False)
    worker.work(run.pk)
    run.refresh_from_db()
    told = [event["text"] for event in result(run)["events"]]
    assert run.state == "failed"
    assert told[1] == (
        "Checked what the connection may do: The connection's app is deactivated in Zoom. An admin must activate it "
        "again."
    )
    connection.refresh_from_db()
    assert connection.check_cause == f"before the first sync, in run {run.pk}"
