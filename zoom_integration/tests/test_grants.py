"""Which sessions share a sign-in where nobody keeps it for them: those of the same app at the same address."""

from dataclasses import replace

import pytest
from pytest_django.fixtures import Settings

from zoom_integration import grants
from zoom_integration.grants import Keep, fingerprint, forget, shared
from zoom_integration.tests.account import CREDENTIALS, SECRET


def test_shared_is_the_same() -> None:
    assert shared(CREDENTIALS) is shared(CREDENTIALS)


@pytest.mark.parametrize("part", ["account_id", "client_id", "client_secret"])
def test_another_app_has_its_own(part: str) -> None:
    assert shared(replace(CREDENTIALS, **{part: "other"})) is not shared(CREDENTIALS)


def test_parts_cannot_run_into_each_other() -> None:
    one, two = (
        replace(CREDENTIALS, account_id="ab", client_id="c"),
        replace(CREDENTIALS, account_id="a", client_id="bc"),
    )
    assert fingerprint(one) != fingerprint(two)


@pytest.mark.parametrize("setting", ["ZOOM_OAUTH_URL", "ZOOM_API_URL"])
def test_another_address_has_its_own(settings: Settings, setting: str) -> None:
    before = fingerprint(CREDENTIALS)
    setattr(settings, setting, "http://127.0.0.1:9000")
    assert fingerprint(CREDENTIALS) != before


def test_nothing_shows_a_secret() -> None:
    shared(CREDENTIALS).tokens = {"access_token": SECRET}
    assert SECRET not in repr(grants._kept)


def test_keep_takes_what_is_newer() -> None:
    keep = Keep({"access_token": "one"})
    assert keep.renew(lambda stored: {"access_token": f"{stored['access_token']} and two"}) == keep.current()
    assert keep.current() == {"access_token": "one and two"}


def test_forget_leaves_nothing() -> None:
    keep = shared(CREDENTIALS)
    forget()
    assert shared(CREDENTIALS) is not keep


def test_many_accounts_do_not_pile_up() -> None:
    for number in range(300):
        shared(replace(CREDENTIALS, account_id=str(number)))
    assert len(grants._kept) <= grants._MANY + 1
