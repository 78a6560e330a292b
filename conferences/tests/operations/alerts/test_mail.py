"""An alert by e-mail."""

import smtplib
from collections.abc import Callable

import pytest
from django.core import mail as sent
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone
from pytest_django import Settings

from conferences.models import Alert, AlertDelivery, AlertRule, Connection
from conferences.operations.alerts import mail
from conferences.operations.alerts.outbox import write
from conferences.operations.alerts.undeliverable import Undeliverable

Rule = Callable[..., AlertRule]


@pytest.fixture
def delivery(rule: Rule, rooms: Connection) -> AlertDelivery:
    one = rule("connection_refused", name="Refused\nBcc: x@example.org", email_to=["a@example.org", "b@example.org"])
    now = timezone.now()
    alert = Alert.objects.create(
        rule=one,
        rule_name=one.name,
        connection=rooms,
        message="Rooms cannot be used.",
        state="open",
        first_seen_at=now,
        opened_at=now,
    )
    write(alert, AlertDelivery.Event.OPENED)
    return AlertDelivery.objects.get()


def test_mail_says_what_where_and_since_when(delivery: AlertDelivery, settings: Settings) -> None:
    settings.PUBLIC_URL = "https://lms.example.org"
    mail.send(delivery)
    message, alert = sent.outbox[0], delivery.alert
    assert (message.subject, message.to) == ("[opened] Refused Bcc: x@example.org · Rooms", delivery.to)
    assert message.body.split("\n\n")[::2] == [
        "Rooms cannot be used.",
        f"https://lms.example.org/operations/alerts/#alert-{alert.pk}\n",
    ]


def test_mail_of_the_end_says_why(delivery: AlertDelivery) -> None:
    Alert.objects.update(state="resolved", resolved_at=timezone.now(), resolved_because="It is over.")
    AlertDelivery.objects.update(event="resolved")
    mail.send(AlertDelivery.objects.get())
    assert (sent.outbox[0].subject[:10], sent.outbox[0].body.count("It is over.")) == ("[resolved]", 1)


def test_missing_server_is_told(delivery: AlertDelivery, settings: Settings) -> None:
    """Promise: without a configuration the delivery says so, instead of failing silently."""
    settings.EMAIL_BACKEND = mail.NOWHERE
    with pytest.raises(Undeliverable, match="No e-mail server is set up: set EMAIL_URL and restart"):
        mail.send(delivery)


@pytest.mark.parametrize(
    ("error", "name"),
    [
        (smtplib.SMTPAuthenticationError(535, b"user ops password hunter2"), "SMTPAuthenticationError"),
        (ConnectionRefusedError("no"), "ConnectionRefusedError"),
    ],
)
def test_server_that_refuses_is_told_without_its_words(
    delivery: AlertDelivery, monkeypatch: pytest.MonkeyPatch, error: Exception, name: str
) -> None:
    def refuse(*_: object) -> int:
        raise error

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    with pytest.raises(Undeliverable) as told:
        mail.send(delivery)
    assert str(told.value) == f"The e-mail server did not take it ({name})."
