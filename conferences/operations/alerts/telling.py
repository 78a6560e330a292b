"""An alert in words and as JSON, for those who are not looking at its page."""

from typing import Any

from django.urls import reverse

from conferences.models import Alert, AlertDelivery
from conferences.public import public_url


def subject_of(delivery: AlertDelivery) -> str:
    """One line, however the rule or the connection is called."""
    alert = delivery.alert
    what = f"{alert.rule_name} · {alert.connection.name}" if alert.connection else alert.rule_name
    return " ".join(f"[{delivery.event}] {what}".split())[:200]


def as_json(delivery: AlertDelivery) -> dict[str, Any]:
    """Moments in ISO 8601, UTC. `alert` is the same number when it opens and when it ends."""
    alert = delivery.alert
    connection = alert.connection
    return {
        "event": delivery.event,
        "alert": alert.pk,
        "rule": alert.rule_name,
        "kind": alert.terms.partition(" ")[0],
        "connection": {"id": connection.pk, "name": connection.name} if connection else None,
        "subject": alert.subject,
        "message": alert.message,
        "opened_at": alert.opened_at.isoformat() if alert.opened_at else None,
        "resolved_at": alert.resolved_at.isoformat() if alert.resolved_at else None,
        "reason": alert.resolved_because,
        "acknowledged": alert.acknowledged_at is not None,
        "url": page_of(alert),
    }


def page_of(alert: Alert) -> str:
    return f"{public_url(reverse('operations:alerts'))}#alert-{alert.pk}"
