"""Alerts open and end by themselves, and never flap. Promise: never two for one thing, never one before its hold."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from conferences.models import Alert, AlertDelivery, AlertRule, Connection
from conferences.operations.alerts import life
from conferences.operations.alerts.life import end_outdated, live
from conferences.operations.alerts.scene import Met

Rule = Callable[..., AlertRule]
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
BROKEN = Met(None, "", "It is broken.")
FIVE = 5


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def states() -> list[str]:
    return list(Alert.objects.order_by("pk").values_list("state", flat=True))


def played(rule: AlertRule, *looks: tuple[float, bool]) -> list[str]:
    for minutes, broken in looks:
        live(rule, [BROKEN] if broken else [], at(minutes))
    return states()


@pytest.fixture
def five(rule: Rule) -> AlertRule:
    return rule("system", hold_minutes=FIVE, email_to=["ops@example.org"])


def test_what_has_not_lasted_yet_is_pending(five: AlertRule) -> None:
    assert played(five, (0, True), (4.9, True)) == ["pending"]


def test_what_lasts_opens(five: AlertRule) -> None:
    assert played(five, (0, True), (5, True)) == ["open"]
    assert list(Alert.objects.values_list("first_seen_at", "opened_at", "message")) == [(at(0), at(5), "It is broken.")]


def test_without_a_hold_it_opens_at_once(rule: Rule) -> None:
    assert played(rule("system"), (0, True)) == ["open"]


def test_blip_leaves_nothing(five: AlertRule) -> None:
    assert played(five, (0, True), (1, False)) == []


def test_two_blips_do_not_add_up(five: AlertRule) -> None:
    assert played(five, (0, True), (4, False), (4.5, True), (6, True)) == ["pending"]


def test_what_is_gone_for_a_moment_stays_open(five: AlertRule) -> None:
    assert played(five, (0, True), (5, True), (6, False), (10, True), (11, False), (15, False)) == ["open"]


def test_what_stays_away_resolves(five: AlertRule) -> None:
    assert played(five, (0, True), (5, True), (6, False), (11, False)) == ["resolved"]
    assert list(Alert.objects.values_list("resolved_at", "resolved_because")) == [(at(11), "It is over.")]


def test_what_comes_again_opens_anew(five: AlertRule) -> None:
    looks = ((0, True), (5, True), (6, False), (11, False), (12, True), (17, True))
    assert played(five, *looks) == ["resolved", "open"]


def test_acknowledged_stays_quiet_until_it_is_over(five: AlertRule) -> None:
    played(five, (0, True), (5, True))
    Alert.objects.update(acknowledged_at=at(6))
    played(five, (7, True), (8, False), (9, True), (60, True))
    assert list(AlertDelivery.objects.values_list("event", flat=True)) == ["opened"]
    assert list(Alert.objects.values_list("state", "acknowledged_at")) == [("open", at(6))]


def test_new_one_is_not_acknowledged_by_the_old(five: AlertRule) -> None:
    played(five, (0, True), (5, True))
    Alert.objects.update(acknowledged_at=at(6))
    played(five, (7, False), (12, False), (13, True), (18, True))
    assert list(Alert.objects.order_by("pk").values_list("state", "acknowledged_at")) == [
        ("resolved", at(6)),
        ("open", None),
    ]


def test_people_are_told_of_its_beginning_and_its_end_once(five: AlertRule) -> None:
    played(five, (0, True), (5, True), (6, True), (7, False), (12, False), (13, False))
    assert list(AlertDelivery.objects.order_by("pk").values_list("channel", "event", "to")) == [
        ("email", "opened", ["ops@example.org"]),
        ("email", "resolved", ["ops@example.org"]),
    ]


def test_newest_words_are_kept(five: AlertRule) -> None:
    played(five, (0, True))
    live(five, [Met(None, "", "It is worse.")], at(5))
    assert Alert.objects.get().message == "It is worse."


def test_each_thing_has_an_alert_of_its_own(rule: Rule, rooms: Connection) -> None:
    both = [Met(rooms.pk, "run 1", "One."), Met(rooms.pk, "run 2", "Two.")]
    live(rule("stale_run"), both, at(0))
    assert sorted(Alert.objects.values_list("subject", "state")) == [("run 1", "open"), ("run 2", "open")]


def changed(rule: AlertRule, **values: object) -> list[tuple[str, str]]:
    played(rule, (0, True), (5, True))
    AlertRule.objects.filter(pk=rule.pk).update(**values)
    end_outdated(at(6))
    return list(Alert.objects.values_list("state", "resolved_because"))


def test_rule_that_was_switched_off_ends_its_alert(five: AlertRule) -> None:
    assert changed(five, enabled=False) == [("resolved", life.DISABLED)]


@pytest.mark.parametrize("values", [{"threshold": 7}, {"kind": "queue_growing"}])
def test_rule_that_was_changed_ends_its_alert(five: AlertRule, values: dict[str, object]) -> None:
    assert changed(five, **values) == [("resolved", life.CHANGED)]


@pytest.mark.parametrize("values", [{"name": "Another name"}, {"hold_minutes": 9}, {"email_to": []}])
def test_rule_that_looks_for_the_same_keeps_its_alert(five: AlertRule, values: dict[str, object]) -> None:
    assert changed(five, **values) == [("open", "")]


def test_rule_that_was_deleted_ends_its_alert_and_leaves_its_name(five: AlertRule) -> None:
    played(five, (0, True), (5, True))
    five.delete()
    end_outdated(at(6))
    assert list(Alert.objects.values_list("state", "resolved_because", "rule_name", "rule")) == [
        ("resolved", life.DELETED, "system", None)
    ]


def test_pending_one_of_a_rule_that_is_no_more_leaves_nothing(five: AlertRule) -> None:
    played(five, (0, True))
    AlertRule.objects.update(enabled=False)
    end_outdated(at(1))
    assert states() == []


def test_database_itself_allows_one_at_a_time(five: AlertRule) -> None:
    played(five, (0, True))
    with pytest.raises(IntegrityError), transaction.atomic():
        Alert.objects.create(rule=five, message="Twice.", first_seen_at=at(0))
    connection.check_constraints()


class Flapping(TestCase):
    """Whatever comes and goes in whatever rhythm."""

    @hypothesis_settings(max_examples=60, deadline=None)
    @given(
        hold=st.integers(0, 4),
        looks=st.lists(st.tuples(st.sampled_from([0.5, 1, 2, 7]), st.booleans()), max_size=25),
    )
    def test_never_two_and_never_before_the_hold(self, hold: int, looks: list[tuple[float, bool]]) -> None:
        rule = AlertRule.objects.create(name="flapping", kind="system", hold_minutes=hold, email_to=["a@example.org"])
        now, since, state, told = 0.0, (0.0, False), "", 0
        for step, broken in looks:
            now += step
            since = since if since[1] == broken and told else (now, broken)
            told = 1
            live(rule, [BROKEN] if broken else [], at(now))
            state = expected(state, now - since[0] >= hold, broken)
            assert list(Alert.objects.filter(state__in=Alert.ACTIVE).values_list("state", flat=True)) == (
                [state] if state else []
            )
        opened = Alert.objects.exclude(opened_at=None).count()
        assert AlertDelivery.objects.filter(event="opened").count() == opened
        assert AlertDelivery.objects.filter(event="resolved").count() == opened - (state == "open")


def expected(state: str, held: bool, broken: bool) -> str:
    """The promise in one line each: only what has held for long enough opens, or ends."""
    if state == "open":
        return "" if held and not broken else "open"
    return ("open" if held else "pending") if broken else ""
