"""An alert by e-mail."""

import smtplib

from django.conf import settings
from django.core.mail import EmailMessage

from conferences.models import AlertDelivery
from conferences.operations.alerts.telling import page_of, subject_of
from conferences.operations.alerts.undeliverable import Undeliverable

NOWHERE = "django.core.mail.backends.dummy.EmailBackend"


def send(delivery: AlertDelivery) -> None:
    """Raises Undeliverable."""
    if settings.EMAIL_BACKEND == NOWHERE:
        raise Undeliverable("No e-mail server is set up: set EMAIL_URL and restart.")
    alert = delivery.alert
    text = "\n\n".join(line for line in (alert.message, _fate(delivery), page_of(alert)) if line)
    try:
        EmailMessage(subject_of(delivery), f"{text}\n", None, delivery.to).send()
    except (smtplib.SMTPException, OSError, ValueError) as error:
        # What servers say may repeat what they were told.
        raise Undeliverable(f"The e-mail server did not take it ({type(error).__name__}).") from None


def _fate(delivery: AlertDelivery) -> str:
    alert = delivery.alert
    if delivery.event == AlertDelivery.Event.RESOLVED and alert.resolved_at:
        return f"Resolved at {alert.resolved_at:%Y-%m-%d %H:%M} UTC. {alert.resolved_because}"
    return f"Open since {alert.opened_at:%Y-%m-%d %H:%M} UTC. Rule: {alert.rule_name}."
