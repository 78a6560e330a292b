"""Messages on their way: written with the alert's change, sent afterwards, tried for a day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now

from conferences.models import Alert, AlertDelivery
from conferences.models.fields import Undecryptable
from conferences.operations.alerts import mail, webhook
from conferences.operations.alerts.undeliverable import Undeliverable
from conferences.sync.database import resilient

Channel = AlertDelivery.Channel
Event = AlertDelivery.Event

# After the first try and each further one; together about a day.
WAITS_MINUTES = (1, 5, 15, 30, 60, 120, 240, 480, 480)
# Nobody else takes what is being sent; whoever died over it frees it by this. Longer than any try can take.
LEASE = timedelta(minutes=10)
SENDERS: dict[str, Callable[[AlertDelivery], None]] = {Channel.EMAIL: mail.send, Channel.WEBHOOK: webhook.send}


@dataclass(slots=True)
class Sent:
    """How many arrived, how many will be tried again, and how many were given up."""

    delivered: int = 0
    put_off: int = 0
    given_up: int = 0


def write(alert: Alert, event: AlertDelivery.Event) -> None:
    """One message for each way that the rule names; to be sent when this is committed."""
    rule = alert.rule
    if rule is None:
        return
    if rule.email_to:
        _write(alert, event, Channel.EMAIL, to=rule.email_to)
    if rule.webhook_url:
        _write(alert, event, Channel.WEBHOOK, to=[rule.webhook_url], secret=rule.webhook_secret)


def _write(alert: Alert, event: Event, channel: Channel, **where: object) -> None:
    AlertDelivery.objects.create(alert=alert, channel=channel, event=event, next_attempt_at=Now(), **where)


def deliver(at_most: int = 50) -> Sent:
    """All that is due. No transaction is open while something is sent."""
    sent = Sent()
    for _ in range(at_most):
        delivery = resilient(_claim)
        if delivery is None:
            break
        _try(delivery, sent)
    return sent


def _claim() -> AlertDelivery | None:
    """The oldest that is due and that nobody else is sending; what opened is told before its end."""
    untold = AlertDelivery.objects.filter(
        alert=OuterRef("alert"), channel=OuterRef("channel"), event=Event.OPENED, next_attempt_at__isnull=False
    )
    ready = Q(event=Event.OPENED) | ~Exists(untold)
    due = AlertDelivery.objects.filter(ready, next_attempt_at__lte=Now())
    row = due.select_for_update(skip_locked=True, of=("self",)).order_by("next_attempt_at", "pk").first()
    if row is None:
        return None
    AlertDelivery.objects.filter(pk=row.pk).update(next_attempt_at=Now() + LEASE, attempts=F("attempts") + 1)
    return AlertDelivery.objects.select_related("alert__connection").get(pk=row.pk)


def _try(delivery: AlertDelivery, sent: Sent) -> None:
    try:
        SENDERS[delivery.channel](delivery)
    except (Undeliverable, Undecryptable) as error:
        _failed(delivery, str(error), sent)
    else:
        _settle(delivery, delivered_at=Now(), next_attempt_at=None, last_error="")
        sent.delivered += 1


def _failed(delivery: AlertDelivery, why: str, sent: Sent) -> None:
    if delivery.attempts > len(WAITS_MINUTES):
        _settle(delivery, next_attempt_at=None, last_error=why[:500])
        sent.given_up += 1
    else:
        wait = timedelta(minutes=WAITS_MINUTES[delivery.attempts - 1])
        _settle(delivery, next_attempt_at=Now() + wait, last_error=why[:500])
        sent.put_off += 1


def _settle(delivery: AlertDelivery, **values: object) -> None:
    """Unless somebody else has taken it over meanwhile."""
    mine = AlertDelivery.objects.filter(pk=delivery.pk, attempts=delivery.attempts, delivered_at=None)
    resilient(lambda: mine.update(**values))
