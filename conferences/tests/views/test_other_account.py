"""Promise: what was synced from one account is never looked for in another, whoever connects it again."""

import json
import logging
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from conferences import authorizing
from conferences.models import Alert, AlertRule, Authorization, Conference, Connection, SyncEvent
from conferences.operations.alerts.looking import look
from conferences.operations.metrics import exposition
from conferences.providers.authorization import Granted, Tokens
from conferences.providers.base import Link
from conferences.providers.errors import Unreachable
from conferences.sync.authorization import keep
from conferences.tests.campus_integration.apps import CampusConfig
from conferences.tests.campus_integration.gate import Gate
from conferences.tests.gated import gated_connection, keeper
from conferences.tests.views.conftest import operator
from conferences.tests.views.test_connecting import ada, client, connect, connection, gate, signed_in, told

__all__ = ["ada", "client", "connection", "gate"]  # fixtures
pytestmark = pytest.mark.django_db(transaction=True)

IDA, BEN = "ida@north.example.org", "ben@south.example.org"
OTHER = (
    f"“Gated” is of the Campus account north-1, but {BEN} allowed access to the account south-2: sign in at Campus "
    "with the right account and connect again"
)
ELSEWHERE = f"{OTHER}, or add a connection of its own for the other one."


@pytest.fixture
def north(client: Client, connection: Connection, gate: Gate) -> Connection:
    """Ida has connected it, has read what she was told, and it has a conference."""
    gate.account, gate.person = "north-1", IDA
    connect(client, connection, gate)
    client.get(connection.get_absolute_url())
    starts_at = timezone.now()
    ends_at = starts_at + timedelta(hours=1)
    Conference.objects.create(connection=connection, title="Algebra", starts_at=starts_at, ends_at=ends_at)
    return connection


def connect_again(client: Client, connection: Connection, gate: Gate, account: str, person: str) -> str:
    """What the next page tells of it."""
    gate.account, gate.person = account, person
    address = gate.allow(client.post(f"{connection.get_absolute_url()}connect/").headers["location"])
    return told(client.get(address))[-1][1]


def stored() -> dict[str, Any]:
    row = Authorization.objects.get()
    return {**Authorization.objects.values().get(), "tokens": row.tokens.reveal()}


def test_account_and_person_are_kept_and_told(client: Client, connection: Connection, gate: Gate) -> None:
    assert connect_again(client, connection, gate, "north-1", IDA) == f"Connected with Campus as {IDA}."
    assert (Connection.objects.get().account, Authorization.objects.get().person) == ("north-1", IDA)


def test_account_outlives_disconnecting_and_the_person_does_not(client: Client, north: Connection) -> None:
    client.post(f"{north.get_absolute_url()}disconnect/")
    assert (Connection.objects.get().account, Authorization.objects.count()) == ("north-1", 0)
    page = client.get(north.get_absolute_url()).text
    told = (
        "This connection is of the Campus account <code>north-1</code>. Another account needs a connection of its own."
    )
    assert (told in page, IDA in page) == (True, False)
    Conference.objects.all().delete()
    assert "Another account needs" not in client.get(north.get_absolute_url()).text


def test_other_account_is_refused_and_what_it_gave_is_handed_back(
    client: Client, north: Connection, gate: Gate
) -> None:
    before, checks = stored(), Connection.objects.values("account", "checks", "checked_at").get()
    assert connect_again(client, north, gate, "south-2", BEN) == f"{ELSEWHERE} Nothing has been changed."
    assert (stored(), gate.revoked) == (before, [gate.pair])
    assert gate.pair != before["tokens"]
    assert Connection.objects.values("account", "checks", "checked_at").get() == checks


def test_other_account_is_refused_though_nobody_was_named(client: Client, north: Connection, gate: Gate) -> None:
    sentence = connect_again(client, north, gate, "south-2", "")
    assert sentence == f"{ELSEWHERE.replace(BEN, 'you')} Nothing has been changed."


def test_other_account_does_not_revive_what_has_ended(client: Client, north: Connection, gate: Gate) -> None:
    Authorization.objects.update(ended_at=timezone.now(), ended_reason="The keeper has left.", tokens={})
    before = stored()
    connect_again(client, north, gate, "south-2", BEN)
    assert stored() == before
    page = client.get(north.get_absolute_url()).text
    assert ("Reconnect needed" in page, f"It was connected as <b>{IDA}</b>" in page) == (True, True)


def test_other_account_is_refused_after_disconnecting_too(client: Client, north: Connection, gate: Gate) -> None:
    client.post(f"{north.get_absolute_url()}disconnect/")
    assert connect_again(client, north, gate, "south-2", BEN) == f"{ELSEWHERE} Nothing has been changed."
    assert Authorization.objects.count() == 0


def test_provider_that_does_not_take_it_back_is_told_and_changes_nothing(
    client: Client, north: Connection, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deaf(tokens: Tokens) -> None:
        raise Unreachable(f"The campus did not hear {tokens['access_token']}.")

    before = stored()
    monkeypatch.setattr(gate, "revoke", deaf)
    sentence = connect_again(client, north, gate, "south-2", BEN)
    honoured = "Campus may still honour what was allowed just now: The campus did not hear •••."
    assert sentence == f"{ELSEWHERE} {honoured} Nothing has been changed."
    assert stored() == before


def test_provider_that_takes_too_long_to_take_it_back_holds_nobody_up(
    client: Client, north: Connection, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hang(self: CampusConfig, credentials: object, tokens: Tokens, link: Link) -> None:
        link.stop.wait(60)

    monkeypatch.setattr(CampusConfig, "revoke", hang)
    monkeypatch.setattr(authorizing, "PAGE_SECONDS", 0.05)
    sentence = connect_again(client, north, gate, "south-2", BEN)
    assert sentence.endswith("allowed just now: Campus did not answer in time. Nothing has been changed.")


def test_what_another_connection_lives_of_is_not_revoked(client: Client, north: Connection, gate: Gate) -> None:
    """At a provider a person allows an app once, however many connections use it."""
    south = gated_connection("Southern campus")
    keep(south, Granted(gate.pair, (), "south-2", BEN), keeper("sue"))
    sentence = connect_again(client, north, gate, "south-2", BEN)
    own = "the other one has a connection of its own, “Southern campus”."
    assert (sentence, gate.revoked) == (f"{OTHER}; {own} Nothing has been changed.", [])


@pytest.mark.parametrize("change", ["ended", "other provider"])
def test_connection_that_does_not_live_of_it_keeps_nothing_alive(
    change: str, client: Client, north: Connection, gate: Gate
) -> None:
    south = gated_connection("Southern campus")
    keep(south, Granted({}, (), "south-2", BEN), keeper("sue"))
    if change == "ended":
        Authorization.objects.filter(connection=south).update(ended_at=timezone.now())
    else:
        Connection.objects.filter(pk=south.pk).update(provider="zoom")
    assert connect_again(client, north, gate, "south-2", BEN) == f"{ELSEWHERE} Nothing has been changed."
    assert gate.revoked == [gate.pair]


def test_other_account_replaces_one_from_which_nothing_has_come(client: Client, north: Connection, gate: Gate) -> None:
    Conference.objects.all().delete()
    gate.scopes = ("doors",)
    sentence = connect_again(client, north, gate, "south-2", BEN)
    assert sentence == f"Connected with Campus as {BEN}, in place of {IDA}."
    north.refresh_from_db()
    assert (north.account, stored()["tokens"], gate.revoked) == ("south-2", gate.pair, [])
    assert [line["state"] for line in north.checks] == ["permitted", *["blocked"] * 4]


def test_other_person_of_the_same_account_is_welcome(client: Client, north: Connection, gate: Gate) -> None:
    ben = BEN.replace("south", "north")
    sentence = connect_again(client, north, gate, "north-1", ben)
    assert sentence == f"Connected with Campus as {ben}, in place of {IDA}."
    assert (stored()["person"], stored()["tokens"]) == (ben, gate.pair)


def test_same_person_again_is_nothing_to_speak_of(client: Client, north: Connection, gate: Gate) -> None:
    assert connect_again(client, north, gate, "north-1", IDA) == f"Connected with Campus as {IDA}."


def test_account_that_is_not_told_is_not_compared(client: Client, north: Connection, gate: Gate) -> None:
    sentence = connect_again(client, north, gate, "", "")
    unsure = "Campus did not tell of which account: make sure that it is north-1."
    assert sentence == f"Connected with Campus. {unsure}"
    assert (Connection.objects.get().account, stored()["person"], stored()["tokens"]) == ("north-1", "", gate.pair)


def test_account_that_is_not_told_replaces_one_from_which_nothing_has_come(
    client: Client, north: Connection, gate: Gate
) -> None:
    """Else what comes from it would be taken for the former account's."""
    Conference.objects.all().delete()
    assert connect_again(client, north, gate, "", "") == "Connected with Campus."
    assert Connection.objects.get().account == ""


def test_account_is_learned_when_it_is_told_at_last(client: Client, north: Connection, gate: Gate) -> None:
    Connection.objects.update(account="")
    assert connect_again(client, north, gate, "north-1", "").startswith("Connected with Campus.")
    assert Connection.objects.get().account == "north-1"


def test_odd_names_are_stored_as_far_as_they_can_be(client: Client, connection: Connection, gate: Gate) -> None:
    sentence = connect_again(client, connection, gate, "n\x001" * 100, "I\x00da \ud800" + "x" * 400)
    assert sentence.startswith("Connected with Campus as Ida �xx")
    assert (Connection.objects.get().account, stored()["person"]) == ("n1" * 100, "Ida �" + "x" * 315)


def pages(user: User, connection: Connection) -> list[str]:
    admin = f"/admin/conferences/connection/{connection.pk}/change/"
    browser = signed_in(user)
    return [browser.get(address).text for address in (connection.get_absolute_url(), admin)]


def test_page_and_admin_show_who_and_which_to_those_who_manage_connections(north: Connection, ada: User) -> None:
    page, admin = pages(ada, north)
    assert f"Connected as <b>{IDA}</b> of the Campus account <code>north-1</code>." in page
    assert f"{IDA}, account north-1" in admin


def test_page_and_admin_do_not_show_it_to_operators(north: Connection) -> None:
    texts = pages(operator(), north)
    assert [(word in text) for text in texts for word in (IDA, "north-1", "What it may do")] == [False, False, True] * 2


def test_person_is_in_no_log_metric_alert_or_event(
    client: Client, north: Connection, gate: Gate, caplog: pytest.LogCaptureFixture
) -> None:
    AlertRule.objects.create(name="Refused", kind="connection_refused", threshold=14, hold_minutes=0)
    with caplog.at_level(logging.DEBUG, "conferences"):
        connect_again(client, north, gate, "north-1", BEN)
        connect_again(client, north, gate, "south-2", IDA)
        Authorization.objects.update(ended_at=timezone.now(), ended_reason="The keeper has left.")
        client.post(f"{north.get_absolute_url()}sync/", {"mode": "full"})
        look()
    rows = [*Alert.objects.values(), *SyncEvent.objects.values(), *Connection.objects.values("checks", "check_cause")]
    texts = [caplog.text, exposition().decode(), json.dumps(rows, default=str), repr(replace(Granted({}), person=BEN))]
    assert Alert.objects.exists()
    assert [(IDA in text, BEN in text) for text in texts] == [(False, False)] * 4
