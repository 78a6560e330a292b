from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from conferences.models import Connection, SyncRun
from conferences.providers.base import Check, Link
from conferences.sync import account
from conferences.tests.admin.pages import errors, told
from conferences.tests.campus_integration.apps import CampusConfig

ADD = "/admin/conferences/connection/add/"
CAMPUS = f"{ADD}?provider=campus"
CANARY = "canary-key"


def change(connection: Connection) -> str:
    return reverse("admin:conferences_connection_change", args=[connection.pk])


def typed(**changes: str) -> dict[str, str]:
    return {"name": "Main campus", "credential_script": "quick", "credential_key": CANARY, **changes}


def test_adding_begins_with_the_provider(client: Client) -> None:
    page = client.get(ADD)
    assert [config.slug for config in page.context["providers"]] == ["campus", "teams", "zoom"]
    assert '<a href="?provider=campus">Campus</a>' in page.content.decode()


def test_adding_with_one_provider_has_nothing_to_choose(client: Client, settings: Settings) -> None:
    others = ("campus", "zoom")
    settings.INSTALLED_APPS = [name for name in settings.INSTALLED_APPS if not any(other in name for other in others)]
    assert client.get(ADD).headers["location"] == "?provider=teams"


def test_form_has_the_fields_that_the_provider_declares(client: Client) -> None:
    form = client.get(CAMPUS).context["adminform"].form
    assert {name: field.widget.input_type for name, field in form.fields.items()} == {
        "name": "text",
        "secret_expires_on": "text",
        "credential_script": "text",
        "credential_key": "password",
    }


def test_connection_is_stored(client: Client) -> None:
    assert client.post(CAMPUS, typed()).status_code == 302
    stored = Connection.objects.get()
    assert (stored.provider, stored.name) == ("campus", "Main campus")
    assert stored.credentials.reveal() == {"script": "quick", "key": CANARY}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"credential_key": f"{CANARY} "},
            {"credential_key": ["key (Key) contains a space. Copy it again, without anything before or after it."]},
        ),
        (
            {"credential_script": "\tquick"},
            {
                "credential_script": [
                    "script (Script) contains a space. Copy it again, without anything before or after it."
                ]
            },
        ),
        ({"credential_key": ""}, {"credential_key": ["This field is required."]}),
        ({"name": "x" * 121}, {"name": ["Ensure this value has at most 120 characters (it has 121)."]}),
        ({"name": "Main\x00"}, {"name": ["Null characters are not allowed."]}),
    ],
)
def test_bad_input_gets_one_sentence_and_stores_nothing(
    client: Client, changes: dict[str, str], expected: dict[str, list[str]]
) -> None:
    page = client.post(CAMPUS, typed(**changes))
    assert errors(page) == expected
    assert (Connection.objects.count(), CANARY in page.content.decode()) == (0, False)


@pytest.mark.parametrize("tenant", ["common", "../../x"])
def test_tenant_that_can_be_none_is_told_beside_its_field(client: Client, tenant: str) -> None:
    fields = {"credential_tenant_id": tenant, "credential_client_id": "c", "credential_client_secret": CANARY}
    told_of = errors(client.post(f"{ADD}?provider=teams", {"name": "Main campus", **fields}))
    assert [(field, len(sentences)) for field, sentences in told_of.items()] == [("credential_tenant_id", 1)]
    assert Connection.objects.count() == 0


def test_same_name_twice(client: Client, connection: Connection) -> None:
    page = client.post(CAMPUS, typed())
    assert errors(page) == {"name": [f"Campus already has a connection “Main campus” (ID {connection.pk})."]}
    assert Connection.objects.count() == 1


def test_secret_is_on_no_page(client: Client, connection: Connection) -> None:
    """Secrets are write-only, also when the form comes back with an error."""
    history = reverse("admin:conferences_connection_history", args=[connection.pk])
    delete = reverse("admin:conferences_connection_delete", args=[connection.pk])
    client.post(change(connection), typed(credential_key="canary-key-2"))
    pages = [client.get(address) for address in (change(connection), history, delete, "/admin/conferences/connection/")]
    pages.append(client.post(change(connection), typed(name="", credential_key="canary-key-3")))
    pages.append(client.get("/admin/conferences/connection/", {"q": "canary"}))
    assert [page.status_code for page in pages] == [200] * 6
    assert [CANARY in page.content.decode() for page in pages] == [False] * 6


def test_stored_secret_is_kept_when_its_field_is_empty(client: Client, connection: Connection) -> None:
    form = client.get(change(connection)).context["adminform"].form
    assert form["credential_script"].value() == "quick"
    assert client.post(change(connection), typed(name="Renamed", credential_key="")).status_code == 302
    connection.refresh_from_db()
    assert (connection.name, connection.credentials.reveal()) == ("Renamed", {"script": "quick", "key": CANARY})


def test_stored_secret_is_replaced(client: Client, connection: Connection) -> None:
    client.post(change(connection), typed(credential_key="other"))
    connection.refresh_from_db()
    assert connection.credentials.reveal()["key"] == "other"


def test_provider_of_a_stored_connection_cannot_be_changed(client: Client, connection: Connection) -> None:
    client.post(f"{change(connection)}?provider=teams", typed(provider="teams"))
    connection.refresh_from_db()
    assert connection.provider == "campus"


def test_lost_key_asks_for_the_credentials_again(client: Client, connection: Connection, settings: Settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    page = client.get(change(connection))
    assert "The stored credentials cannot be decrypted." in page.content.decode()
    assert errors(client.post(change(connection), typed(credential_key=""))) == {
        "credential_key": ["This field is required."]
    }
    client.post(change(connection), typed(credential_key="new-key"))
    connection.refresh_from_db()
    assert connection.credentials.reveal()["key"] == "new-key"


def test_connection_of_a_removed_provider_can_still_be_seen_and_renamed(client: Client, connection: Connection) -> None:
    Connection.objects.update(provider="gone")
    assert "gone (not installed)" in client.get(change(connection)).content.decode()
    assert client.post(change(connection), {"name": "Old campus"}).status_code == 302
    connection.refresh_from_db()
    assert (connection.name, connection.credentials.reveal()["key"]) == ("Old campus", CANARY)


@pytest.fixture
def onlooker(db: None) -> Client:
    user = User.objects.create_user("onlooker", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_connection"))
    client = Client()
    client.force_login(user)
    return client


def test_onlooker_sees_no_credential_at_all(onlooker: Client, connection: Connection) -> None:
    page = onlooker.get(change(connection))
    assert (page.status_code, "credential" in page.content.decode().lower()) == (200, False)
    assert onlooker.post(change(connection), typed(name="Mine")).status_code == 403
    assert onlooker.get(CAMPUS).status_code == 403


def test_onlooker_cannot_check(onlooker: Client, connection: Connection) -> None:
    assert onlooker.post(f"/admin/conferences/connection/{connection.pk}/check/").status_code == 403


def check_url(connection: Connection) -> str:
    return reverse("admin:conferences_connection_check", args=[connection.pk])


def refusing(self: CampusConfig, credentials: Mapping[str, Any], link: Link) -> Iterator[Check]:
    yield Check("attendance", "permitted", "Attendance may be read.")
    yield Check("chat", "blocked", "Chat may not be read.", ("walls",), "Grant <walls>.")
    yield Check("files", "failed", "The campus is closed.")


def test_check_button_tells_and_stores_every_line(
    client: Client, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CampusConfig, "check", refusing)
    response = client.post(check_url(connection))
    assert response.headers["location"] == change(connection)
    assert told(response) == [
        ("success", "Main campus, attendance: Attendance may be read."),
        ("warning", "Main campus, chat: Chat may not be read. Grant <walls>."),
        ("error", "Main campus, files: The campus is closed."),
    ]
    page = client.get(change(connection)).content.decode()
    assert "<td class='advice'>Chat may not be read.\nGrant &lt;walls&gt;.</td>" in page
    assert f'action="{check_url(connection)}"' in page
    assert f'<a href="/connections/{connection.pk}/check/">' in page
    assert "asked for by admin in the admin" in page


def test_check_needs_a_post(client: Client, connection: Connection) -> None:
    assert client.get(check_url(connection)).status_code == 405


def test_check_of_an_unknown_connection(client: Client) -> None:
    assert client.post("/admin/conferences/connection/4711/check/").status_code == 404


def test_check_needs_the_forms_token(administrator: User, connection: Connection) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(administrator)
    assert client.post(check_url(connection)).status_code == 403


def test_check_with_a_lost_key_is_a_sentence(client: Client, connection: Connection, settings: Settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    ((level, text),) = told(client.post(check_url(connection)))
    assert (level, text.split(". ")[0]) == ("error", "Main campus: The stored credentials cannot be decrypted")


def test_check_action_on_selected_rows(client: Client, connection: Connection) -> None:
    response = client.post(
        "/admin/conferences/connection/", {"action": "check_selected", "_selected_action": [connection.pk]}
    )
    assert [level for level, _ in told(response)] == ["success"] * 5
    connection.refresh_from_db()
    assert connection.checked_at is not None


def test_connection_with_conferences_cannot_be_deleted(client: Client, connection: Connection, conference: Any) -> None:
    client.post(reverse("admin:conferences_connection_delete", args=[connection.pk]), {"post": "yes"})
    assert Connection.objects.count() == 1


def sync_all(client: Client, *connections: Connection) -> list[tuple[str, str]]:
    chosen = [connection.pk for connection in connections]
    url = reverse("admin:conferences_connection_changelist")
    return told(client.post(url, {"action": "sync_all_conferences", "_selected_action": chosen}))


def test_action_syncs_all_conferences_of_a_connection(
    client: Client, connection: Connection, rung: list[int], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        messages = sync_all(client, connection)
    run = SyncRun.objects.get()
    assert (run.connection, run.conference, run.mode, run.requested_via) == (connection, None, "full", "admin")
    assert rung == [run.pk]
    link = f'<a href="/connections/{connection.pk}/">Main campus</a>: Sync of all its conferences started.'
    assert messages == [("success", link)]


def test_action_says_what_is_already_under_way_and_what_cannot_be(
    client: Client, connection: Connection, rung: list[int]
) -> None:
    account.request(connection, via="command", ring=False)
    teams = Connection.objects.create(provider="teams", name="Teams")
    levels = [level for level, _ in sync_all(client, connection, teams)]
    assert (levels, SyncRun.objects.count()) == (["warning", "error"], 1)


def test_change_page_leads_to_the_page_of_the_connection(client: Client, connection: Connection) -> None:
    teams = Connection.objects.create(provider="teams", name="Teams", credentials={})
    pages = [client.get(change(each)).content.decode() for each in (connection, teams)]
    links = ("See and sync its conferences", "See what it may do")
    assert [
        f'<a href="/connections/{each.pk}/">{link}</a>' in page
        for each, page, link in zip((connection, teams), pages, links, strict=True)
    ] == [True, True]


def saved(client: Client, address: str, on_commit: Any, **changes: str) -> list[tuple[str, str]]:
    """What the admin tells beside that it was saved."""
    with on_commit(execute=True):
        response = client.post(address, typed(**changes))
    assert response.status_code == 302
    return told(response)[1:]


def test_saving_checks_at_once(
    client: Client,
    connection: Connection,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    monkeypatch.setattr(CampusConfig, "check", refusing)
    levels = ["success", "warning", "error"]
    added = saved(client, CAMPUS, django_capture_on_commit_callbacks, name="Second")
    client.get(connections())  # which shows the messages, once
    changed = saved(client, change(connection), django_capture_on_commit_callbacks, credential_key="")
    assert ([level for level, _ in added], [level for level, _ in changed]) == ([], levels)
    assert [len(each.checks) for each in Connection.objects.all()] == [3, 3]


def test_provider_that_does_not_answer_does_not_hold_the_page(
    client: Client,
    connection: Connection,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    def hang(self: CampusConfig, credentials: Mapping[str, Any], link: Link) -> Iterator[Check]:
        yield Check("attendance", "permitted", "Attendance may be read.")
        link.stop.wait(60)

    monkeypatch.setattr(CampusConfig, "check", hang)
    monkeypatch.setattr("conferences.admin.connections.PAGE_SECONDS", 0.2)
    lines = saved(client, change(connection), django_capture_on_commit_callbacks)
    assert lines[:2] == [
        ("success", "Main campus, attendance: Attendance may be read."),
        (
            "warning",
            "Main campus, recordings: This could not be checked. Campus did not answer within 0 seconds. "
            "Check again in a while.",
        ),
    ]
    assert [level for level, _ in lines] == ["success", *["warning"] * 4]


def test_connection_that_needs_a_person_says_so_and_where_they_come_back(
    client: Client, connection: Connection, settings: Settings, django_capture_on_commit_callbacks: Any
) -> None:
    settings.PUBLIC_URL = "https://lms.example.org"
    lines = saved(client, change(connection), django_capture_on_commit_callbacks, credential_script="gated")
    address = f"https://lms.example.org/connections/{connection.pk}/"
    sentence = (
        "Nobody has connected this account with Campus yet. Somebody who may allow it at Campus opens "
        f"{address} and clicks “Connect Campus”."
    )
    assert lines[0] == ("error", f"Main campus, attendance: {sentence}")
    page, listed = (client.get(each).content.decode() for each in (change(connection), connections()))
    assert "not yet: open its page and click the button there" in page
    assert "<code>https://lms.example.org/connections/connected/</code>" in page
    assert "not yet: open its page and click the button there" in listed


def connections() -> str:
    return reverse("admin:conferences_connection_changelist")


def test_provider_that_never_needs_a_person_names_no_redirect_address(client: Client) -> None:
    page = client.get(f"{ADD}?provider=teams").content.decode()
    assert "redirect address" not in page
