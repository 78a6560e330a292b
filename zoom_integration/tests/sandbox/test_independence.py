"""The sandbox is a truth of its own, and nothing that runs in production leans on it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import requests
from django.conf import settings

from conferences.providers.sandbox import running
from teams_integration.sandbox import application as microsoft
from zoom_integration.sandbox import application

ROOT = Path(settings.BASE_DIR)
OWN = "zoom_integration.sandbox"
GENERIC = "conferences.providers.sandbox"


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_sandbox_shares_nothing_with_the_client_and_parsers_that_it_tests() -> None:
    ours = ("zoom_integration", "teams_integration", "conferences", "lms_project")
    imported = {
        name
        for path in (ROOT / "zoom_integration/sandbox").rglob("*.py")
        for name in _imports(path)
        if name.startswith(ours) and not name.startswith((OWN, GENERIC))
    }
    assert imported == set()


def test_production_never_imports_the_sandbox() -> None:
    guilty = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "zoom_integration").rglob("*.py")
        if not {"sandbox", "tests"} & set(path.relative_to(ROOT).parts)
        if any(name.startswith((OWN, GENERIC)) for name in _imports(path))
    }
    assert guilty == set()


def test_one_server_stands_in_for_both_providers() -> None:
    """No address is claimed by both, no variable is set by both, and a switch of one leaves the other alone."""
    zoom, teams = application(), microsoft()
    assert not zoom.environment.keys() & teams.environment.keys()
    with running(teams, zoom) as served:
        wrong = {
            path: requests.request(method, served.base_url + path, verify=served.ca_bundle, timeout=10).json()
            for method, path in (("GET", "/v1.0/me"), ("GET", "/v2/users"), ("POST", "/oauth/token"))
        }
        switched = requests.post(
            f"{served.base_url}/_sandbox/token-life", json={"seconds": 9}, verify=served.ca_bundle, timeout=10
        )
    assert wrong["/v1.0/me"]["error"]["code"] == "InvalidAuthenticationToken"
    assert wrong["/v2/users"]["code"] == 124
    assert wrong["/oauth/token"]["error"] == "invalid_request"
    assert (switched.status_code, zoom.world.token_seconds, teams.world.token_seconds) == (204, 9, 9)


def test_variables_point_at_the_sign_in_and_the_api() -> None:
    assert application().environment == {"ZOOM_OAUTH_URL": "/oauth", "ZOOM_API_URL": "/v2"}
