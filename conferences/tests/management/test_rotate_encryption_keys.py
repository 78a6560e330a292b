"""Promise: a new key can take the place of an old one, and the old one can then be dropped."""

import pytest
from cryptography.fernet import Fernet
from django.utils import timezone
from pytest_django import Settings

from conferences.models import AlertRule, Authorization, AuthorizationRequest, Connection
from conferences.rotating import _sealed
from conferences.tests.gated import keeper
from conferences.tests.management.conftest import Run

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
TOKENS = {"access_token": "canary-token"}


@pytest.fixture
def sealed(db: None, settings: Settings) -> Connection:
    """One row of each kind that has secrets, sealed with the old key."""
    AlertRule.objects.all().delete()  # those of a new database are sealed with the tests' own key
    settings.FIELD_ENCRYPTION_KEYS = [OLD]
    connection = Connection.objects.create(
        provider="campus", name="Main", credentials={"script": "gated", "key": "canary-key"}
    )
    now = timezone.now()
    Authorization.objects.create(connection=connection, tokens=TOKENS, connected_at=now, renewed_at=now)
    AuthorizationRequest.objects.create(
        state_digest="s", session_digest="s", verifier={"verifier": "v"}, connection=connection, user=keeper()
    )
    return connection


def test_old_key_can_be_dropped_afterwards(run: Run, sealed: Connection, settings: Settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
    ran = run("rotate_encryption_keys", "--json")
    assert (ran.exit_code, ran.json) == (0, {"rotated": 3, "current": 0, "unreadable": []})
    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    assert Connection.objects.get().credentials.reveal() == {"script": "gated", "key": "canary-key"}
    assert Authorization.objects.get().tokens.reveal() == TOKENS
    assert AuthorizationRequest.objects.get().verifier.reveal() == {"verifier": "v"}


def test_second_time_changes_nothing(run: Run, sealed: Connection, settings: Settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
    run("rotate_encryption_keys")
    before = ciphers()
    ran = run("rotate_encryption_keys", "--json")
    assert (ran.exit_code, ran.json) == (0, {"rotated": 0, "current": 3, "unreadable": []})
    assert ciphers() == before


def test_row_that_no_key_opens_is_named_and_the_others_are_done(
    run: Run, sealed: Connection, settings: Settings
) -> None:
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    lost = Connection.objects.create(provider="campus", name="Lost", credentials={"key": "canary-key"})
    before = ciphers()[lost.pk]
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
    ran = run("rotate_encryption_keys")
    assert (ran.exit_code, ran.out) == (1, "3 rows were encrypted anew; 0 had the newest key already.\n")
    assert ran.err.splitlines()[-1] == (
        f"CommandError: No key of FIELD_ENCRYPTION_KEYS opens: connection {lost.pk}. Add the key that they were saved "
        "with and run this again, or enter these credentials again."
    )
    assert ciphers()[lost.pk] == before


def test_no_secret_is_in_its_output(run: Run, sealed: Connection, settings: Settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
    ran = run("rotate_encryption_keys", "-v", "3")
    assert ("canary" in ran.out + ran.err, NEW in ran.out + ran.err) == (False, False)


def test_every_sealed_field_of_the_project_takes_part() -> None:
    assert {f"{model.__name__}.{name}" for model, names in _sealed() for name in names} == {
        "AlertDelivery.secret",
        "AlertRule.webhook_secret",
        "Authorization.tokens",
        "AuthorizationRequest.verifier",
        "Connection.credentials",
        "SharedToken.tokens",
    }


def ciphers() -> dict[int, str]:
    return {each.pk: each.credentials.token for each in Connection.objects.all()}
