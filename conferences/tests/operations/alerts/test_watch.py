"""A running worker looks and sends by itself."""

from collections.abc import Callable

from django.core import mail

from conferences.models import AlertRule, Connection
from conferences.operations.alerts.watch import watch
from conferences.tests.operations.conftest import held, ran


def test_round_looks_and_sends(rooms: Connection, rule: Callable[..., AlertRule]) -> None:
    rule("success_rate", 50, email_to=["ops@example.org"])
    ran(held(rooms, 5), 3, "failed")
    for _ in range(2):
        watch()
    assert [message.to for message in mail.outbox] == [["ops@example.org"]]
