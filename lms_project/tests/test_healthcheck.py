"""Promise: a container is healthy exactly when its server answers an outsider's question with 200."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from lms_project.healthcheck import healthy


class Handler(BaseHTTPRequestHandler):
    """Answers only those who ask for a host that it knows."""

    def do_GET(self) -> None:
        known = (self.path, self.headers["Host"]) == ("/healthz", "lms.example.org")
        self.send_response(200 if known else 400)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Quiet."""


@pytest.fixture(autouse=True)
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ThreadingHTTPServer]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as made:
        threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01}).start()
        monkeypatch.setenv("PORT", str(made.server_port))
        yield made
        made.shutdown()


@pytest.mark.parametrize("hosts", ["lms.example.org", "lms.example.org, other.example.org", ".lms.example.org"])
def test_healthy_asks_for_an_allowed_host(monkeypatch: pytest.MonkeyPatch, hosts: str) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", hosts)
    assert healthy() is True


def test_unhealthy_when_the_answer_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", "unknown.example.org")
    assert healthy() is False


def test_unhealthy_when_nobody_answers(server: ThreadingHTTPServer) -> None:
    server.shutdown()
    server.server_close()
    assert healthy() is False
