"""TLS on a real socket: a stand-in's own certificate is taken when the environment says so, and only then."""

import socket
import ssl
import time
from pathlib import Path

import pytest

from conferences.providers.base import Link
from conferences.providers.errors import Cancelled, ProviderError, ServerTrouble, Unreachable
from conferences.providers.fake_clock import FakeClock
from conferences.providers.http import Call, HttpClient
from conferences.providers.network_faults import network_faults
from conferences.providers.sandbox.certificate import Certificate, certificate
from conferences.providers.transport import Limits, Transport
from conferences.tests.providers.wire import ok, says, serving


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate(tmp_path_factory.mktemp("tls") / "authority.pem")


@pytest.fixture
def tls(files: Certificate) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.server)
    return context


def test_own_certificate_is_taken_from_the_environment(
    tls: ssl.SSLContext, files: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(files.bundle))
    with serving(says(ok(b'{"a": 1}')), requests_each=2, tls=tls) as wire:
        transport = Transport(wire.url, who="It")
        answers = [transport.exchange("GET", "/x").object() for _ in range(2)]
        transport.close()
    assert (answers, wire.connections) == ([{"a": 1}] * 2, 1)


def test_unknown_certificate_is_refused_at_once_and_nothing_is_sent(
    tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    monkeypatch.delenv("CURL_CA_BUNDLE", raising=False)
    time = FakeClock()
    with serving(says(ok(b"{}")), tls=tls) as wire:
        client = HttpClient(Transport(wire.url, who="It"), Link(), clock=time.clock)
        with pytest.raises(Unreachable) as caught:
            client.get_object(Call("/x"))
        client.close()
    error = caught.value
    assert (error.code, error.permanent, time.seconds, wire.requests) == ("certificate_untrusted", True, 0, [])
    assert error.message == (
        "The connection to It is not secure: its certificate is not trusted here, so nothing was sent."
    )


def test_plain_answer_to_a_secure_call_is_unreachable() -> None:
    with serving(says(b"HTTP/1.1 400 Bad Request\r\n\r\n"), requests_each=0) as wire, pytest.raises(Unreachable):
        Transport(wire.url.replace("http:", "https:"), who="It").exchange("GET", "/x")


def test_deadline_holds_under_tls(tls: ssl.SSLContext, files: Certificate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(files.bundle))
    limits = Limits(read_seconds=30, total_seconds=0.5)
    started = time.monotonic()
    with serving(lambda sock: sock.recv(1), tls=tls) as wire, pytest.raises(Unreachable) as caught:
        Transport(wire.url, who="It", limits=limits).exchange("GET", "/x")
    assert caught.value.code == "too_slow"
    assert time.monotonic() - started < 10


@pytest.mark.parametrize("missing", ["nowhere.pem", "folder/nowhere.pem"])
def test_certificates_that_are_not_there_are_an_error_and_no_crash(
    missing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / missing))
    with pytest.raises(Unreachable) as caught:
        Transport("https://127.0.0.1:9", who="It").exchange("GET", "/x")
    assert missing in caught.value.detail


@pytest.mark.parametrize(
    ("error", "kind"),
    [(OSError("reset"), Unreachable), (TimeoutError(), Unreachable), (ConnectionError(), Unreachable)],
)
def test_network_faults_become_ours(error: Exception, kind: type[ProviderError]) -> None:
    with pytest.raises(kind), network_faults("It"):
        raise error


@pytest.mark.parametrize("error", [ServerTrouble("down"), Cancelled(), ValueError("ours")])
def test_network_faults_let_everything_else_pass(error: Exception) -> None:
    with pytest.raises(type(error)) as caught, network_faults("It"):
        raise error
    assert caught.value is error


def test_detail_is_redacted() -> None:
    with pytest.raises(Unreachable) as caught, network_faults("It"):
        raise OSError("https://user:canary-pw@proxy.example.org refused client_secret=canary-secret")
    assert "canary" not in caught.value.detail


def test_whether_a_call_can_have_arrived_is_told() -> None:
    """What is not to be done twice may be tried again only where nobody was there."""
    with serving(lambda sock: sock.close()) as wire, pytest.raises(Unreachable) as caught:
        Transport(wire.url, who="It").exchange("GET", "/x")
    assert caught.value.sent
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for url in (f"http://127.0.0.1:{port}", f"https://127.0.0.1:{port}"):
        with pytest.raises(Unreachable) as caught:
            Transport(url, who="It").exchange("GET", "/x")
        assert not caught.value.sent
