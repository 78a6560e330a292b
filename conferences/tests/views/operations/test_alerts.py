"""What is wrong, and who sees to it."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import timezone

from conferences.models import Alert, AlertDelivery, AlertRule
from conferences.tests.operations.conftest import ago
from conferences.tests.views.operations.test_monitor import signed_in

PAGE = "/operations/alerts/"


@pytest.fixture
def alert(db: None) -> Alert:
    AlertRule.objects.all().delete()
    rule = AlertRule.objects.create(name="Quiet", kind="stale_run", enabled=True, looked_at=timezone.now())
    return Alert.objects.create(
        rule=rule,
        rule_name="Quiet",
        terms=rule.terms,
        state="open",
        message="It is <b>broken</b>.",
        first_seen_at=ago(2),
        opened_at=ago(1),
    )


@pytest.fixture
def ada(db: None) -> User:
    return User.objects.create(username="ada", first_name="Ada", last_name="Olsen", is_staff=True, is_superuser=True)


@pytest.fixture
def operator(ada: User) -> Client:
    return signed_in(ada)


def press(client: Client, alert: Alert, **form: str) -> int:
    return client.post(f"{PAGE}{alert.pk}/acknowledge/", form).status_code


@pytest.mark.parametrize(("staff", "allowed", "statuses"), [(True, True, (200, 302)), (True, False, (404, 404))])
def test_only_operators_find_and_acknowledge(
    alert: Alert, staff: bool, allowed: bool, statuses: tuple[int, int]
) -> None:
    kim = User.objects.create(username="kim", is_staff=staff)
    if allowed:
        kim.user_permissions.add(Permission.objects.get(codename="view_syncrun"))
    client = signed_in(kim)
    assert (client.get(PAGE).status_code, press(client, alert)) == statuses
    alert.refresh_from_db()
    assert alert.acknowledged_by == (kim if allowed else None)


@pytest.mark.parametrize("role", ["instructor", "learner"])
def test_others_find_nothing(alert: Alert, client_of: Callable[[str], Client], role: str) -> None:
    client = client_of(role)
    assert (client.get(PAGE).status_code, press(client, alert)) == (404, 404)


def test_looking_acknowledges_nothing(alert: Alert, operator: Client) -> None:
    assert operator.get(f"{PAGE}{alert.pk}/acknowledge/").status_code == 405


def test_what_is_open_is_shown_as_text(alert: Alert, operator: Client) -> None:
    text = operator.get(PAGE).text
    assert ("It is &lt;b&gt;broken&lt;/b&gt;." in text, "<b>broken" in text) == (True, False)


def test_who_sees_to_it_is_kept_and_shown(alert: Alert, operator: Client, ada: User) -> None:
    assert press(operator, alert, note=" I am \x00on it. ") == 302
    alert.refresh_from_db()
    assert (alert.acknowledged_by, alert.note, alert.state) == (ada, "I am on it.", "open")
    text = operator.get(PAGE).text
    assert ("Ada Olsen" in text, "I am on it." in text, "I see to it" in text) == (True, True, False)


def test_first_one_stays_named(alert: Alert, operator: Client, ada: User) -> None:
    press(operator, alert)
    other = User.objects.create(username="bo", is_staff=True, is_superuser=True)
    press(signed_in(other), alert, note="Me too.")
    alert.refresh_from_db()
    assert (alert.acknowledged_by, alert.note) == (ada, "")


def test_what_is_over_is_not_acknowledged(alert: Alert, operator: Client) -> None:
    Alert.objects.update(state="resolved", resolved_at=timezone.now())
    press(operator, alert)
    alert.refresh_from_db()
    assert alert.acknowledged_at is None


def test_alert_that_is_not_there(alert: Alert, operator: Client) -> None:
    assert operator.post(f"{PAGE}{alert.pk + 1}/acknowledge/").status_code == 404


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"delivered_at": timezone.now()}, "Opened, webhook: sent"),
        ({"attempts": 10, "last_error": "The receiver answered 500."}, "<strong>given up</strong> after 10 tries"),
        ({"attempts": 1, "last_error": "x", "next_attempt_at": timezone.now()}, "failed 1 time, is tried again"),
        ({"next_attempt_at": timezone.now()}, "on its way"),
    ],
)
def test_what_became_of_messages_is_shown_without_their_address(
    alert: Alert, operator: Client, values: dict[str, object], told: str
) -> None:
    AlertDelivery.objects.create(
        alert=alert, channel="webhook", event="opened", to=["https://hooks.example.org/secret-path"], **values
    )
    text = operator.get(PAGE).text
    assert (told in text, "secret-path" in text) == (True, False)


def test_monitoring_page_shows_it_and_looks_by_itself(alert: Alert, operator: Client) -> None:
    text = operator.get("/operations/").text
    assert "It is &lt;b&gt;broken&lt;/b&gt;." in text
    AlertRule.objects.update(looked_at=ago(1), hold_minutes=0)
    operator.get("/operations/")
    assert list(Alert.objects.values_list("state", flat=True)) == ["resolved"]
