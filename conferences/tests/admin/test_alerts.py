"""Rules of alerts in the admin; a secret goes in and never comes out."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import timezone

from conferences.models import Alert, AlertDelivery, AlertRule
from conferences.tests.views.operations.test_monitor import signed_in

LIST = "/admin/conferences/alertrule/"
SECRET = "a-secret-that-nobody-guesses"
HOOK = "https://hooks.example.org/alerts"
FORM = {"name": "Mine", "kind": "system", "threshold": "0", "hold_minutes": "5", "enabled": "on"}


@pytest.fixture
def root(db: None) -> Client:
    AlertRule.objects.all().delete()
    return signed_in(User.objects.create(username="root", is_staff=True, is_superuser=True))


def saved(client: Client, address: str = f"{LIST}add/", **form: str) -> Any:
    return client.post(address, {**FORM, **form})


def mine() -> AlertRule:
    return AlertRule.objects.get()


@pytest.fixture
def rule(root: Client) -> AlertRule:
    saved(root, webhook_url=HOOK, new_secret=SECRET, email_to="a@example.org,b@example.org")
    return mine()


def page_of(rule: AlertRule) -> str:
    return f"{LIST}{rule.pk}/change/"


def test_rule_is_made(rule: AlertRule) -> None:
    assert (rule.webhook_secret.reveal(), rule.email_to) == ({"secret": SECRET}, ["a@example.org", "b@example.org"])


def test_secret_is_never_shown_again(root: Client, rule: AlertRule) -> None:
    text = "".join(root.get(address).text for address in (LIST, page_of(rule)))
    assert (SECRET in text, rule.webhook_secret.token in text) == (False, False)


def test_empty_secret_keeps_the_stored_one(root: Client, rule: AlertRule) -> None:
    saved(root, page_of(rule), webhook_url=HOOK, name="Renamed")
    assert (mine().name, mine().webhook_secret.reveal()) == ("Renamed", {"secret": SECRET})


def test_stored_secret_signs_for_no_other_address(root: Client, rule: AlertRule) -> None:
    answer = saved(root, page_of(rule), webhook_url="https://elsewhere.example.org/")
    assert answer.context["adminform"].form.errors["new_secret"] == [
        "Enter a secret for this address, of 16 characters or more."
    ]
    assert mine().webhook_url == HOOK


def test_secret_goes_with_its_address(root: Client, rule: AlertRule) -> None:
    saved(root, page_of(rule), webhook_url="")
    assert mine().webhook_secret.reveal() == {}


def test_address_without_tls_is_refused(root: Client) -> None:
    answer = saved(root, webhook_url="http://hooks.example.org/", new_secret=SECRET)
    assert answer.context["adminform"].form.errors["webhook_url"] == ["Alerts are only sent by https."]


def test_changed_rule_is_looked_at_at_once(root: Client, rule: AlertRule) -> None:
    AlertRule.objects.update(looked_at=timezone.now())
    saved(root, page_of(rule), webhook_url=HOOK)
    assert mine().looked_at is None


def test_whoever_may_only_look_gets_no_field_for_a_secret(rule: AlertRule) -> None:
    kim = User.objects.create(username="kim", is_staff=True)
    kim.user_permissions.add(Permission.objects.get(codename="view_alertrule"))
    answer = signed_in(kim).get(page_of(rule))
    assert (answer.status_code, "new_secret" in answer.text) == (200, False)


def open_alert(rule: AlertRule) -> Alert:
    now = timezone.now()
    return Alert.objects.create(
        rule=rule, rule_name=rule.name, message="Broken.", state="open", first_seen_at=now, opened_at=now
    )


@pytest.mark.parametrize("bulk", [True, False])
def test_deleting_a_rule_tells_of_the_end(root: Client, rule: AlertRule, bulk: bool) -> None:
    open_alert(rule)
    form = {"action": "delete_selected", "_selected_action": str(rule.pk)} if bulk else {}
    root.post(LIST if bulk else f"{LIST}{rule.pk}/delete/", {**form, "post": "yes"})
    assert AlertRule.objects.count() == 0
    assert list(Alert.objects.values_list("state", "resolved_because")) == [("resolved", "Its rule was deleted.")]
    assert sorted(AlertDelivery.objects.values_list("channel", "event")) == [
        ("email", "resolved"),
        ("webhook", "resolved"),
    ]


def test_alerts_and_deliveries_can_only_be_looked_at(root: Client, rule: AlertRule) -> None:
    alert = open_alert(rule)
    AlertDelivery.objects.create(alert=alert, channel="webhook", event="opened", to=[HOOK])
    for model in ("alert", "alertdelivery"):
        pk = {"alert": alert.pk, "alertdelivery": AlertDelivery.objects.get().pk}[model]
        address = f"/admin/conferences/{model}/{pk}/change/"
        assert (root.get(address).status_code, HOOK in root.get(address).text) == (200, False)
        assert root.post(address, {}).status_code == 403
