"""An alert as a signed HTTP request. How a receiver verifies it stands in docs/operations.md."""

import hashlib
import hmac
import json
import time
from urllib.parse import urlsplit

from django.conf import settings
from urllib3 import Timeout
from urllib3.exceptions import HTTPError

from conferences.models import AlertDelivery
from conferences.operations.alerts.public_hosts import Refused, is_loopback, pool
from conferences.operations.alerts.telling import as_json
from conferences.operations.alerts.undeliverable import Undeliverable

TIMEOUT = Timeout(connect=5, read=10, total=15)
OK, MOVED, WRONG = 200, 300, 400


def send(delivery: AlertDelivery) -> None:
    """Raises Undeliverable, Undecryptable."""
    url, secret = delivery.to[0], delivery.secret.reveal().get("secret", "")
    if problem := problem_of(url):
        raise Undeliverable(problem)
    if not secret:
        raise Undeliverable("The rule has no secret to sign with: enter one.")
    body = json.dumps(as_json(delivery)).encode()
    status = _posted(url, body, _headers(delivery, secret, body))
    if not OK <= status < MOVED:
        moved = " Redirects are not followed: enter the address that it leads to." if MOVED <= status < WRONG else ""
        raise Undeliverable(f"The receiver answered {status}.{moved}")


def problem_of(url: str) -> str:
    """Why nothing may be sent there; "" where nothing speaks against it."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return "This is not an address."
    if not host:
        return "This is not an address."
    if parts.username is not None or parts.password is not None:
        return "The address must not contain a user name or password; what is sent is signed."
    if parts.scheme == "https" or (parts.scheme == "http" and settings.DEBUG and is_loopback(host)):
        return ""
    return "Alerts are only sent by https."


def _headers(delivery: AlertDelivery, secret: str, body: bytes) -> dict[str, str]:
    timestamp = str(int(time.time()))
    return {
        "Content-Type": "application/json",
        "User-Agent": "lms-alerts/1",
        "X-Delivery": str(delivery.pk),
        "X-Timestamp": timestamp,
        "X-Signature-256": signed(secret, timestamp, body),
    }


def signed(secret: str, timestamp: str, body: bytes) -> str:
    digest = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
    return f"sha256={digest}"


def _posted(url: str, body: bytes, headers: dict[str, str]) -> int:
    """Returns the status; nothing else of the answer is read."""
    try:
        with pool() as connections:
            answer = connections.request(
                "POST",
                url,
                body=body,
                headers=headers,
                timeout=TIMEOUT,
                retries=False,
                redirect=False,
                preload_content=False,
            )
            answer.close()
            return answer.status
    except Refused as error:
        raise Undeliverable(str(error)) from None
    except (HTTPError, OSError, ValueError) as error:
        raise Undeliverable(f"The receiver could not be reached ({type(error).__name__}).") from None
