"""The transport against a real socket: time-outs that hold, bodies that are whole, and a token that stays at home."""

import gzip
import logging
import socket
import struct
import threading
import time
from http import HTTPStatus
from pathlib import Path

import pytest
import responses

from conferences.providers.base import Link
from conferences.providers.errors import (
    Cancelled,
    Malformed,
    NotConfigured,
    ProviderError,
    ServerTrouble,
    Unreachable,
)
from conferences.providers.transport import Answer, Limits, Transport
from conferences.tests.providers.wire import Script, Wire, ok, says, serving

QUICK = Limits(connect_seconds=2, read_seconds=2, total_seconds=1, max_bytes=10_000)
CANARY = "canary-token-5f2c"


def ask(wire: Wire, *, limits: Limits = QUICK, stop: threading.Event | None = None, url: str = "/thing") -> Answer:
    transport = Transport(wire.url, who="The provider", limits=limits, link=Link(stop=stop or threading.Event()))
    try:
        return transport.exchange("GET", url, secret_headers={"Authorization": f"Bearer {CANARY}"})
    finally:
        transport.close()


def error_of(script: Script, **options: object) -> ProviderError:
    with serving(script) as wire, pytest.raises(ProviderError) as caught:
        ask(wire, **options)  # type: ignore[arg-type]
    return caught.value


def test_exchange_counts_what_was_sent_whether_or_not_it_was_answered() -> None:
    link = Link()
    with serving(says(ok(b"{}"))) as wire:
        transport = Transport(wire.url, who="The provider", limits=QUICK, link=link)
        transport.exchange("GET", "/thing")
    with serving(says(b"")) as wire:
        transport = Transport(wire.url, who="The provider", limits=QUICK, link=link)
        with pytest.raises(Unreachable):
            transport.exchange("GET", "/thing")
        with pytest.raises(Malformed):
            transport.exchange("GET", "https://elsewhere.example/thing")
    assert link.stats.requests == 2


def test_exchange_returns_status_headers_body_and_request_id() -> None:
    with serving(says(ok(b'{"a": 1}', b"request-id: r-1"))) as wire:
        answer = ask(wire)
    assert (answer.status, answer.request_id, answer.object()) == (200, "r-1", {"a": 1})


def test_exchange_reuses_its_connection() -> None:
    with serving(says(ok(b"{}")), requests_each=5) as wire:
        transport = Transport(wire.url, who="The provider", limits=QUICK)
        for _ in range(5):
            transport.exchange("GET", "/thing")
        transport.close()
        assert (len(wire.requests), wire.connections) == (5, 1)


def test_exchange_reuses_its_connection_after_a_chunked_answer() -> None:
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
    with serving(says(chunked), requests_each=3) as wire:
        transport = Transport(wire.url, who="The provider", limits=QUICK)
        bodies = [transport.exchange("GET", "/thing").body for _ in range(3)]
        transport.close()
        assert (bodies, wire.connections) == ([b"{}"] * 3, 1)


def test_exchange_unpacks_gzip() -> None:
    with serving(says(ok(gzip.compress(b'{"a": 1}'), b"Content-Encoding: gzip"))) as wire:
        assert ask(wire).body == b'{"a": 1}'


@pytest.mark.parametrize(
    ("name", "script"),
    [
        ("hang-up before headers", says(b"")),
        ("short of its Content-Length", says(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"value": [')),
        ("short chunk", says(b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n50\r\n{"value"')),
        ("no last chunk", says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n")),
        ("no HTTP", says(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")),
    ],
)
def test_exchange_of_a_broken_answer_is_unreachable(name: str, script: Script) -> None:
    error = error_of(script)
    assert (type(error), error.code, error.permanent) == (Unreachable, "unreachable", False)


def test_exchange_reset_in_mid_body_is_unreachable() -> None:
    def script(sock: socket.socket) -> None:
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        sock.close()

    assert type(error_of(script)) is Unreachable


@pytest.mark.parametrize("sent", [b'HTTP/1.1 200 OK\r\n\r\n{"value": [', b"HTTP/1.1 200 OK\r\nContent-"])
def test_exchange_of_an_answer_cut_off_at_the_close_is_no_json(sent: bytes) -> None:
    with serving(says(sent)) as wire:
        answer = ask(wire)
    with pytest.raises(ServerTrouble) as caught:
        answer.object()
    assert caught.value.code == "not_json"


def test_exchange_with_nobody_there_is_unreachable() -> None:
    with serving(says(b"")) as wire:
        pass
    with pytest.raises(Unreachable):
        ask(wire)


def test_exchange_of_bad_gzip_is_server_trouble() -> None:
    assert type(error_of(says(ok(b"no gzip at all", b"Content-Encoding: gzip")))) is ServerTrouble


def test_exchange_of_a_gzip_bomb_stops_at_the_limit() -> None:
    error = error_of(says(ok(gzip.compress(b" " * 5_000_000), b"Content-Encoding: gzip")))
    assert (type(error), error.code) == (Malformed, "answer_too_large")


def test_exchange_of_a_huge_body_stops_at_the_limit() -> None:
    error = error_of(says(ok(b" " * 20_000)))
    assert (type(error), error.code) == (Malformed, "answer_too_large")


def drip(head: bytes) -> Script:
    """A byte at a time, often enough that no socket's own time-out ever comes."""

    def script(sock: socket.socket) -> None:
        sock.sendall(head)
        while True:
            sock.sendall(b"x")
            time.sleep(0.05)

    return script


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\nX-Slow: ", b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n"])
def test_exchange_ends_a_dripping_answer_at_its_deadline(head: bytes) -> None:
    started = time.monotonic()
    error = error_of(drip(head))
    assert (type(error), error.code) == (Unreachable, "too_slow")
    assert time.monotonic() - started < 10


def silence(sock: socket.socket) -> None:
    sock.recv(1)


def silence_in_the_body(sock: socket.socket) -> None:
    sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n{")
    sock.recv(1)


@pytest.mark.parametrize("script", [silence, silence_in_the_body])
def test_exchange_of_a_server_that_falls_silent_was_too_slow(script: Script) -> None:
    error = error_of(script, limits=Limits(read_seconds=0.3, total_seconds=30))
    assert (type(error), error.code) == (Unreachable, "too_slow")


@pytest.mark.parametrize("script", [silence, drip(b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n")])
def test_exchange_hears_a_cancel_while_it_waits(script: Script) -> None:
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()
    patient = Limits(read_seconds=30, total_seconds=60)
    started = time.monotonic()
    with serving(script) as wire, pytest.raises(Cancelled):
        ask(wire, limits=patient, stop=stop)
    assert time.monotonic() - started < 10


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308, 304])
def test_exchange_never_follows_a_redirect(status: int) -> None:
    with serving(says(ok(b"{}"))) as elsewhere:
        head = (
            f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nLocation: {elsewhere.url}/x\r\nContent-Length: 0\r\n\r\n"
        )
        error = error_of(says(head.encode()))
    assert (type(error), error.code, elsewhere.requests) == (Malformed, "redirected", [])


def foreign(port: int, other: int) -> list[str]:
    return [
        f"http://127.0.0.1:{other}/x",
        f"http://localhost:{port}/x",
        f"https://127.0.0.1:{port}/x",
        f"http://user@127.0.0.1:{port}/x",
        f"http://user:password@127.0.0.1:{port}/x",
        f"http://127.0.0.1:{port}@127.0.0.1:{other}/x",
        f"http://127.0.0.1:{port}\\@127.0.0.1:{other}/x",
        f"http://127.0.0.1:{other}#@127.0.0.1:{port}/x",
        f"http://127.0.0.1:{other}?@127.0.0.1:{port}/x",
        f"//127.0.0.1:{other}/x",
        f"http:127.0.0.1:{other}/x",
        f"http://2130706433:{other}/x",
        f"http://[::ffff:127.0.0.1]:{other}/x",
        f"http://127.0.0.1:{port}.example.org/x",
        f"http://127.0.0.1:{port}\n.example.org/x",
        "http://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "ftp://127.0.0.1/x",
        "http://",
        "x",
        "",
    ]


def test_token_never_leaves_the_providers_own_origin() -> None:
    with serving(says(ok(b"{}"))) as home, serving(says(ok(b"{}"))) as elsewhere:
        for url in foreign(home.port, elsewhere.port):
            with pytest.raises(Malformed) as caught:
                ask(home, url=url)
            assert caught.value.code == "foreign_host", url
        assert (home.connections, elsewhere.connections) == (0, 0)


def test_token_goes_to_an_absolute_address_of_the_same_origin() -> None:
    with serving(says(ok(b"{}"))) as wire:
        ask(wire, url=f"{wire.url}/v1.0/next?$skiptoken=a b'c'")
    [request] = wire.requests
    assert request.startswith(b"GET /v1.0/next?$skiptoken=a%20b'c' HTTP/1.1\r\n")
    assert f"Authorization: Bearer {CANARY}".encode() in request


def test_environment_gives_certificates_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A .netrc would replace the token, a proxy would see where we go."""
    with serving(says(ok(b"{}"))) as wire, serving(says(b"")) as proxy:
        netrc = tmp_path / "netrc"
        netrc.write_text("machine 127.0.0.1 login someone password else\n")
        monkeypatch.setenv("NETRC", str(netrc))
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("http_proxy", proxy.url)
        ask(wire)
    assert f"Authorization: Bearer {CANARY}".encode() in wire.requests[0]
    assert proxy.connections == 0


@pytest.mark.parametrize("url", ["", "graph.microsoft.com", "ftp://graph.microsoft.com", "https://", "https://a@b/"])
def test_transport_with_a_bad_base_is_not_configured(url: str) -> None:
    with pytest.raises(NotConfigured) as caught:
        Transport(url, who="The provider")
    assert caught.value.code == "bad_provider_url"


def test_cookies_are_not_kept() -> None:
    with serving(says(ok(b"{}", b"Set-Cookie: sid=1; Path=/")), requests_each=2) as wire:
        transport = Transport(wire.url, who="The provider", limits=QUICK)
        transport.exchange("GET", "/thing")
        transport.exchange("GET", "/thing")
        transport.close()
        assert b"Cookie" not in wire.requests[1]


@responses.activate
def test_log_has_one_line_a_call_without_query_or_token(caplog: pytest.LogCaptureFixture) -> None:
    responses.get("https://api.example.org/v1/x", json={}, headers={"request-id": "r-9"})
    transport = Transport("https://api.example.org/v1", who="The provider")
    with caplog.at_level(logging.DEBUG, "conferences.providers.transport"):
        transport.exchange(
            "GET", "/x", params={"$filter": "canary-query"}, secret_headers={"Authorization": f"Bearer {CANARY}"}
        )
    [line] = [record.getMessage() for record in caplog.records if record.name == "conferences.providers.transport"]
    assert line.startswith("GET /v1/x → 200 in ")
    assert line.endswith(" ms r-9")


@pytest.mark.parametrize("status", [301, 307])
def test_redirect_is_handed_to_whoever_asks_for_it_and_still_not_followed(status: int) -> None:
    with serving(says(ok(b"{}"))) as elsewhere:
        head = f"HTTP/1.1 {status} Moved\r\nLocation: {elsewhere.url}/x\r\nContent-Length: 0\r\n\r\n"
        with serving(says(head.encode())) as wire:
            transport = Transport(wire.url, who="The provider", limits=QUICK)
            answer = transport.exchange("GET", "/thing", redirects=True)
            transport.close()
    assert (answer.status, answer.headers["Location"], elsewhere.requests) == (status, f"{elsewhere.url}/x", [])
