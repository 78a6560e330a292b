"""One rule, alone; and time that passes because the rows say that things were seen earlier."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from django.db.models import F
from pytest_django import Settings

from conferences.models import Alert, AlertDelivery, AlertRule
from conferences.tests.operations.conftest import rooms

__all__ = ["rooms"]  # a fixture

SECRET = "a-secret-that-nobody-guesses"


@pytest.fixture(autouse=True)
def no_rules(db: None) -> None:
    AlertRule.objects.all().delete()


@pytest.fixture
def rule() -> Callable[..., AlertRule]:
    def made(kind: str, threshold: float = 0, **values: Any) -> AlertRule:
        defaults = {"name": kind, "hold_minutes": 0}
        return AlertRule.objects.create(kind=kind, threshold=threshold, **{**defaults, **values})

    return made


def minutes_pass(minutes: float) -> None:
    span = timedelta(minutes=minutes)
    for field in ("first_seen_at", "opened_at", "cleared_at", "resolved_at"):
        Alert.objects.filter(**{f"{field}__isnull": False}).update(**{field: F(field) - span})
    AlertRule.objects.update(looked_at=F("looked_at") - span)
    AlertDelivery.objects.update(next_attempt_at=F("next_attempt_at") - span)


class Receiver:
    """A web server on this machine that keeps what it is sent. `status` is what it answers."""

    def __init__(self) -> None:
        self.status, self.headers = 204, {}
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.got.append((dict(self.headers), body))
            self.send_response(receiver.status)
            for name, value in receiver.headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    return Handler


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    settings.DEBUG = True  # so that plain http within this machine is good enough
    one = Receiver()
    thread = Thread(target=one.server.serve_forever, daemon=True)
    thread.start()
    yield one
    one.server.shutdown()
    one.server.server_close()
    thread.join()
