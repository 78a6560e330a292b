"""Looks at the alerts from outside: dead workers tell nobody that they are dead."""

from typing import Any

from conferences.management.base import AnsweringCommand
from conferences.management.output import printable
from conferences.models import Alert
from conferences.operations.alerts import looking, outbox
from conferences.wording import counted


class Command(AnsweringCommand):
    help = (
        "Look at every alert rule now, and send the messages that are due. Workers do so each minute; "
        "run it by a timer as well, so that it is noticed when no worker is left."
    )

    def answer(self, *, json: bool, **_: Any) -> None:
        looked = looking.look()
        sent = outbox.deliver()
        opened = list(Alert.objects.filter(state=Alert.State.OPEN).order_by("opened_at", "pk"))
        result = {
            "looked": looked,
            "open": [_told(alert) for alert in opened],
            "sent": sent.delivered,
            "put_off": sent.put_off,
            "given_up": sent.given_up,
        }
        lines = [printable(_line(alert)) for alert in opened] or ["Nothing is wrong that a rule looks for."]
        if not looked:
            lines.append("Somebody else is looking right now; this is what was known before.")
        if sent.put_off or sent.given_up:
            missed = counted(sent.put_off + sent.given_up, "message")
            lines.append(f"{missed} did not arrive; the page of alerts says why.")
        self.give(result, *lines, as_json=json)


def _line(alert: Alert) -> str:
    return f"○ {alert.message} Not met any more for the moment." if alert.cleared_at else f"✗ {alert.message}"


def _told(alert: Alert) -> dict[str, Any]:
    return {
        "alert": alert.pk,
        "rule": alert.rule_name,
        "connection": alert.connection_id,
        "message": alert.message,
        "met": alert.cleared_at is None,
        "opened_at": alert.opened_at.isoformat() if alert.opened_at else None,
        "acknowledged": alert.acknowledged_at is not None,
    }
