import pytest
from django.db import IntegrityError

from conferences.intake import add_connection
from conferences.intake import connections as intake
from conferences.models import Connection
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
    assert str(refused.value) == "There is no provider “webex”. Installed are: campus, teams."
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


def test_name_may_be_the_same_at_another_provider(connection: Connection) -> None:
    add_connection("teams", "Main campus", {"tenant_id": "t", "client_id": "c", "client_secret": "s"})
    assert Connection.objects.count() == 2


def test_database_itself_refuses_a_second_connection_of_one_name(connection: Connection) -> None:
    with pytest.raises(IntegrityError):
        Connection.objects.create(provider="campus", name="Main campus", credentials=GOOD)
