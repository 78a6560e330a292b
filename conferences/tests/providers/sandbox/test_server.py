import logging
import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from conferences.providers.sandbox import Running, running
from conferences.tests.providers.sandbox.shop import GOODS, Shop


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def served(shop: Shop) -> Iterator[Running]:
    with running(shop) as served:
        yield served


@pytest.fixture
def http(served: Running) -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        session.verify = served.ca_bundle
        yield session


def test_answer_comes_over_trusted_https(served: Running, http: requests.Session) -> None:
    answer = http.get(f"{served.base_url}/shop/goods", timeout=10)
    assert (answer.status_code, answer.json()) == (200, GOODS)


def test_certificate_is_not_trusted_without_the_bundle(served: Running) -> None:
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(f"{served.base_url}/shop/goods", timeout=10)


def test_request_arrives_whole(shop: Shop, served: Running, http: requests.Session) -> None:
    http.post(f"{served.base_url}/shop/goods?a=%2F", data={"b": "c d"}, headers={"X-Own": "1"}, timeout=10)
    asked = shop.asked[0]
    assert (asked.method, asked.target, asked.form, asked.header("x-own")) == (
        "POST",
        "/shop/goods?a=%2F",
        {"b": "c d"},
        "1",
    )
    assert asked.origin == served.base_url


def test_connection_is_kept_for_the_next_request(served: Running) -> None:
    port = int(served.base_url.rpartition(":")[2])
    context = ssl.create_default_context(cafile=served.ca_bundle)
    ask = b"GET /shop/goods HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    with (
        socket.create_connection(("127.0.0.1", port), 10) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as line,
    ):
        replies = []
        for _ in range(2):
            line.sendall(ask)
            replies.append(line.recv(65_536).split(b"\r\n")[0])
    assert replies == [b"HTTP/1.1 200 OK"] * 2


def test_silent_client_keeps_nobody_waiting(served: Running, http: requests.Session) -> None:
    port = int(served.base_url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), 10), socket.create_connection(("127.0.0.1", port), 10):
        assert http.get(f"{served.base_url}/shop/goods", timeout=5).status_code == 200


def test_address_of_no_provider_is_not_found(served: Running, http: requests.Session) -> None:
    assert http.get(f"{served.base_url}/elsewhere", timeout=10).status_code == 404


def test_several_applications_share_one_server() -> None:
    other = Shop("/other/")
    with running(Shop(), other) as served:
        answer = requests.get(f"{served.base_url}/other/x", verify=served.ca_bundle, timeout=10)
    assert (answer.status_code, len(other.asked)) == (200, 1)


def test_certificate_is_kept_where_it_is_wanted(tmp_path: Path) -> None:
    authority = tmp_path / "authority.pem"
    with running(Shop(), authority=authority) as served:
        assert served.certificate.authority == authority
    assert sorted(path.name for path in tmp_path.iterdir()) == ["authority.pem", "ca-bundle.pem", "server.pem"]


def test_port_is_free_again_after_the_block() -> None:
    with running(Shop()) as served:
        port = int(served.base_url.rpartition(":")[2])
    with running(Shop(), port=port) as served:
        assert served.base_url == f"https://127.0.0.1:{port}"


def test_status_fault_is_in_the_providers_own_words(served: Running, http: requests.Session) -> None:
    served.faults.add("429:/goods:1:retry-after=2.128")
    first, second = (http.get(f"{served.base_url}/shop/goods", timeout=10) for _ in range(2))
    assert (first.status_code, first.headers["Retry-After"], first.json()) == (
        429,
        "2.128",
        {"sorry": "/shop/goods", "status": 429},
    )
    assert second.status_code == 200


def test_html_fault_is_no_json(served: Running, http: requests.Session) -> None:
    served.faults.add("html:/goods:1")
    answer = http.get(f"{served.base_url}/shop/goods", timeout=10)
    assert (answer.status_code, answer.headers["Content-Type"]) == (502, "text/html; charset=utf-8")


def test_empty_fault_has_no_body(served: Running, http: requests.Session) -> None:
    served.faults.add("empty:/goods:1")
    answer = http.get(f"{served.base_url}/shop/goods", timeout=10)
    assert (answer.status_code, answer.content) == (200, b"")


def test_reset_fault_breaks_the_connection(served: Running, http: requests.Session) -> None:
    served.faults.add("reset:/goods:1")
    with pytest.raises(requests.exceptions.ConnectionError):
        http.get(f"{served.base_url}/shop/goods", timeout=10)
    assert http.get(f"{served.base_url}/shop/goods", timeout=10).status_code == 200


def test_truncate_fault_promises_more_than_it_sends(served: Running, http: requests.Session) -> None:
    served.faults.add("truncate:/goods:1")
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
        http.get(f"{served.base_url}/shop/goods", timeout=10)


def test_slow_fault_outlasts_a_time_out(served: Running, http: requests.Session) -> None:
    served.faults.add("slow:/goods:1:seconds=0.5")
    with pytest.raises(requests.exceptions.ReadTimeout):
        http.get(f"{served.base_url}/shop/goods", timeout=(10, 0.1))


def test_loop_fault_leads_back(served: Running, http: requests.Session) -> None:
    served.faults.add("loop:/goods:1")
    url = f"{served.base_url}/shop/goods?page=1"
    assert http.get(url, timeout=10).json()["next"] == url


def test_foreign_fault_leads_to_another_host_that_is_watched(served: Running, http: requests.Session) -> None:
    served.faults.add("foreign:/goods:1")
    served.faults.add("foreign:/goods:1:to=https://attacker.example.net/x")
    first, second = (http.get(f"{served.base_url}/shop/goods", timeout=10).json()["next"] for _ in range(2))
    assert first == served.base_url.replace("127.0.0.1", "localhost") + "/shop/goods"
    assert second == "https://attacker.example.net/x"


def test_mistype_fault_breaks_lists(served: Running, http: requests.Session) -> None:
    served.faults.add("mistype:/goods:1")
    assert http.get(f"{served.base_url}/shop/goods", timeout=10).json() == {"goods": "none", "next": None}


def test_latency_comes_before_every_answer() -> None:
    with running(Shop(), latency_seconds=0.2) as served:
        started = time.monotonic()
        requests.get(f"{served.base_url}/shop/goods", verify=served.ca_bundle, timeout=10)
        assert time.monotonic() - started >= 0.2


def test_requests_are_remembered_with_whether_a_token_came(served: Running, http: requests.Session) -> None:
    http.get(f"{served.base_url}/shop/a", timeout=10)
    http.get(f"{served.base_url}/shop/b", headers={"Authorization": "Bearer abc"}, timeout=10)
    assert [(seen.method, seen.url, seen.status, seen.authorized) for seen in served.seen] == [
        ("GET", f"{served.base_url}/shop/a", 200, False),
        ("GET", f"{served.base_url}/shop/b", 200, True),
    ]


def test_log_has_one_line_a_request_and_no_secret(
    served: Running, http: requests.Session, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "conferences.providers.sandbox"):
        http.get(
            f"{served.base_url}/shop/goods?tempauth=hush-hush", headers={"Authorization": "Bearer s3cr3t"}, timeout=10
        )
    (line,) = (record.getMessage() for record in caplog.records if record.name == "conferences.providers.sandbox")
    assert line.rpartition(" 200 ")[0] == "GET /shop/goods?tempauth=•••"
