"""Messages arrive once, whatever goes wrong on their way; or it is shown that they did not."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from conferences.models import Alert, AlertDelivery, AlertRule
from conferences.operations.alerts import outbox
from conferences.operations.alerts.outbox import WAITS_MINUTES, Sent, deliver, write
from conferences.tests.operations.alerts.conftest import SECRET, Receiver, minutes_pass

Rule = Callable[..., AlertRule]
Event = AlertDelivery.Event


def opened(rule: AlertRule) -> Alert:
    now = timezone.now()
    alert = Alert.objects.create(
        rule=rule, rule_name=rule.name, terms=rule.terms, message="Broken.", state="open", first_seen_at=now
    )
    Alert.objects.filter(pk=alert.pk).update(opened_at=now)
    write(alert, Event.OPENED)
    return alert


@pytest.fixture
def hooked(rule: Rule, receiver: Receiver) -> Alert:
    return opened(rule("system", webhook_url=receiver.url, webhook_secret={"secret": SECRET}))


def told() -> list[tuple[int, str, bool, bool]]:
    rows = AlertDelivery.objects.order_by("pk")
    return [(row.attempts, row.last_error, bool(row.delivered_at), bool(row.next_attempt_at)) for row in rows]


def test_rule_that_names_nobody_sends_nothing(rule: Rule) -> None:
    opened(rule("system"))
    assert AlertDelivery.objects.count() == 0


def test_message_is_sent_once(hooked: Alert, receiver: Receiver) -> None:
    assert [deliver(), deliver()] == [Sent(delivered=1), Sent()]
    assert (len(receiver.got), told()) == (1, [(1, "", True, False)])


def test_what_fails_is_tried_again_later(hooked: Alert, receiver: Receiver) -> None:
    receiver.status = 503
    assert [deliver(), deliver()] == [Sent(put_off=1), Sent()]
    assert told() == [(1, "The receiver answered 503.", False, True)]
    receiver.status = 200
    minutes_pass(1)
    assert (deliver(), told()) == (Sent(delivered=1), [(2, "", True, False)])


def test_waits_grow_until_a_day_is_over(hooked: Alert, receiver: Receiver) -> None:
    receiver.status = 500
    for minutes in WAITS_MINUTES:
        assert deliver() == Sent(put_off=1)
        minutes_pass(minutes - 0.5)
        assert deliver() == Sent()
        minutes_pass(0.5)
    assert deliver() == Sent(given_up=1)
    assert (len(receiver.got), told()) == (10, [(10, "The receiver answered 500.", False, False)])
    assert 23 * 60 < sum(WAITS_MINUTES) <= 24 * 60


def test_given_up_is_never_tried_again(hooked: Alert, receiver: Receiver) -> None:
    AlertDelivery.objects.update(attempts=10, next_attempt_at=None)
    minutes_pass(100_000)
    assert (deliver(), receiver.got) == (Sent(), [])


def test_every_try_has_the_same_number(hooked: Alert, receiver: Receiver) -> None:
    receiver.status = 500
    deliver()
    minutes_pass(1)
    deliver()
    numbers = {headers["X-Delivery"] for headers, _ in receiver.got}
    assert (len(receiver.got), numbers) == (2, {str(AlertDelivery.objects.get().pk)})


def test_end_is_told_after_the_beginning(hooked: Alert, receiver: Receiver) -> None:
    receiver.status = 500
    deliver()
    write(hooked, Event.RESOLVED)
    assert deliver() == Sent()
    receiver.status = 200
    minutes_pass(1)
    assert deliver() == Sent(delivered=2)
    assert [b'"event": "opened"' in body for _, body in receiver.got] == [True, True, False]


def test_ways_do_not_wait_for_each_other(rule: Rule, receiver: Receiver) -> None:
    receiver.status = 500
    alert = opened(
        rule("system", email_to=["a@example.org"], webhook_url=receiver.url, webhook_secret={"secret": SECRET})
    )
    write(alert, Event.RESOLVED)
    assert (deliver(), len(mail.outbox)) == (Sent(delivered=2, put_off=1), 2)


def test_sender_that_died_is_replaced(hooked: Alert, receiver: Receiver) -> None:
    """Promise: a message is lost by nobody's death, and while its sender may live nobody else sends it."""
    assert outbox._claim() is not None
    assert deliver() == Sent()
    minutes_pass(10)
    assert (deliver(), len(receiver.got)) == (Sent(delivered=1), 1)


def test_sender_that_was_presumed_dead_overwrites_nothing(hooked: Alert, receiver: Receiver) -> None:
    late = outbox._claim()
    assert late is not None
    minutes_pass(10)
    deliver()
    outbox._failed(late, "Too late.", Sent())
    assert told() == [(2, "", True, False)]


def test_rule_that_was_deleted_meanwhile_still_tells(hooked: Alert, receiver: Receiver) -> None:
    AlertRule.objects.all().delete()
    assert (deliver(), len(receiver.got)) == (Sent(delivered=1), 1)


def test_secret_that_cannot_be_read_is_told(hooked: Alert, receiver: Receiver, settings: Settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = ["YW5vdGhlci1rZXktb2YtZXhhY3RseS0zMi1ieXRlcyE="]
    assert (deliver(), receiver.got) == (Sent(put_off=1), [])
    assert told()[0][1].startswith("The stored credentials cannot be decrypted.")


@pytest.fixture
def several(transactional_db: None, rule: Rule, receiver: Receiver) -> Iterator[Receiver]:
    one = rule("system", webhook_url=receiver.url, webhook_secret={"secret": SECRET})
    for number in range(6):
        alert = Alert.objects.create(rule=one, subject=str(number), message="Broken.", first_seen_at=timezone.now())
        write(alert, Event.OPENED)
    return receiver


def test_several_senders_at_once_send_each_once(several: Receiver) -> None:
    together = Barrier(4)

    def sender() -> Sent:
        together.wait(20)
        try:
            return deliver()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        sent = [each.result() for each in [pool.submit(sender) for _ in range(4)]]
    assert (sum(each.delivered for each in sent), len(several.got)) == (6, 6)
    assert len({headers["X-Delivery"] for headers, _ in several.got}) == 6
