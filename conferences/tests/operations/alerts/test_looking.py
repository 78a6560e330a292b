"""One looks, the others leave it to them; and nothing that fails here takes a page with it."""

from collections.abc import Callable
from threading import Event, Thread

import pytest
from django.core.management.sql import emit_post_migrate_signal
from django.db import Error, connection, transaction

from conferences.models import Alert, AlertRule, Connection
from conferences.operations.alerts import looking
from conferences.operations.alerts.defaults import DEFAULTS, create_rules
from conferences.operations.alerts.looking import look, look_if_due
from conferences.tests.operations.alerts.conftest import minutes_pass
from conferences.tests.operations.conftest import held, ran

Rule = Callable[..., AlertRule]


def test_look_finds_opens_and_ends(rooms: Connection, rule: Rule) -> None:
    rule("success_rate", 50)
    algebra = held(rooms, 5)
    ran(algebra, 3, "failed")
    assert (look(), list(Alert.objects.values_list("state", "connection"))) == (True, [("open", rooms.pk)])
    ran(algebra, 2)
    look()
    assert list(Alert.objects.values_list("state", flat=True)) == ["resolved"]


def test_looking_again_changes_nothing(rooms: Connection, rule: Rule) -> None:
    rule("success_rate", 50, email_to=["ops@example.org"])
    ran(held(rooms, 5), 3, "failed")
    look()
    before = list(Alert.objects.values("pk", "state", "opened_at", "deliveries"))
    look()
    assert list(Alert.objects.values("pk", "state", "opened_at", "deliveries")) == before


def test_page_looks_once_a_minute(rule: Rule) -> None:
    rule("success_rate", 50)
    looks = [look(at_once=False), look(at_once=False)]
    minutes_pass(1)
    assert [*looks, look(at_once=False)] == [True, False, True]


def test_new_rule_is_looked_at_at_once(rule: Rule) -> None:
    rule("success_rate", 50)
    look()
    rule("stale_run", 5)
    assert look(at_once=False) is True


def test_rule_that_is_switched_off_finds_nothing(rooms: Connection, rule: Rule) -> None:
    rule("success_rate", 50, enabled=False)
    ran(held(rooms, 5), 3, "failed")
    look()
    assert Alert.objects.count() == 0


def test_page_opens_though_looking_fails(rule: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")

    rule("success_rate", 50)
    monkeypatch.setattr(looking, "met", full)
    with pytest.raises(Error), transaction.atomic():
        look()
    look_if_due()
    assert AlertRule.objects.get().looked_at is None


@pytest.mark.django_db(transaction=True)
def test_whoever_comes_while_somebody_looks_leaves_it_to_them() -> None:
    locked, done = Event(), Event()

    def holds() -> None:
        with transaction.atomic():
            assert looking._alone() is not None
            locked.set()
            done.wait(20)
        connection.close()

    thread = Thread(target=holds)
    thread.start()
    assert locked.wait(20)
    looked = look()
    done.set()
    thread.join()
    assert (looked, look()) == (False, True)


class Migration:
    app_label, name = "conferences", "0001_initial"


def test_rules_are_there_from_the_beginning() -> None:
    emit_post_migrate_signal(verbosity=0, interactive=False, db="default", plan=[(Migration, False)])
    assert set(AlertRule.objects.values_list("name", flat=True)) == {each["name"] for each in DEFAULTS}
    assert set(AlertRule.objects.values_list("kind", flat=True)) == set(AlertRule.Kind.values)


@pytest.mark.parametrize("plan", [[], [(Migration, True)]])
def test_rules_that_an_admin_deleted_stay_away(plan: list[object]) -> None:
    create_rules(plan=plan)
    assert AlertRule.objects.count() == 0
