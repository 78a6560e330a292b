import pytest
from hypothesis import given
from hypothesis import strategies as st

from conferences.providers.errors import Malformed
from conferences.providers.origin import Origin, insist

GRAPH = Origin("https", "graph.microsoft.com", 443)


@pytest.mark.parametrize(
    "url",
    [
        "https://graph.microsoft.com",
        "https://graph.microsoft.com/v1.0/users?$skiptoken=a b'c'",
        "https://graph.microsoft.com:443/v1.0",
        "HTTPS://Graph.Microsoft.COM/v1.0",
        "https://graph.microsoft.com/v1.0/x?next=https://evil.example/@",
        "https://graph.microsoft.com/v1.0/users/a@b.example/x",
    ],
)
def test_origin_holds_its_own_addresses(url: str) -> None:
    assert GRAPH.holds(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://graph.microsoft.com/v1.0",
        "https://graph.microsoft.com:8443/v1.0",
        "https://graph.microsoft.com.evil.example/v1.0",
        "https://evil.example/graph.microsoft.com",
        "https://evil.example#@graph.microsoft.com/",
        "https://evil.example?@graph.microsoft.com/",
        "https://evil.example\\@graph.microsoft.com/",
        "https://graph.microsoft.com\\@evil.example/",
        "https://graph.microsoft.com@evil.example/",
        "https://user@graph.microsoft.com/",
        "https://user:password@graph.microsoft.com/",
        "https://@graph.microsoft.com/",
        "https://graph.microsoft.com%2eevil.example/",
        "https://graph.microsoft.com\t.evil.example/",
        "https://graph.microsoft.com\r\nHost: evil.example/",
        "https://graph。microsoft。com.evil.example/",
        "https://13.107.42.14/v1.0",
        "https://[::1]/v1.0",
        "https://[graph.microsoft.com]/",
        "https://graph.microsoft.com:port/",
        "//graph.microsoft.com/v1.0",
        "/v1.0/users",
        "javascript:alert(1)",
        "",
    ],
)
def test_origin_does_not_hold_others(url: str) -> None:
    assert not GRAPH.holds(url)
    with pytest.raises(Malformed) as caught:
        insist(GRAPH, url, "Microsoft Teams")
    assert caught.value.code == "foreign_host"


def test_insist_does_not_repeat_the_address() -> None:
    """A foreign link may carry a secret in its query."""
    with pytest.raises(Malformed) as caught:
        insist(GRAPH, "https://evil.example/?canary-4711", "Microsoft Teams")
    error = caught.value
    assert "canary-4711" not in f"{error} {error.message} {error.advice} {error.detail}"


@given(st.text(max_size=30))
def test_origin_holds_nothing_in_front_of_a_foreign_host(prefix: str) -> None:
    assert not GRAPH.holds(f"https://{prefix.replace('/', '')}.evil.example/x")
    assert not GRAPH.holds(f"https://evil.example/{prefix}")
