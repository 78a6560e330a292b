"""A server on loopback that writes exactly the bytes it is told, for what no well-behaved HTTP library would send."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Script = Callable[[socket.socket], None]


@dataclass
class Wire:
    port: int
    connections: int = 0
    requests: list[bytes] = field(default_factory=list)
    scheme: str = "http"

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"


def says(*parts: bytes) -> Script:
    def script(sock: socket.socket) -> None:
        for part in parts:
            sock.sendall(part)

    return script


def ok(body: bytes, *headers: bytes) -> bytes:
    lines = [b"HTTP/1.1 200 OK", b"Content-Length: %d" % len(body), *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def _head(sock: socket.socket) -> bytes:
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = sock.recv(1)
        if not byte:
            break
        head += byte
    return head


def _serve(wire: Wire, sock: socket.socket, script: Script, requests_each: int, tls: ssl.SSLContext | None) -> None:
    with suppress(OSError), tls.wrap_socket(sock, server_side=True) if tls else sock as stream:
        for _ in range(requests_each):
            head = _head(stream)
            if not head:
                return
            wire.requests.append(head)
            script(stream)


@contextmanager
def serving(script: Script, *, requests_each: int = 1, tls: ssl.SSLContext | None = None) -> Iterator[Wire]:
    """Plays the script once a request, for so many requests on one connection, and then hangs up."""
    listener = socket.create_server(("127.0.0.1", 0))
    wire = Wire(listener.getsockname()[1], scheme="https" if tls else "http")

    def accept() -> None:
        with suppress(OSError):
            while True:
                sock, _ = listener.accept()
                wire.connections += 1
                threading.Thread(target=_serve, args=(wire, sock, script, requests_each, tls), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield wire
    finally:
        # close() alone would leave the accepting thread asleep in the kernel.
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
