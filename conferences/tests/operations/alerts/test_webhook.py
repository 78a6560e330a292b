"""What a receiver gets, how it knows that it is from us, and where nothing is ever sent."""

import hashlib
import hmac
import json
import socket
import time
from collections.abc import Callable
from ipaddress import ip_address

import pytest
from django.utils import timezone
from pytest_django import Settings

from conferences.models import Alert, AlertDelivery, AlertRule, Connection
from conferences.operations.alerts import webhook
from conferences.operations.alerts.outbox import write
from conferences.operations.alerts.undeliverable import Undeliverable
from conferences.tests.operations.alerts.conftest import SECRET, Receiver
from lms_project.local.ports import free_port

Rule = Callable[..., AlertRule]
PRIVATE = "The address leads into a private network."


def delivery(rule: AlertRule, connection: Connection | None = None) -> AlertDelivery:
    now = timezone.now()
    alert = Alert.objects.create(
        rule=rule,
        rule_name=rule.name,
        terms=rule.terms,
        connection=connection,
        message="Broken.",
        state="open",
        first_seen_at=now,
        opened_at=now,
    )
    write(alert, AlertDelivery.Event.OPENED)
    return AlertDelivery.objects.get()


@pytest.fixture
def to(rule: Rule) -> Callable[..., AlertDelivery]:
    def made(url: str, secret: str = SECRET, connection: Connection | None = None) -> AlertDelivery:
        return delivery(rule("system", webhook_url=url, webhook_secret={"secret": secret}), connection)

    return made


def refusal(each: AlertDelivery) -> str:
    with pytest.raises(Undeliverable) as error:
        webhook.send(each)
    return str(error.value)


def test_body(to: Callable[..., AlertDelivery], receiver: Receiver, rooms: Connection, settings: Settings) -> None:
    settings.PUBLIC_URL = "https://lms.example.org"
    each = to(receiver.url, connection=rooms)
    webhook.send(each)
    assert each.alert.opened_at
    assert json.loads(receiver.got[0][1]) == {
        "event": "opened",
        "alert": each.alert_id,
        "rule": "system",
        "kind": "system",
        "connection": {"id": rooms.pk, "name": "Rooms"},
        "subject": "",
        "message": "Broken.",
        "opened_at": each.alert.opened_at.isoformat(),
        "resolved_at": None,
        "reason": "",
        "acknowledged": False,
        "url": f"https://lms.example.org/operations/alerts/#alert-{each.alert_id}",
    }


def test_receiver_can_verify_it_as_documented(to: Callable[..., AlertDelivery], receiver: Receiver) -> None:
    """Promise of docs/operations.md."""
    webhook.send(to(receiver.url))
    headers, body = receiver.got[0]
    signed = headers["X-Timestamp"].encode() + b"." + body
    expected = "sha256=" + hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    assert hmac.compare_digest(expected, headers["X-Signature-256"])
    assert abs(time.time() - int(headers["X-Timestamp"])) < 300
    assert headers["Content-Type"] == "application/json"


def test_secret_is_never_sent(to: Callable[..., AlertDelivery], receiver: Receiver) -> None:
    webhook.send(to(receiver.url))
    assert SECRET not in repr(receiver.got)


def test_redirect_is_not_followed(to: Callable[..., AlertDelivery], receiver: Receiver) -> None:
    receiver.status, receiver.headers = 302, {"Location": receiver.url}
    assert refusal(to(receiver.url)) == (
        "The receiver answered 302. Redirects are not followed: enter the address that it leads to."
    )
    assert len(receiver.got) == 1


def test_without_a_secret_nothing_is_sent(to: Callable[..., AlertDelivery], receiver: Receiver) -> None:
    assert refusal(to(receiver.url, secret="")) == "The rule has no secret to sign with: enter one."
    assert receiver.got == []


def test_receiver_that_is_not_there(to: Callable[..., AlertDelivery], settings: Settings) -> None:
    settings.DEBUG = True
    assert refusal(to(f"http://127.0.0.1:{free_port()}/")) == "The receiver could not be reached (NewConnectionError)."


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - sent to, not listened at
        "224.0.0.1",
        "2130706433",
        "0x7f.1",
        "localhost",
        "[::1]",
        "[fe80::1]",
        "[fd00::1]",
        "[::ffff:10.0.0.1]",
        "[64:ff9b::a00:1]",
        "[2002:a00:1::1]",
    ],
)
def test_private_network_is_out_of_reach(to: Callable[..., AlertDelivery], host: str) -> None:
    assert refusal(to(f"https://{host}/hook"))[: len(PRIVATE)] == PRIVATE


def resolving(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """A name server that answers so in turn; returns what was then connected to."""
    left, reached, genuine = list(answers), [], socket.getaddrinfo

    def resolve(host: str, port: int, *rest: object, **named: object) -> list[tuple[object, ...]]:
        try:
            ip_address(host)
        except ValueError:
            found = left.pop(0) if len(left) > 1 else left[0]
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in found]
        reached.append(host)
        return genuine("127.0.0.1", 1, type=socket.SOCK_STREAM)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return reached


def test_name_that_leads_into_a_private_network(
    to: Callable[..., AlertDelivery], monkeypatch: pytest.MonkeyPatch
) -> None:
    reached = resolving(monkeypatch, ["93.184.216.34", "10.0.0.1"])
    assert (refusal(to("https://hooks.example.org/"))[: len(PRIVATE)], reached) == (PRIVATE, [])


def test_name_that_leads_elsewhere_the_second_time(
    to: Callable[..., AlertDelivery], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Promise: what was checked is what is connected to."""
    reached = resolving(monkeypatch, ["93.184.216.34"], ["10.0.0.1"])
    refusal(to("https://hooks.example.org/"))
    assert reached == ["93.184.216.34"]


def test_private_network_where_that_is_meant(
    to: Callable[..., AlertDelivery], receiver: Receiver, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DEBUG, settings.ALERT_WEBHOOKS_TO_PRIVATE_NETWORKS = False, True
    assert refusal(to(receiver.url)) == "Alerts are only sent by https."
    AlertDelivery.objects.update(to=[receiver.url.replace("http:", "https:")])
    assert refusal(AlertDelivery.objects.get()) == "The receiver could not be reached (SSLError)."


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("https://hooks.example.org/a", ""),
        ("http://hooks.example.org/a", "Alerts are only sent by https."),
        ("http://127.0.0.1/a", "Alerts are only sent by https."),
        ("ftp://hooks.example.org/a", "Alerts are only sent by https."),
        ("https://", "This is not an address."),
        ("https://[::1", "This is not an address."),
        ("https://hooks.example.org:x/", "This is not an address."),
    ],
)
def test_addresses(url: str, problem: str) -> None:
    assert webhook.problem_of(url) == problem


def test_address_with_a_password_is_refused() -> None:
    told = "The address must not contain a user name or password; what is sent is signed."
    assert webhook.problem_of("https://me:pw@hooks.example.org/") == told
