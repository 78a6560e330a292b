"""Connecting an account in one's own name, from the button to the page that says what it may do."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.fernet import Fernet
from django.contrib.auth.models import User
from django.contrib.messages import get_messages
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from conferences import authorizing
from conferences.models import Authorization, AuthorizationRequest, Connection, SyncRun
from conferences.providers.authorization import Granted
from conferences.providers.base import Link
from conferences.providers.errors import Rejected, Unreachable
from conferences.sync.authorization import keep
from conferences.tests.campus_integration.apps import CampusConfig
from conferences.tests.campus_integration.gate import CANARY, Gate
from conferences.tests.gated import gated_connection, keeper, plug_in

pytestmark = pytest.mark.django_db(transaction=True)
BACK = "http://testserver/connections/connected/"
AGAIN = "To connect the account, open its page and click the button there once more."


@pytest.fixture(autouse=True)
def gate(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Gate:
    return plug_in(settings, monkeypatch)


@pytest.fixture
def connection(gate: Gate, transactional_db: None) -> Connection:
    return gated_connection()


@pytest.fixture
def ada(transactional_db: None) -> User:
    return keeper()


@pytest.fixture
def client(ada: User) -> Client:
    return signed_in(ada)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def act(client: Client, connection: Connection, what: str = "connect") -> str:
    """Presses a button of the connection's page. Returns where that leads."""
    response = client.post(f"{connection.get_absolute_url()}{what}/")
    assert response.status_code == 302
    return str(response.headers["location"])


def said(client: Client, address: str) -> tuple[str, list[tuple[str, str]]]:
    """Where the address leads, and what the next page tells."""
    response = client.get(address)
    return response.headers["location"], told(response)


def told(response: object) -> list[tuple[str, str]]:
    return [(each.level_tag, str(each)) for each in get_messages(response.wsgi_request)]  # type: ignore[attr-defined]


def connect(client: Client, connection: Connection, gate: Gate) -> None:
    client.get(gate.allow(act(client, connection)))


def test_button_sends_the_person_to_the_provider(client: Client, connection: Connection, gate: Gate) -> None:
    url = urlsplit(act(client, connection))
    asked = {name: values[0] for name, values in parse_qs(url.query).items()}
    assert f"{url.scheme}://{url.netloc}{url.path}" == gate.url
    assert (asked.keys(), asked["redirect_uri"]) == ({"redirect_uri", "state", "challenge"}, BACK)
    assert (len(asked["state"]), len(asked["challenge"])) == (43, 43)


def test_neither_state_nor_verifier_can_be_read_from_the_table(client: Client, connection: Connection) -> None:
    state = parse_qs(urlsplit(act(client, connection)).query)["state"][0]
    (row,) = AuthorizationRequest.objects.values()
    assert state not in str(row)
    assert (len(row["state_digest"]), len(row["session_digest"]), str(row["verifier"])) == (
        64,
        64,
        "<Secrets: sealed>",
    )


def test_person_comes_back_and_sees_what_is_permitted(client: Client, connection: Connection, gate: Gate) -> None:
    """What is missing is shown before the first sync."""
    gate.scopes = ("doors", "walls")
    location, messages = said(client, gate.allow(act(client, connection)))
    assert (location, messages) == (connection.get_absolute_url(), [("success", "Connected with Campus.")])
    page = client.get(location)
    shown = [(line.label, line.check["state"], line.check["missing"]) for line in page.context["standing"].lines]
    assert shown == [
        ("Attendance", "permitted", []),
        ("Recordings", "blocked", ["cameras"]),
        ("Chat", "permitted", []),
        ("Files", "blocked", ["shelves"]),
        ("Polls", "blocked", ["hands"]),
    ]
    assert "Missing: cameras" in page.text
    assert SyncRun.objects.count() == 0


def test_what_was_allowed_is_stored_with_who_and_what(
    client: Client, connection: Connection, gate: Gate, ada: User
) -> None:
    before = timezone.now()
    connect(client, connection, gate)
    row = Authorization.objects.get()
    assert (row.connection, row.connected_by, tuple(row.scopes), row.is_live) == (connection, ada, gate.scopes, True)
    assert row.tokens.reveal() == gate.pair
    assert before <= row.connected_at == row.renewed_at
    assert AuthorizationRequest.objects.count() == 0


def test_connecting_again_replaces_what_has_ended(client: Client, connection: Connection, gate: Gate) -> None:
    connect(client, connection, gate)
    Authorization.objects.update(ended_at=timezone.now(), ended_reason="The keeper has left.")
    assert "Reconnect needed" in client.get(connection.get_absolute_url()).text
    connect(client, connection, gate)
    row = Authorization.objects.get()
    assert (row.is_live, row.ended_reason, row.tokens.reveal()) == (True, "", gate.pair)


def refused(client: Client, address: str) -> str:
    """The page that says why somebody is not connected."""
    response = client.get(address)
    assert (response.status_code, response.templates[0].name) == (400, "connections/not_connected.html")
    assert (Authorization.objects.count(), "Nothing has been changed." in response.text) == (0, True)
    return str(response.context["why"])


def test_way_back_works_once(client: Client, connection: Connection, gate: Gate) -> None:
    back = gate.allow(act(client, connection))
    client.get(back)
    Authorization.objects.all().delete()
    assert (
        refused(client, back)
        == "This way back has been used already, has expired, or was never given out by this site."
    )


@pytest.mark.parametrize("query", ["", "?code=c", "?code=c&state=", "?code=c&state=wrong", "?state=%00&code=%00"])
def test_way_back_without_a_state_of_ours(query: str, client: Client, connection: Connection) -> None:
    act(client, connection)
    assert refused(client, f"{BACK}{query}").startswith("This way back has been used already")
    assert AuthorizationRequest.objects.count() == 1


def test_way_back_of_another_session(client: Client, connection: Connection, gate: Gate, ada: User) -> None:
    back = gate.allow(act(client, connection))
    assert refused(signed_in(ada), back).startswith("This was begun by somebody else")
    assert said(client, back)[1] == [("success", "Connected with Campus.")]


def test_way_back_of_another_person(client: Client, connection: Connection, gate: Gate) -> None:
    assert refused(signed_in(keeper("ben")), gate.allow(act(client, connection))).startswith(
        "This was begun by somebody"
    )


def test_way_back_signed_out_leaves_no_code_in_the_address_of_the_sign_in(
    client: Client, connection: Connection, gate: Gate
) -> None:
    assert refused(Client(), gate.allow(act(client, connection))).startswith("This was begun by somebody else")


def test_way_back_after_ten_minutes(client: Client, connection: Connection, gate: Gate) -> None:
    back = gate.allow(act(client, connection))
    AuthorizationRequest.objects.update(created_at=timezone.now() - timedelta(minutes=10, seconds=1))
    assert refused(client, back) == "This took longer than 10 minutes, so it has expired."
    assert gate.codes


def test_expired_requests_are_swept_away(client: Client, connection: Connection) -> None:
    act(client, connection)
    AuthorizationRequest.objects.update(created_at=timezone.now() - timedelta(minutes=11))
    act(client, connection)
    assert AuthorizationRequest.objects.count() == 1


def test_of_two_that_come_back_at_once_one_is_let_in(
    client: Client, connection: Connection, monkeypatch: pytest.MonkeyPatch, ada: User
) -> None:
    state = parse_qs(urlsplit(act(client, connection)).query)["state"][0]
    session_key = str(client.session.session_key)
    look = authorizing._digest

    def claim() -> None:
        authorizing.claim(state, ada.pk, session_key)

    def meanwhile(text: str) -> str:
        """The other one claims it between this one's look and its deletion."""
        if text == session_key:
            monkeypatch.setattr(authorizing, "_digest", look)
            claim()
        return look(text)

    monkeypatch.setattr(authorizing, "_digest", meanwhile)
    with pytest.raises(authorizing.CannotConnect, match="used already"):
        claim()


def test_person_who_does_not_allow_it(client: Client, connection: Connection, gate: Gate) -> None:
    location, messages = said(client, gate.deny(act(client, connection)))
    sentence = (
        "Campus says that access was not allowed. Nothing has been changed. Connect again when you want to allow it."
    )
    assert (location, messages) == (connection.get_absolute_url(), [("warning", sentence)])
    assert (Authorization.objects.count(), AuthorizationRequest.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("error", "named"), [("invalid_scope", " (invalid_scope)"), ("<b>call 0900</b>", ""), ("", "")]
)
def test_other_error_of_the_provider(
    error: str, named: str, client: Client, connection: Connection, gate: Gate
) -> None:
    address = gate.deny(act(client, connection)).replace("error=access_denied", f"error={error}")
    ((level, sentence),) = said(client, address)[1]
    assert (level, sentence.split(". ")[0]) == ("warning", f"Campus did not let us connect{named}")


def test_code_that_cannot_be_redeemed_keeps_what_was_allowed_before(
    client: Client, connection: Connection, gate: Gate
) -> None:
    connect(client, connection, gate)
    before = Authorization.objects.values().get()
    address = gate.allow(act(client, connection))
    gate.trouble = Rejected("The campus does not know this code.", advice="Try again.")
    assert said(client, address)[1][1:] == [
        ("error", "The campus does not know this code. Try again. Nothing has been changed.")
    ]
    after = Authorization.objects.values().get()
    assert {name: value for name, value in after.items() if name != "tokens"} == {
        name: value for name, value in before.items() if name != "tokens"
    }
    assert Authorization.objects.get().tokens.reveal() == gate.pair


def test_code_is_not_redeemed_with_another_verifier(client: Client, connection: Connection, gate: Gate) -> None:
    """PKCE: a code that somebody else got hold of is worth nothing without the verifier."""
    stolen = parse_qs(urlsplit(gate.allow(act(client, connection))).query)["code"][0]
    own = parse_qs(urlsplit(act(client, connection)).query)["state"][0]
    ((level, sentence),) = said(client, f"{BACK}?code={stolen}&state={own}")[1]
    assert (level, sentence) == ("error", "The campus does not know this code. Nothing has been changed.")


def test_provider_that_does_not_answer_holds_nobody_up(
    client: Client, connection: Connection, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hang(self: CampusConfig, credentials: object, *, link: Link, **_: object) -> Granted:
        link.stop.wait(60)
        raise Unreachable("Stopped.")

    monkeypatch.setattr(CampusConfig, "redeem", hang)
    monkeypatch.setattr(authorizing, "REDEEMING_SECONDS", 0.05)
    assert said(client, gate.allow(act(client, connection)))[1] == [
        ("error", "Campus did not answer in time. Nothing has been changed.")
    ]


def test_connection_that_signs_in_by_itself_has_nothing_to_connect(client: Client, gate: Gate) -> None:
    plain = Connection.objects.create(provider="campus", name="Plain", credentials={"script": "quick", "key": "k"})
    response = client.post(f"{plain.get_absolute_url()}connect/")
    assert (response.headers["location"], told(response)) == (
        plain.get_absolute_url(),
        [("error", "“Plain” signs in by itself: there is nothing to connect.")],
    )
    assert "Connect Campus" not in client.get(plain.get_absolute_url()).text


def test_lost_key_is_a_sentence(client: Client, connection: Connection, settings: Settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    responses = [client.post(f"{connection.get_absolute_url()}{what}/") for what in ("connect", "check")]
    assert [told(response)[0][1][:44] for response in responses] == [
        "The stored credentials cannot be decrypted. ",
        "The stored credentials cannot be decrypted. ",
    ]


@pytest.mark.parametrize("what", ["connect", "disconnect"])
def test_buttons_need_a_post_and_the_forms_token(what: str, connection: Connection, ada: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ada, backend="django.contrib.auth.backends.ModelBackend")
    address = f"{connection.get_absolute_url()}{what}/"
    assert (strict.get(address).status_code, strict.post(address).status_code) == (405, 403)


def test_disconnecting_tells_the_provider_and_forgets_the_tokens(
    client: Client, connection: Connection, gate: Gate
) -> None:
    connect(client, connection, gate)
    response = client.post(f"{connection.get_absolute_url()}disconnect/")
    assert told(response)[-1] == (
        "success",
        "Disconnected. Campus was told, and nothing that opens the account is kept.",
    )
    assert (gate.revoked, Authorization.objects.count()) == ([gate.pair], 0)


def test_disconnecting_forgets_the_tokens_though_the_provider_refuses(
    client: Client, connection: Connection, gate: Gate
) -> None:
    connect(client, connection, gate)
    gate.trouble = Unreachable("The campus does not answer.")
    ((level, sentence),) = told(client.post(f"{connection.get_absolute_url()}disconnect/"))[-1:]
    assert (level, sentence) == (
        "warning",
        "Disconnected: nothing that opens the account is kept here any more. But Campus may still honour what it "
        "gave us: The campus does not answer. To be sure, remove the app in the settings of the account at Campus.",
    )
    assert (gate.revoked, Authorization.objects.count()) == ([], 0)


def test_page_lets_its_form_end_at_the_provider_and_nowhere_else(
    client: Client, connection: Connection, gate: Gate
) -> None:
    """A browser holds a form to the page's policy through every redirect."""
    plain = Connection.objects.create(provider="campus", name="Plain", credentials={"script": "quick", "key": "k"})
    allowed = "'self' https://gate.campus.example.org https://*.gate.campus.example.org"
    assert (form_action(client, connection), form_action(client, plain)) == (allowed, "'self'")
    gate.url = "https://127.0.0.1:8443/allow"
    assert form_action(client, connection) == "'self' https://127.0.0.1:8443"


def form_action(client: Client, connection: Connection) -> str:
    policy = client.get(connection.get_absolute_url()).headers["content-security-policy"]
    return dict(part.split(" ", 1) for part in policy.split("; "))["form-action"]


def test_redirect_address_is_that_of_the_setting(
    client: Client, connection: Connection, settings: Settings, gate: Gate
) -> None:
    settings.PUBLIC_URL = "https://lms.example.org"
    shown = "<code>https://lms.example.org/connections/connected/</code>"
    assert shown in client.get(connection.get_absolute_url()).text
    asked = parse_qs(urlsplit(act(client, connection)).query)
    assert asked["redirect_uri"] == ["https://lms.example.org/connections/connected/"]


def test_no_token_is_readable_anywhere(
    client: Client, connection: Connection, gate: Gate, caplog: pytest.LogCaptureFixture, capsys: Callable[..., object]
) -> None:
    """Promise: no secret or token ever appears in output, logs, rows or pages, also when something fails."""
    address = gate.allow(act(client, connection))
    code = parse_qs(urlsplit(address).query)["code"][0]
    gate.trouble = Rejected(f"The campus does not know {code}.", advice=f"Forget {code}.", detail=code)
    pages = [client.get(address, follow=True)]
    pages.append(client.get(gate.allow(act(client, connection)), follow=True))
    admin = f"/admin/conferences/connection/{connection.pk}"
    pages += [client.get(each) for each in ("/connections/", f"{admin}/change/", f"{admin}/delete/")]
    pages.append(client.post(f"{connection.get_absolute_url()}check/", follow=True))
    gate.trouble = Unreachable(f"{gate.pair['refresh_token']} was not heard.")
    pages.append(client.post(f"{connection.get_absolute_url()}disconnect/", follow=True))
    keep(connection, Granted(gate.pair), keeper("ben"))
    call_command("dumpdata", "conferences")
    rows = list(Authorization.objects.extra(select={"cipher": "tokens"}).values_list("cipher", flat=True))
    texts = [*(page.text for page in pages), *rows, caplog.text, *capsys.readouterr()]  # type: ignore[attr-defined]
    assert [page.status_code for page in pages] == [200] * len(pages)
    assert [CANARY in text for text in texts] == [False] * len(texts)
