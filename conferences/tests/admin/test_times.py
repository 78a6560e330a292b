"""Times in the admin have 24 hours and name their zone, as everywhere else on the site."""

import re
from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import User
from django.db import models
from django.test import Client
from django.utils.formats import date_format, localize
from pytest_django import Settings

from conferences.models import AlertRule, Conference, RetryPolicy, SyncError, SyncEvent, SyncItem, SyncRun, SyncStep

AT = datetime(2026, 3, 2, 18, 4, 5, tzinfo=UTC)
TOLD = "2 Mar 2026, 18:04:05 UTC"
TWELVE_HOURS = re.compile(r"\b(?:[ap]\.m\.|noon|midnight)", re.IGNORECASE)
ROWS = (AlertRule, RetryPolicy, SyncError, SyncEvent, SyncItem, SyncRun, SyncStep, Conference, User)


@pytest.fixture
def run(conference: Conference, administrator: User) -> SyncRun:
    """A run with something of everything, all of it at one moment in the evening."""
    run = SyncRun.objects.create(
        connection=conference.connection, conference=conference, state="failed", started_at=AT, heartbeat_at=AT
    )
    item = SyncItem.objects.create(run=run, conference=conference, state="failed", lease_until=AT)
    SyncStep.objects.create(item=item, operation="chat", outcome="failed", started_at=AT, finished_at=AT)
    SyncEvent.objects.create(run=run, text="Asked for.")
    SyncError.objects.create(
        connection=conference.connection, run=run, error_class="server", code="odd", first_at=AT, last_at=AT
    )
    SyncRun.objects.update(created_at=AT, finished_at=AT, resumes_at=AT)
    SyncEvent.objects.update(at=AT)
    AlertRule.objects.update(looked_at=AT)
    RetryPolicy.objects.create(
        error_class="network",
        tries=3,
        first_wait_seconds=1,
        longest_wait_seconds=9,
        patience_seconds=9,
        changed_by=administrator,
    )
    RetryPolicy.objects.update(changed_at=AT)
    Conference.objects.update(starts_at=AT, ends_at=AT.replace(hour=19))
    User.objects.update(last_login=AT, date_joined=AT)
    return run


def shown(client: Client, address: str) -> str:
    """What the page says, without what its scripts and attributes do."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    return re.sub(r"<script.*?</script>|<[^>]*>", " ", answer.text, flags=re.DOTALL)


@pytest.mark.parametrize("model", ROWS, ids=lambda model: model.__name__)
def test_lists_and_pages_know_no_twelve_hours(model: type[models.Model], client: Client, run: SyncRun) -> None:
    assert run.pk
    of = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
    row = model._default_manager.order_by("pk").first()
    assert row is not None
    for address in (of, f"{of}{row.pk}/change/"):
        assert TWELVE_HOURS.findall(shown(client, address)) == []


def test_page_of_a_run_names_the_zone_of_each_time(client: Client, run: SyncRun) -> None:
    text = shown(client, f"/admin/conferences/syncrun/{run.pk}/change/")
    fields = {"Created at", "Started at", "Heartbeat at", "Finished at", "Resumes at"}
    assert {name for name in fields if re.search(rf"{name}:\s+{TOLD}", text)} == fields


def test_log_of_a_run_names_the_zone(client: Client, run: SyncRun) -> None:
    text = shown(client, f"/admin/conferences/syncrun/{run.pk}/change/")
    assert re.search(rf"{TOLD}\s+info\s+Asked for\.", text)


def test_last_look_of_a_rule_names_the_zone(client: Client, run: SyncRun) -> None:
    assert run.pk
    rule = AlertRule.objects.order_by("pk").first()
    assert rule is not None
    assert re.search(rf"Looked at:\s+{TOLD}", shown(client, f"/admin/conferences/alertrule/{rule.pk}/change/"))


def test_zone_is_the_site_s(client: Client, run: SyncRun, settings: Settings) -> None:
    settings.TIME_ZONE = "Europe/Zurich"
    text = shown(client, f"/admin/conferences/syncrun/{run.pk}/change/")
    assert re.search(r"Started at:\s+2 Mar 2026, 19:04:05 CET", text)


def test_days_are_as_on_the_site_s_pages() -> None:
    day = date(2026, 3, 2)
    assert [localize(day), date_format(day, "YEAR_MONTH_FORMAT"), date_format(day, "MONTH_DAY_FORMAT")] == [
        "2 Mar 2026",
        "March 2026",
        "2 March",
    ]
