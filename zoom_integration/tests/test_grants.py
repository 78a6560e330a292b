"""Which sessions share a sign-in: those of the same account at the same address, for five minutes."""

from dataclasses import replace

import pytest
from pytest_django.fixtures import Settings

from zoom_integration import grants
from zoom_integration.grants import SHARED_SECONDS, forget, shared
from zoom_integration.tests.account import CREDENTIALS, SECRET


def test_shared_is_the_same_for_a_while() -> None:
    keep = shared(CREDENTIALS, 100.0)
    assert shared(CREDENTIALS, 100.0 + SHARED_SECONDS - 1) is keep
    later = shared(CREDENTIALS, 100.0 + SHARED_SECONDS)
    assert later is not keep
    assert shared(CREDENTIALS, 101.0 + SHARED_SECONDS) is later


@pytest.mark.parametrize("part", ["account_id", "client_id", "client_secret"])
def test_another_connection_has_its_own(part: str) -> None:
    assert shared(replace(CREDENTIALS, **{part: "other"}), 0.0) is not shared(CREDENTIALS, 0.0)


def test_parts_cannot_run_into_each_other() -> None:
    one, two = (
        replace(CREDENTIALS, account_id="ab", client_id="c"),
        replace(CREDENTIALS, account_id="a", client_id="bc"),
    )
    assert shared(one, 0.0) is not shared(two, 0.0)


@pytest.mark.parametrize("setting", ["ZOOM_OAUTH_URL", "ZOOM_API_URL"])
def test_another_address_has_its_own(settings: Settings, setting: str) -> None:
    keep = shared(CREDENTIALS, 0.0)
    setattr(settings, setting, "http://127.0.0.1:9000")
    assert shared(CREDENTIALS, 0.0) is not keep


def test_the_keys_hold_no_secret() -> None:
    shared(CREDENTIALS, 0.0)
    assert SECRET not in repr(grants._kept)


def test_forget_leaves_nothing() -> None:
    keep = shared(CREDENTIALS, 0.0)
    forget()
    assert shared(CREDENTIALS, 0.0) is not keep


def test_many_accounts_do_not_pile_up() -> None:
    for number in range(300):
        shared(replace(CREDENTIALS, account_id=str(number)), 0.0)
    assert len(grants._kept) <= grants._MANY + 1
