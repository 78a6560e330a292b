"""The life of alerts: pending, open, resolved. What comes and goes faster than its rule holds changes nothing."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from conferences.models import Alert, AlertDelivery, AlertRule
from conferences.operations.alerts import outbox
from conferences.operations.alerts.scene import Met

State, Event = Alert.State, AlertDelivery.Event

DISABLED = "Its rule was switched off."
CHANGED = "Its rule was changed."
DELETED = "Its rule was deleted."


def live(rule: AlertRule, found: Iterable[Met], now: datetime) -> None:
    """One look at one rule, by somebody who is alone. Its messages are written in the same transaction."""
    going = {(alert.connection_id, alert.subject): alert for alert in _active(rule)}
    for met in found:
        alert = going.pop((met.connection, met.subject), None) or _begun(rule, met, now)
        _goes_on(alert, rule, met, now)
    for alert in going.values():
        _is_gone(alert, rule, now)


def end_outdated(now: datetime) -> None:
    """What no rule stands for any more, as it was when it opened."""
    for alert in Alert.objects.filter(state__in=Alert.ACTIVE).select_related("rule"):
        rule = alert.rule
        if rule is None:
            _end(alert, now, DELETED)
        elif not rule.enabled:
            _end(alert, now, DISABLED)
        elif rule.terms != alert.terms:
            _end(alert, now, CHANGED)


def end_all(rule: AlertRule, now: datetime, reason: str) -> None:
    """Before the rule is deleted: afterwards nobody knows whom to tell."""
    for alert in _active(rule):
        _end(alert, now, reason)


def _active(rule: AlertRule) -> "Iterable[Alert]":
    """Locked: somebody may be acknowledging one."""
    return Alert.objects.select_for_update().filter(rule=rule, state__in=Alert.ACTIVE)


def _begun(rule: AlertRule, met: Met, now: datetime) -> Alert:
    return Alert(
        rule=rule,
        rule_name=rule.name,
        terms=rule.terms,
        connection_id=met.connection,
        subject=met.subject,
        first_seen_at=now,
    )


def _goes_on(alert: Alert, rule: AlertRule, met: Met, now: datetime) -> None:
    alert.message, alert.cleared_at = met.message, None
    opens = alert.state == State.PENDING and now - alert.first_seen_at >= _hold(rule)
    if opens:
        alert.state, alert.opened_at = State.OPEN, now
    alert.save()
    if opens:
        outbox.write(alert, Event.OPENED)


def _is_gone(alert: Alert, rule: AlertRule, now: datetime) -> None:
    """What goes before it has opened was a blip, of which nobody was told."""
    if alert.state == State.PENDING:
        alert.delete()
        return
    alert.cleared_at = alert.cleared_at or now
    if now - alert.cleared_at >= _hold(rule):
        _end(alert, now, "It is over.")
    else:
        alert.save(update_fields=["cleared_at"])


def _end(alert: Alert, now: datetime, reason: str) -> None:
    if alert.state == State.PENDING:
        alert.delete()
        return
    alert.state, alert.resolved_at, alert.resolved_because = State.RESOLVED, now, reason
    alert.save(update_fields=["state", "cleared_at", "resolved_at", "resolved_because"])
    outbox.write(alert, Event.RESOLVED)


def _hold(rule: AlertRule) -> timedelta:
    return timedelta(minutes=rule.hold_minutes)
