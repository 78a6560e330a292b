import pytest
from pytest_django.fixtures import Settings

from conferences.providers.base import InvalidInput
from teams_integration.conf import Credentials, graph_url, login_url, scope
from teams_integration.tests.microsoft import CLIENT, CREDENTIALS, SECRET, TENANT

GOOD = {"tenant_id": TENANT, "client_id": CLIENT, "client_secret": SECRET}


def test_from_mapping_takes_good_credentials() -> None:
    assert Credentials.from_mapping(GOOD) == CREDENTIALS


def test_from_mapping_drops_the_white_space_of_copying() -> None:
    assert Credentials.from_mapping({key: f" {value}\n" for key, value in GOOD.items()}) == CREDENTIALS


@pytest.mark.parametrize("tenant", [TENANT, TENANT.upper(), "contoso.onmicrosoft.com", "school.example.org"])
def test_from_mapping_takes_tenants_by_id_or_domain(tenant: str) -> None:
    assert Credentials.from_mapping({**GOOD, "tenant_id": tenant}).tenant_id == tenant


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("tenant_id", "", "The directory (tenant) ID is missing."),
        ("client_id", " ", "The application (client) ID is missing."),
        ("client_secret", "", "The client secret value is missing."),
        ("tenant_id", "common", None),
        ("tenant_id", "organizations", None),
        ("tenant_id", f"{TENANT}/../evil", None),
        ("tenant_id", "evil.example/x?", None),
        ("tenant_id", "https://contoso.com", None),
        ("client_id", "my app", None),
        ("client_id", f"{CLIENT}0", None),
        ("client_secret", "two words", None),
        ("client_secret", "sécret", None),
        ("client_secret", "line\nbreak", None),
    ],
)
def test_from_mapping_refuses_what_cannot_be_right(key: str, value: str, sentence: str | None) -> None:
    with pytest.raises(InvalidInput) as caught:
        Credentials.from_mapping({**GOOD, key: value})
    assert caught.value.field == key
    assert str(caught.value) == (sentence or str(caught.value))
    assert str(caught.value).endswith((".", "again."))


def test_from_mapping_never_repeats_the_secret() -> None:
    with pytest.raises(InvalidInput) as caught:
        Credentials.from_mapping({**GOOD, "client_secret": "canary secret"})
    assert "canary" not in str(caught.value)


def test_repr_hides_the_secret() -> None:
    assert SECRET not in repr(CREDENTIALS)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://graph.microsoft.com/v1.0", "https://graph.microsoft.com/.default"),
        ("https://graph.microsoft.us/v1.0", "https://graph.microsoft.us/.default"),
        ("https://dod-graph.microsoft.us/v1.0", "https://dod-graph.microsoft.us/.default"),
        ("https://microsoftgraph.chinacloudapi.cn/v1.0", "https://microsoftgraph.chinacloudapi.cn/.default"),
        ("https://127.0.0.1:8443/v1.0", "https://graph.microsoft.com/.default"),
        ("https://evil.example/graph.microsoft.us", "https://graph.microsoft.com/.default"),
    ],
)
def test_scope_is_the_clouds_own(settings: Settings, url: str, expected: str) -> None:
    settings.GRAPH_API_URL = url
    assert (graph_url(), scope()) == (url, expected)


def test_login_url_is_read_when_it_is_needed(settings: Settings) -> None:
    settings.MICROSOFT_LOGIN_URL = "https://127.0.0.1:9443"
    assert login_url() == "https://127.0.0.1:9443"
