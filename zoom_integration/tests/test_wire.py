"""What really leaves the socket: no library between us and Zoom may tidy up an address, or take the token elsewhere."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from pytest_django.fixtures import Settings

from conferences.providers.base import Link
from conferences.providers.fake_clock import FakeClock
from zoom_integration.client import ZoomClient
from zoom_integration.tests.account import CREDENTIALS, TOKEN


@dataclass
class Wire:
    """A server that notes request lines and bearers as they came."""

    lines: list[str] = field(default_factory=list)
    bearers: list[str | None] = field(default_factory=list)
    url: str = ""
    elsewhere: str = ""


def _handler(wire: Wire) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self._answer({"access_token": TOKEN, "expires_in": 3599})

        def do_GET(self) -> None:
            wire.lines.append(self.requestline)
            wire.bearers.append(self.headers.get("Authorization"))
            if self.path.startswith("/rec/"):
                self.send_response(302)
                self.send_header("Location", f"{wire.elsewhere}/plain")
                self.send_header("Content-Length", "0")
                self.end_headers()
            else:
                self._answer({"participants": [{"id": "1"}], "next_page_token": ""})

        def _answer(self, body: object) -> None:
            raw = json.dumps(body).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    return Handler


@pytest.fixture
def wire(settings: Settings) -> Iterator[Wire]:
    wire = Wire()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(wire))
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    wire.url, wire.elsewhere = (f"http://{host}:{server.server_port}" for host in ("127.0.0.1", "localhost"))
    settings.ZOOM_OAUTH_URL, settings.ZOOM_API_URL = f"{wire.url}/oauth", f"{wire.url}/v2"
    yield wire
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def zoom(wire: Wire) -> Iterator[ZoomClient]:
    client = ZoomClient(CREDENTIALS, Link(), FakeClock().clock)
    yield client
    client.close()


@pytest.mark.parametrize(
    ("uuid", "written"),
    [
        ("/ab8KZTdCVbQxvSoZ7w==", "%252Fab8KZTdCVbQxvSoZ7w%253D%253D"),
        ("ab//KZTdCVbQxvSoZ7w==", "ab%252F%252FKZTdCVbQxvSoZ7w%253D%253D"),
        ("/../KZTdCVbQ+vSoZ7w==", "%252F..%252FKZTdCVbQ%252BvSoZ7w%253D%253D"),
        ("ab/KZTdCVbQ+xvSoZ7w==", "ab%2FKZTdCVbQ%2BxvSoZ7w%3D%3D"),
    ],
)
def test_uuids_arrive_as_zoom_wants_them(wire: Wire, zoom: ZoomClient, uuid: str, written: str) -> None:
    """must-beat 14."""
    assert list(zoom.past_participants("webinar", uuid)) == [{"id": "1"}]
    assert wire.lines == [
        f"GET /v2/past_webinars/{written}/participants?page_size=300&include_fields=registrant_id HTTP/1.1"
    ]


def test_token_does_not_follow_a_file_to_another_host(wire: Wire, zoom: ZoomClient) -> None:
    assert zoom.file_text(f"{wire.url}/rec/1").startswith('{"participants"')
    assert wire.lines == ["GET /rec/1 HTTP/1.1", "GET /plain HTTP/1.1"]
    assert wire.bearers == [f"Bearer {TOKEN}", None]
