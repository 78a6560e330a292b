"""A server on loopback that writes exactly the bytes it is told, for what no well-behaved HTTP library would send."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Script = Callable[[socket.socket], None]


@dataclass
class Wire:
    port: int
    connections: int = 0
    requests: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


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


@contextmanager
def serving(script: Script, *, requests_each: int = 1) -> Iterator[Wire]:
    """Plays the script once a request, for so many requests on one connection, and then hangs up."""
    listener = socket.create_server(("127.0.0.1", 0))
    wire = Wire(listener.getsockname()[1])

    def serve(sock: socket.socket) -> None:
        with sock:
            try:
                for _ in range(requests_each):
                    head = _head(sock)
                    if not head:
                        return
                    wire.requests.append(head)
                    script(sock)
            except OSError:
                return

    def accept() -> None:
        while True:
            try:
                sock, _ = listener.accept()
            except OSError:
                return
            wire.connections += 1
            threading.Thread(target=serve, args=(sock,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield wire
    finally:
        # close() alone would leave the accepting thread asleep in the kernel.
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
