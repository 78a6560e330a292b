"""Ends a request that takes too long, or whose run was stopped, whatever the other side is doing.

A socket's time-out starts again with every byte, so a server that drips holds a reader for ever; and a reader that
waits for headers hears no cancel. A watch shuts the socket from outside.
"""

import socket
import threading
import time
from types import TracebackType
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.response import BaseHTTPResponse

from conferences.providers.errors import Cancelled

LOOK_EVERY_SECONDS = 0.25

_current = threading.local()


class TooSlow(TimeoutError):
    """The whole call took longer than its deadline."""


class Watch:
    """Stands beside one request of this thread: `with Watch(60, stop): …`."""

    def __init__(self, seconds: float, stop: threading.Event) -> None:
        self._ends = time.monotonic() + seconds
        self._stop = stop
        self._done = threading.Event()
        self.sock: socket.socket | None = None

    def __enter__(self) -> "Watch":
        _current.watch = self
        threading.Thread(target=self._look, name="deadline", daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._done.set()
        _current.watch = None

    def check(self) -> None:
        """Raises Cancelled or TooSlow once either has come."""
        if self._stop.is_set():
            raise Cancelled
        if time.monotonic() > self._ends:
            raise TooSlow

    def _look(self) -> None:
        while not self._done.wait(LOOK_EVERY_SECONDS):
            if self._stop.is_set() or time.monotonic() > self._ends:
                self._shut()

    def _shut(self) -> None:
        """Below TLS, whose own state belongs to the reading thread."""
        sock = self.sock
        if sock is None:
            return
        try:
            socket.socket.shutdown(sock, socket.SHUT_RDWR)
        except OSError:
            self.sock = None


class _Watched:
    """Shows the socket to the watch before the headers are awaited."""

    sock: socket.socket | None

    def getresponse(self) -> BaseHTTPResponse:
        watch: Watch | None = getattr(_current, "watch", None)
        if watch is not None:
            watch.sock = self.sock
        return super().getresponse()  # type: ignore[misc]


class _Http(_Watched, HTTPConnection):  # type: ignore[misc]
    pass


class _Https(_Watched, HTTPSConnection):  # type: ignore[misc]
    pass


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _Http


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _Https


class WatchedAdapter(HTTPAdapter):
    """An adapter whose connections can be shut by the watch of the thread that uses them."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}
