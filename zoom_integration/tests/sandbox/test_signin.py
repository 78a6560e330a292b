import time
from typing import Any

import pytest

from zoom_integration.sandbox.stories.cast import NORTHFIELD
from zoom_integration.tests.sandbox.asking import Asker, asking

USERS = "/report/history_meetings?from=2026-11-01&to=2026-11-30"


def test_token_says_what_it_may_and_where(zoom: Asker) -> None:
    answer = zoom.sign_in().json()
    assert {name: answer[name] for name in answer if name != "access_token"} == {
        "token_type": "bearer",
        "expires_in": 3599,
        "scope": " ".join(sorted(zoom.account.scopes)),
        "api_url": zoom.served.base_url,
    }


FORM = {"grant_type": "account_credentials", "account_id": NORTHFIELD.id}
REFUSALS: dict[str, tuple[dict[str, Any], str]] = {
    "wrong secret": ({"auth": (NORTHFIELD.client_id, "x")}, "invalid_client"),
    "unknown app": ({"auth": ("nobody", NORTHFIELD.secret)}, "invalid_client"),
    "no header": ({"auth": None}, "invalid_client"),
    "broken header": ({"auth": None, "headers": {"Authorization": "Basic ###"}}, "invalid_client"),
    "bearer": ({"auth": None, "headers": {"Authorization": "Bearer eDp5"}}, "invalid_client"),
    "other account": ({"data": {**FORM, "account_id": "x"}}, "invalid_request"),
    "other grant": ({"data": {**FORM, "grant_type": "client_credentials"}}, "unsupported_grant_type"),
    "in the address": ({"data": None, "params": FORM}, "invalid_request"),
    "as JSON": ({"data": None, "json": FORM}, "invalid_request"),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_sign_in_is_refused(own_zoom: Asker, case: str) -> None:
    changes, error = REFUSALS[case]
    answer = own_zoom.sign_in(**changes)
    assert (answer.status_code, answer.json()["error"]) == (400, error)
    assert answer.json()["reason"]


def test_secret_never_comes_back(own_zoom: Asker) -> None:
    answer = own_zoom.sign_in(auth=(NORTHFIELD.client_id, "my-secret-value"))
    assert "my-secret-value" not in answer.text


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer x"}, {"Authorization": "Basic x"}])
def test_request_without_a_good_token_is_refused(zoom: Asker, headers: dict[str, str]) -> None:
    answer = zoom.get(USERS, headers)
    assert (answer.status_code, answer.json()) == (401, {"code": 124, "message": "Invalid access token."})


def test_token_of_another_sandbox_is_refused(zoom: Asker) -> None:
    with asking() as other:
        assert zoom.get(USERS, {"Authorization": f"Bearer {other.token}"}).json()["code"] == 124


def test_token_expires(own_zoom: Asker) -> None:
    own_zoom.json(USERS)
    own_zoom.zoom.sign_in.now = lambda: time.time() + 3_600
    assert own_zoom.refusal(USERS) == (401, 124, "Access token is expired.")


def test_several_tokens_are_good_at_once(own_zoom: Asker) -> None:
    first = own_zoom.token
    own_zoom.sign_in()
    assert own_zoom.token != first
    assert own_zoom.get(USERS, {"Authorization": f"Bearer {first}"}).status_code == 200


def test_app_that_was_disabled_gets_nothing(own_zoom: Asker) -> None:
    own_zoom.account.app_enabled = False
    assert own_zoom.refusal(USERS)[:2] == (401, 124)
    assert own_zoom.sign_in().json() == {"reason": "The app has been disabled", "error": "invalid_client"}
