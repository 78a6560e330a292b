"""The HTTPS server: threads, keep-alive, loopback only. One bad client never keeps another one waiting."""

import contextlib
import logging
import socket
import socketserver
import ssl
import struct
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

from conferences.providers.redaction import redact
from conferences.providers.sandbox.application import Application
from conferences.providers.sandbox.certificate import Certificate, certificate
from conferences.providers.sandbox.faults import Faults, parse
from conferences.providers.sandbox.routing import Request, Response
from conferences.providers.sandbox.trouble import Broken, answer

logger = logging.getLogger("conferences.providers.sandbox")

_HANDSHAKE_SECONDS = 10.0
_IDLE_SECONDS = 120.0
_LARGEST_BODY = 1_000_000
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


@dataclass(frozen=True, slots=True)
class Seen:
    """One request that was answered, for tests that ask what was sent where."""

    method: str
    url: str
    status: int
    authorized: bool


@dataclass(slots=True)
class Running:
    """A server at work."""

    base_url: str
    certificate: Certificate
    faults: Faults
    seen: list[Seen] = field(default_factory=list)

    @property
    def ca_bundle(self) -> str:
        return str(self.certificate.bundle)


class _Server(socketserver.ThreadingMixIn, HTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def __init__(
        self, port: int, context: ssl.SSLContext, applications: Sequence[Application], latency_seconds: float
    ) -> None:
        self.context = context
        self.applications = applications
        self.latency_seconds = latency_seconds
        super().__init__(("127.0.0.1", port), _Handler)
        self.running: Running

    def server_bind(self) -> None:
        """Without the base class's look-up of this machine's name, which may take seconds."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Runs in the connection's own thread, the handshake as well."""
        request.settimeout(_HANDSHAKE_SECONDS)
        request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self.context.wrap_socket(request, server_side=True) as encrypted:
            super().finish_request(encrypted, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002
        """Clients that hang up, or do not trust us, are no news."""
        logger.debug("connection from %s ended early", client_address, exc_info=True)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = _IDLE_SECONDS
    wbufsize = 65_536
    server: _Server

    def _serve(self) -> None:
        started = time.perf_counter()
        request = self._request()
        time.sleep(self.server.latency_seconds)
        response = answer(request, self.server.applications, self.server.running.faults)
        self._note(request, response, started)
        self._send(response)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = do_HEAD = _serve  # noqa: N815

    def _request(self) -> Request:
        headers = {name.lower(): value for name, value in self.headers.items()}
        length = min(int(headers.get("content-length") or 0), _LARGEST_BODY)
        origin = f"https://{headers.get('host') or f'127.0.0.1:{self.server.server_port}'}"
        return Request(self.command, self.path, headers, self.rfile.read(length), origin)

    def _send(self, response: Response | Broken) -> None:
        if isinstance(response, Broken) and response.kept is None:
            self._reset()
            return
        whole = response.kept if isinstance(response, Broken) else response
        assert whole is not None  # noqa: S101
        self.send_response(whole.status)
        for name, value in whole.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(whole.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(whole.body[: len(whole.body) // 2] if isinstance(response, Broken) else whole.body)
        if isinstance(response, Broken):
            self.close_connection = True

    def _reset(self) -> None:
        """Closing with a linger of zero sends RST instead of an orderly end."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        self.connection.close()

    def _note(self, request: Request, response: Response | Broken, started: float) -> None:
        status = response.status
        seen = self.server.running.seen
        seen.append(Seen(request.method, request.url, status, bool(request.header("authorization"))))
        del seen[:-10_000]
        elapsed = (time.perf_counter() - started) * 1000
        logger.info("%s", redact(f"{request.method} {request.target} {status} {elapsed:.0f} ms"))

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """The base class writes to standard error; `_note` has said it already."""


def _context(files: Certificate) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(files.server)
    return context


@contextlib.contextmanager
def running(
    *applications: Application,
    port: int = 0,
    latency_seconds: float = 0.0,
    faults: Iterable[str] = (),
    authority: Path | None = None,
) -> Iterator[Running]:
    """Serves while the block runs. Port 0 takes a free one; without `authority` the certificate ends with the block."""
    trouble = Faults(tuple(parse(text) for text in faults))
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory())) if authority is None else authority.parent
        files = certificate(authority or folder / "certificate.pem")
        server = stack.enter_context(_Server(port, _context(files), applications, latency_seconds))
        server.running = Running(f"https://127.0.0.1:{server.server_port}", files, trouble)
        thread = threading.Thread(
            target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="sandbox", daemon=True
        )
        thread.start()
        stack.callback(thread.join)
        stack.callback(server.shutdown)
        yield server.running
