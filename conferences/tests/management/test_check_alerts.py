"""For a timer, and for whoever wants to know now."""

import pytest
from django.core import mail
from django.utils import timezone

from conferences.models import Alert, AlertRule, Connection
from conferences.operations.alerts import outbox
from conferences.tests.management.conftest import Run
from conferences.tests.operations.conftest import held
from conferences.tests.operations.conftest import ran as ended


@pytest.fixture
def rule(connection: Connection) -> AlertRule:
    AlertRule.objects.all().delete()
    return AlertRule.objects.create(
        name="Rate", kind="success_rate", threshold=50, hold_minutes=0, email_to=["ops@example.org"]
    )


def test_nothing_is_wrong(run: Run, rule: AlertRule) -> None:
    ran = run("check_alerts", "--json")
    assert (ran.exit_code, ran.json) == (0, {"looked": True, "open": [], "sent": 0, "put_off": 0, "given_up": 0})


def test_what_is_wrong_is_told_and_sent(run: Run, rule: AlertRule, connection: Connection) -> None:
    ended(held(connection, 5), 3, "failed")
    ran, alert = run("check_alerts", "--json"), Alert.objects.get()
    assert alert.opened_at
    assert ran.json == {
        "looked": True,
        "open": [
            {
                "alert": alert.pk,
                "rule": "Rate",
                "connection": connection.pk,
                "message": alert.message,
                "met": True,
                "opened_at": alert.opened_at.isoformat(),
                "acknowledged": False,
            }
        ],
        "sent": 1,
        "put_off": 0,
        "given_up": 0,
    }
    assert (ran.exit_code, len(mail.outbox)) == (0, 1)


def test_for_people(run: Run, rule: AlertRule, connection: Connection) -> None:
    assert run("check_alerts").out == "Nothing is wrong that a rule looks for.\n"
    ended(held(connection, 5), 3, "failed")
    assert run("check_alerts").out.startswith("✗ Main campus: 0 of 1 synced well within a day")


def test_what_is_over_but_may_come_back_is_told_apart(run: Run, rule: AlertRule, connection: Connection) -> None:
    """Promise: an alert that waits for its end is not told as if it still held."""
    rule.hold_minutes = 10
    rule.save()
    now = timezone.now()
    Alert.objects.create(
        rule=rule,
        rule_name=rule.name,
        terms=rule.terms,
        connection=connection,
        message="Main campus: 0 of 1.",
        state="open",
        first_seen_at=now,
        opened_at=now,
    )
    assert run("check_alerts").out == "○ Main campus: 0 of 1. Not met any more for the moment.\n"
    assert [told["met"] for told in run("check_alerts", "--json").json["open"]] == [False]
    ended(held(connection, 5), 3, "failed")
    assert run("check_alerts").out.startswith("✗ Main campus: 0 of 1 synced well within a day")
    assert [told["met"] for told in run("check_alerts", "--json").json["open"]] == [True]


@pytest.mark.parametrize(("missed", "told"), [(1, "1 message"), (2, "2 messages")])
def test_messages_that_did_not_arrive_are_counted(
    run: Run, rule: AlertRule, monkeypatch: pytest.MonkeyPatch, missed: int, told: str
) -> None:
    monkeypatch.setattr(outbox, "deliver", lambda: outbox.Sent(put_off=1, given_up=missed - 1))
    assert run("check_alerts").out.splitlines()[-1] == f"{told} did not arrive; the page of alerts says why."
