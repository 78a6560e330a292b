"""Which kinds of errors are news: new ones that ended something, and that no other rule tells."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from conferences.models import Alert, AlertRule, Connection, SyncItem, SyncRun, SyncStep
from conferences.operations.alerts.conditions import met
from conferences.operations.alerts.scene import Met, Scene
from conferences.tests.operations.conftest import ago, held, ran, went_wrong

Rule = Callable[..., AlertRule]


def found(rule: AlertRule) -> list[Met]:
    return met(rule, Scene(timezone.now()))


def failed(rooms: Connection, hours: float = 0.2, **values: Any) -> SyncRun:
    """A class that could not be synced, and the error that ended one of its operations."""
    run = ran(held(rooms, 5), hours, "failed", attendance="failed")
    defaults = {"ended_step": True, "item": run.items.get(), "operation": "attendance"}
    went_wrong(run, hours, **{**defaults, **values})
    return run


def refused(rooms: Connection, **values: Any) -> SyncRun:
    told = {"error_class": "authentication", "code": "secret_expired", "message": "The secret has expired."}
    return failed(rooms, **{**told, **values})


def test_new_kind_of_error_is_told_once_for_all_its_places(rooms: Connection, rule: Rule) -> None:
    run = failed(rooms, message="It broke.")
    went_wrong(run, 0.1, item=run.items.get(), operation="chat", message="It broke.", ended_step=True)
    failed(rooms, message="It broke.")
    assert found(rule("new_error", 24)) == [
        Met(
            rooms.pk,
            "server provider_trouble",
            "Rooms: a new kind of error (provider's server) in attendance and chat of 2 conferences. It broke. "
            "Look for provider_trouble among the errors.",
        )
    ]


def test_error_without_a_place_is_told_as_well(rooms: Connection, rule: Rule) -> None:
    failed(rooms, item=None, operation="", message="It broke.", error_class="network", code="unreachable")
    assert [each.message for each in found(rule("new_error", 24))] == [
        "Rooms: a new kind of error (network). It broke. Look for unreachable among the errors."
    ]


@pytest.mark.parametrize("error_class", ["rate_limit", "server", "network"])
def test_what_trying_again_has_overcome_is_no_news(rooms: Connection, rule: Rule, error_class: str) -> None:
    failed(rooms, error_class=error_class, ended_step=False)
    assert found(rule("new_error", 24)) == []


def test_what_was_throttled_until_it_failed_is_news(rooms: Connection, rule: Rule) -> None:
    failed(rooms, error_class="rate_limit", code="rate_limited")
    assert [each.subject for each in found(rule("new_error", 24))] == ["rate_limit rate_limited"]


@pytest.mark.parametrize(("before", "expected"), [(10, 0), (25, 1)])
def test_kind_of_error_that_was_met_before(rooms: Connection, rule: Rule, before: float, expected: int) -> None:
    failed(rooms, before)
    failed(rooms)
    assert len(found(rule("new_error", 24))) == expected


def test_kind_of_error_is_news_for_an_hour(rooms: Connection, rule: Rule) -> None:
    failed(rooms, 1.5)
    assert found(rule("new_error", 24)) == []


def test_refusal_is_told_by_the_rule_for_refused_connections_alone(rooms: Connection, rule: Rule) -> None:
    """Promise: one cause, one alert."""
    refused(rooms)
    news, refusals = rule("new_error", 24), rule("connection_refused", 14)
    assert (found(news), len(found(refusals))) == ([], 1)
    refusals.delete()
    assert [each.subject for each in found(news)] == ["authentication secret_expired"]


@pytest.mark.parametrize("changes", [{"enabled": False}, {"connection": "other"}])
def test_refusal_that_no_rule_tells_is_news(rooms: Connection, rule: Rule, changes: dict[str, Any]) -> None:
    other = Connection.objects.create(provider="campus", name="Other", credentials={"script": "quick", "key": "k"})
    rule("connection_refused", 14, **{name: other if value == "other" else value for name, value in changes.items()})
    refused(rooms)
    assert [each.connection for each in found(rule("new_error", 24))] == [rooms.pk]


def test_other_trouble_of_a_refused_connection_is_news(rooms: Connection, rule: Rule) -> None:
    rule("connection_refused", 14)
    refused(rooms)
    failed(rooms)
    assert [each.subject for each in found(rule("new_error", 24))] == ["server provider_trouble"]


def test_what_a_check_found_refused_everywhere_is_told_as_the_refusal(rooms: Connection, rule: Rule) -> None:
    line = {"operation": "attendance", "state": "blocked", "message": "No doors.", "code": "missing_permission"}
    rooms.checks, rooms.checked_at = [line], ago(0.1)
    rooms.save()
    failed(rooms, error_class="permission", code="missing_permission")
    refusals = rule("connection_refused", 14)
    assert (len(found(refusals)), found(rule("new_error", 24))) == (1, [])


def test_refusal_that_was_just_mended_is_no_news_either(rooms: Connection, rule: Rule) -> None:
    """Its own alert has told it, and its end."""
    refusals, now = rule("connection_refused", 14), timezone.now()
    refused(rooms)
    ran(held(rooms, 5), 0.1, chat="synced")
    told = {"rule": refusals, "connection": rooms, "subject": "refused", "first_seen_at": now, "message": "!"}
    alert = Alert.objects.create(**told, state="resolved", resolved_at=now)
    news = rule("new_error", 24)
    assert (found(refusals), found(news)) == ([], [])
    alert.delete()
    assert [each.subject for each in found(news)] == ["authentication secret_expired"]


def test_daily_limit_is_told_by_the_rule_for_paused_syncs_alone(rooms: Connection, rule: Rule) -> None:
    run = failed(rooms, error_class="rate_limit", code="daily_limit")
    SyncRun.objects.filter(pk=run.pk).update(state="paused", finished_at=None)
    SyncItem.objects.filter(run=run).update(state="queued")
    pauses, news = rule("paused_run"), rule("new_error", 24)
    assert (len(found(pauses)), found(news)) == (1, [])
    AlertRule.objects.filter(pk=pauses.pk).update(threshold=1)
    assert [each.subject for each in found(news)] == ["rate_limit daily_limit"]


@pytest.mark.parametrize(
    ("error", "same_class", "over"),
    [
        ({}, True, True),  # the class that could not be synced has been
        ({}, False, False),  # another one proves nothing of it
        ({"error_class": "authentication", "code": "missing_scope"}, False, True),  # what concerns all
    ],
)
def test_what_has_gone_well_since_is_over(
    rooms: Connection, rule: Rule, error: dict[str, str], same_class: bool, over: bool
) -> None:
    """Promise: nobody is told for an hour of what was mended within a minute."""
    run = failed(rooms, 0.5, **error)
    news = rule("new_error", 24)
    assert len(found(news)) == 1
    assert run.conference is not None
    ran(run.conference if same_class else held(rooms, 5), 0.1, attendance="synced")
    assert found(news) == [] if over else len(found(news)) == 1


def test_what_went_well_before_is_no_mending(rooms: Connection, rule: Rule) -> None:
    run = failed(rooms, 0.2)
    assert run.conference is not None
    ran(run.conference, 0.4, attendance="synced")
    assert len(found(rule("new_error", 24))) == 1


def test_other_operation_of_the_class_mends_nothing(rooms: Connection, rule: Rule) -> None:
    run = failed(rooms, 0.3)
    assert run.conference is not None
    ran(run.conference, 0.1, chat="synced")
    assert len(found(rule("new_error", 24))) == 1


def test_newer_check_mends_what_a_check_could_not_find_out(rooms: Connection, rule: Rule) -> None:
    failed(rooms, 0.3, operation="check", item=None, error_class="network", code="unreachable")
    news = rule("new_error", 24)
    assert len(found(news)) == 1
    Connection.objects.filter(pk=rooms.pk).update(checked_at=timezone.now())
    assert found(news) == []


@pytest.mark.parametrize(("code", "over"), [("drive_denied", True), ("provider_trouble", False)])
def test_what_was_refused_for_another_reason_since_is_over(
    rooms: Connection, rule: Rule, code: str, over: bool
) -> None:
    """The provider answered: the outage is over, though not all is permitted."""
    run = failed(rooms, 0.3)
    assert run.conference is not None
    newer = ran(run.conference, 0.1, "partial", attendance="blocked")
    SyncStep.objects.filter(item__run=newer).update(code=code)
    assert (found(rule("new_error", 24)) == []) is over
