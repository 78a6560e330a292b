from uuid import UUID

import pytest
from django.db import IntegrityError

from conferences.intake import add_connection
from conferences.intake import connections as intake
from conferences.intake.connections import checked_credentials
from conferences.models import Connection
from conferences.providers import registry
from conferences.providers.base import CredentialField, InvalidInput, ProviderConfig

GOOD = {"script": "quick", "key": "canary-key"}
SENTENCES = [
    ({"script": "quick"}, "key", "key (Key) is missing. Campus cannot be reached without it."),
    ({}, "script", "script (Script) is missing. Campus cannot be reached without it."),
    ({**GOOD, "key": ""}, "key", "key (Key) is empty."),
    (
        {**GOOD, "key": " canary-key"},
        "key",
        "key (Key) contains a space. Copy it again, without anything before or after it.",
    ),
    (
        {**GOOD, "key": "canary-key\n"},
        "key",
        "key (Key) contains a line break. Copy it again, without anything before or after it.",
    ),
    (
        {**GOOD, "key": "canary\x00-key"},
        "key",
        "key (Key) contains an invisible character. Copy it again, without anything before or after it.",
    ),
    ({**GOOD, "key": "k" * 4097}, "key", "key (Key) has 4097 characters; at most 4096 are possible."),
    ({**GOOD, "tenant": "x"}, "credentials", "Campus has no credential “tenant”. It needs: script, key."),
    ({**GOOD, "Canary+Key/": "="}, "credentials", "Campus has no such credential. It needs: script, key."),
]


def test_connection_keeps_its_credentials_sealed(connection: Connection) -> None:
    assert connection.credentials.reveal() == GOOD
    assert "canary-key" not in connection.credentials.token


@pytest.mark.parametrize(("credentials", "field", "sentence"), SENTENCES)
def test_credentials_that_cannot_be_right(db: None, credentials: dict[str, str], field: str, sentence: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        add_connection("campus", "Main campus", credentials)
    assert (str(refused.value), refused.value.field) == (sentence, field)
    assert Connection.objects.count() == 0


def test_credentials_of_the_wrong_form_are_explained(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    config = intake.known_provider("campus")
    strict = CredentialField("key", "Key", secret=True, pattern=r"\d+", help_text="It has digits only.")
    monkeypatch.setattr(type(config), "credential_fields", (strict,))
    with pytest.raises(InvalidInput) as refused:
        add_connection("campus", "Main campus", {"key": "canary"})
    assert str(refused.value) == "key (Key) does not have the form that it should have. It has digits only."


def test_provider_that_is_unknown_names_those_installed(db: None) -> None:
    with pytest.raises(InvalidInput) as refused:
        add_connection("webex", "Main", GOOD)
    assert str(refused.value) == "There is no provider “webex”. Installed are: campus, teams, zoom."
    assert refused.value.field == "provider"


def test_name_that_is_missing(db: None) -> None:
    with pytest.raises(InvalidInput, match=r"^The connection's name is missing\.$"):
        add_connection("campus", " \x00", GOOD)


def test_name_that_is_taken_names_the_other_connection(connection: Connection) -> None:
    with pytest.raises(InvalidInput) as refused:
        add_connection("campus", " Main  campus", GOOD)
    assert str(refused.value) == f"Campus already has a connection “Main campus” (ID {connection.pk})."
    assert Connection.objects.count() == 1


def test_name_that_was_taken_a_moment_ago(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two people at once: the database decides, and the second one hears the same sentence."""
    answers = [intake.free_name, lambda config, typed: "Main campus"]

    def free_at_first(config: ProviderConfig, typed: str) -> str:
        return answers.pop()(config, typed)

    monkeypatch.setattr(intake, "free_name", free_at_first)
    with pytest.raises(InvalidInput, match=r"^Campus already has a connection “Main campus”"):
        add_connection("campus", "Main campus", GOOD)


TEAMS = {"tenant_id": "school.example.org", "client_id": "c", "client_secret": "s"}


def test_name_may_be_the_same_at_another_provider(connection: Connection) -> None:
    add_connection("teams", "Main campus", TEAMS)
    assert Connection.objects.count() == 2


@pytest.mark.parametrize(
    "tenant",
    [
        "common",
        "organizations",
        "Consumers",
        "../../x",
        "example.org/x",
        "1",
        "example.org.",
        "\u017fchool.example.org",
        f"{UUID(int=1)}0",
    ],
)
def test_tenant_that_is_neither_an_id_nor_a_domain_is_refused(tenant: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        checked_credentials(registry.provider("teams"), {**TEAMS, "tenant_id": tenant})
    assert refused.value.field == "tenant_id"
    assert str(refused.value) == (
        "tenant_id (Directory (tenant) ID) does not have the form that it should have. It looks like "
        "00000000-0000-0000-0000-000000000000, or it is a domain of the tenant, such as contoso.onmicrosoft.com; "
        "“common”, “organizations” and “consumers” are no tenant."
    )


@pytest.mark.parametrize("tenant", [str(UUID(int=1)), str(UUID(int=0xABCDEF)).upper(), "Contoso.onmicrosoft.com"])
def test_tenant_may_be_an_id_or_a_domain(tenant: str) -> None:
    typed = {**TEAMS, "tenant_id": tenant}
    assert checked_credentials(registry.provider("teams"), typed) == typed


def test_database_itself_refuses_a_second_connection_of_one_name(connection: Connection) -> None:
    with pytest.raises(IntegrityError):
        Connection.objects.create(provider="campus", name="Main campus", credentials=GOOD)
