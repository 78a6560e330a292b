import json
import time
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from typing import Any

import msal
import pytest
import requests

from teams_integration.sandbox.stories.cast import INGRID, WRONG_SECRET
from teams_integration.sandbox.world import ROLES
from teams_integration.tests.sandbox.asking import SCOPE, Asker, asking


@pytest.fixture
def msal_http(graph: Asker) -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        session.verify = graph.served.ca_bundle
        yield session


def _msal(graph: Asker, http: requests.Session, secret: str) -> dict[str, Any]:
    app = msal.ConfidentialClientApplication(
        graph.tenant.client_id,
        client_credential=secret,
        authority=f"{graph.served.base_url}/{graph.tenant.id}",
        instance_discovery=False,
        http_client=http,
    )
    return app.acquire_token_for_client([SCOPE])


def test_msal_signs_in(graph: Asker, msal_http: requests.Session) -> None:
    result = _msal(graph, msal_http, graph.tenant.secret)
    assert (result["token_type"], result["expires_in"]) == ("Bearer", 3599)


def test_msal_is_told_of_a_wrong_secret(graph: Asker, msal_http: requests.Session) -> None:
    result = _msal(graph, msal_http, WRONG_SECRET)
    assert (result["error"], result["error_codes"]) == ("invalid_client", [7000215])


REFUSALS = {
    "wrong secret": ({"client_secret": "x"}, 401, "invalid_client", 7000215),
    "no secret": ({"client_secret": ""}, 401, "invalid_client", 7000218),
    "unknown app": ({"client_id": "7c9e6679-7425-40de-944b-e07fc1f90ae7"}, 400, "unauthorized_client", 700016),
    "other scope": ({"scope": "User.Read"}, 400, "invalid_scope", 1002012),
    "two scopes": ({"scope": f"{SCOPE} openid"}, 400, "invalid_scope", 1002012),
    "other grant": ({"grant_type": "password"}, 400, "unsupported_grant_type", 70003),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_sign_in_is_refused(own_graph: Asker, case: str) -> None:
    changes, status, error, code = REFUSALS[case]
    answer = own_graph.sign_in(**changes)
    body = answer.json()
    assert (answer.status_code, body["error"], body["error_codes"]) == (status, error, [code])
    assert body["error_description"].startswith(f"AADSTS{code}: ")


def test_secret_never_comes_back(own_graph: Asker) -> None:
    assert "my-secret-value" not in own_graph.sign_in(client_secret="my-secret-value").text


def test_expired_secret_is_told_from_a_wrong_one() -> None:
    with asking("expired-secret") as graph:
        assert graph.sign_in().json()["error_codes"] == [7000222]
        assert graph.sign_in(client_secret="x").json()["error_codes"] == [7000215]


@pytest.mark.parametrize("address", ["v2.0/.well-known/openid-configuration", "oauth2/v2.0/token"])
def test_unknown_tenant_is_refused(graph: Asker, address: str) -> None:
    method = "POST" if address.endswith("token") else "GET"
    url = f"{graph.served.base_url}/3fa85f64-5717-4562-b3fc-2c963f66afa6/{address}"
    answer = requests.request(method, url, verify=graph.served.ca_bundle, timeout=10)
    assert (answer.status_code, answer.json()["error_codes"]) == (400, [90002])


def test_discovery_names_this_server_only(graph: Asker) -> None:
    url = f"{graph.served.base_url}/{graph.tenant.id}/v2.0/.well-known/openid-configuration"
    document = requests.get(url, verify=graph.served.ca_bundle, timeout=10).json()
    addresses = [value for value in document.values() if isinstance(value, str) and value.startswith("https:")]
    assert len(addresses) == 5
    assert all(address.startswith(f"{graph.served.base_url}/{graph.tenant.id}/") for address in addresses)


def test_token_carries_the_permissions(graph: Asker) -> None:
    part = graph.token.split(".")[1]
    claims = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    assert (claims["roles"], claims["tid"]) == (sorted(ROLES), graph.tenant.id)


@pytest.mark.parametrize("token", ["", "abc", "a.b.c", "eyJhbGciOiJub25lIn0.eyJ0aWQiOiJ4In0."])
def test_token_that_is_none_is_refused(graph: Asker, token: str) -> None:
    refused = graph.refusal("/users/x", {"Authorization": f"Bearer {token}"})
    assert refused[:2] == (401, "InvalidAuthenticationToken")


def test_token_of_another_sandbox_is_refused(graph: Asker) -> None:
    with asking() as other:
        refused = graph.refusal("/users/x", {"Authorization": f"Bearer {other.token}"})
    assert refused[:2] == (401, "InvalidAuthenticationToken")


def test_tampered_token_is_refused(graph: Asker) -> None:
    head, payload, signature = graph.token.split(".")
    forged = f"{head}.{payload[:-2]}.{signature}"
    assert graph.refusal("/users/x", {"Authorization": f"Bearer {forged}"})[0] == 401


def test_token_expires(own_graph: Asker) -> None:
    own_graph.json(f"/users/{INGRID.id}")
    own_graph.microsoft.sign_in.now = lambda: time.time() + 3_600
    assert own_graph.refusal(f"/users/{INGRID.id}")[:2] == (401, "InvalidAuthenticationToken")


def test_permission_granted_later_is_not_in_an_older_token(own_graph: Asker) -> None:
    assert own_graph.switch("roles", roles=["OnlineMeetings.Read.All"]) == 204
    own_graph.json(f"/users/{INGRID.id}")
    own_graph.sign_in()
    assert own_graph.refusal(f"/users/{INGRID.id}")[:2] == (403, "Authorization_RequestDenied")


def test_token_life_can_be_shortened(own_graph: Asker) -> None:
    assert own_graph.switch("token-life", seconds=7) == 204
    assert own_graph.sign_in().json()["expires_in"] == 7
