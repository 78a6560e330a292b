"""One page that says whether everything is well."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conferences.models import Alert, AlertRule, Conference, Connection, SyncRun, WorkerPulse
from conferences.operations import gathering
from conferences.operations.broker import Broker
from conferences.operations.headline import NO_DATA
from conferences.tests.operations.conftest import held, ran, went_wrong
from conferences.tests.operations.test_workers import pulse
from conferences.tests.views.conftest import HTMX
from conferences.views.operations import monitor as page

MONITOR = "/operations/"


@pytest.fixture
def operator(client_of: Callable[[str], Client]) -> Client:
    return client_of("staff")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize(("staff", "allowed", "status"), [(True, True, 200), (True, False, 404), (False, True, 404)])
@pytest.mark.django_db
def test_only_staff_who_may_see_runs_find_the_pages(staff: bool, allowed: bool, status: int) -> None:
    user = User.objects.create(username="kim", is_staff=staff)
    if allowed:
        user.user_permissions.add(Permission.objects.get(codename="view_syncrun"))
    assert signed_in(user).get(MONITOR).status_code == status


def test_run_that_waits_is_shown(operator: Client, conference: Conference) -> None:
    run = SyncRun.objects.create(connection=conference.connection, conference=conference, requested_via="page")
    text = operator.get(MONITOR).text
    assert (f"Run {run.pk} · Campus" in text, conference.title in text) == (True, True)


def test_poll_gets_the_fragment_alone(operator: Client) -> None:
    text = operator.get(MONITOR, headers=HTMX).text
    assert (text.startswith('<div id="monitor"'), "<html" in text) == (True, False)


def headline_of(client: Client) -> str:
    text = client.get(MONITOR).text
    return text.split('<p class="headline">')[1].split("</p>")[0]


@pytest.fixture
def worker(db: None) -> None:
    pulse("one", 1, 1)


def test_nothing_to_judge_by_is_said(operator: Client, worker: None) -> None:
    assert headline_of(operator) == NO_DATA


def test_all_well(operator: Client, worker: None, conference: Conference) -> None:
    ran(held(conference.connection, 5), 3, attendance="synced")
    assert headline_of(operator) == "All is well."


def test_open_alerts_are_not_called_well(
    operator: Client, worker: None, conference: Conference, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "look_if_due", lambda: None)  # it would find that they are over
    ran(held(conference.connection, 5), 3, attendance="synced")
    rule = AlertRule.objects.create(name="News", kind=AlertRule.Kind.NEW_ERROR, threshold=1)
    seen = dict.fromkeys(("first_seen_at", "opened_at"), timezone.now())
    for number, headline in enumerate(["1 open alert is below.", "2 open alerts are below."]):
        Alert.objects.create(rule=rule, subject=f"{number}", state="open", message="!", **seen)
        assert headline_of(operator) == f"Everything can be synced. {headline}"


@pytest.mark.parametrize(("code", "outcome"), [("rate_limited", "failed"), ("provider_trouble", "failed")])
def test_what_failed_when_last_tried_is_not_called_well(
    operator: Client, worker: None, conference: Conference, code: str, outcome: str
) -> None:
    """Also what a provider throttled for too long."""
    lesson = held(conference.connection, 5)
    ran(lesson, 3, "partial", attendance="synced", chat="synced", files="synced", recordings=f"{outcome}:{code}")
    for hours in range(10, 20):
        ran(held(conference.connection, hours), 3, attendance="synced", chat="synced", files="synced")
    assert headline_of(operator) == "1 of 34 last tries failed: Campus."
    ran(lesson, 2, recordings="synced")
    assert headline_of(operator) == "All is well."


def test_fair_is_not_called_well(operator: Client, worker: None, conference: Conference) -> None:
    """Also where nothing has failed, but much is not permitted."""
    ran(held(conference.connection, 5), 3, "partial", chat="no_data", attendance="blocked")
    for hours in (6, 7):
        ran(held(conference.connection, hours), 3, "partial", chat="no_data:not_ready", attendance="blocked")
    assert headline_of(operator) == "Not quite well: Campus. The parts of the score say why."


def test_paused_sync_is_not_called_well(operator: Client, worker: None, conference: Conference) -> None:
    """Promise: a pause is said for as long as it lasts, with what somebody has to do."""
    ran(held(conference.connection, 5), 3, attendance="synced")
    run = SyncRun.objects.create(connection=conference.connection, mode="full", state="paused", requested_via="page")
    SyncRun.objects.filter(pk=run.pk).update(resumes_at=datetime(2099, 11, 23, tzinfo=UTC), progress=40)
    text = operator.get(MONITOR).text
    assert headline_of(operator) == (
        "Campus: 1 sync is paused at the provider&#x27;s daily limit until 23 November 2099, 00:00 UTC. "
        "From then on somebody has to resume it."
    )
    assert ("Paused syncs" in text, f"Run {run.pk} · Campus" in text, "23 Nov 2099, 00:00 UTC" in text) == (True,) * 3
    SyncRun.objects.filter(pk=run.pk).update(state="cancelled")
    assert ("Paused syncs" in operator.get(MONITOR).text, headline_of(operator)) == (False, "All is well.")


def test_page_opens_where_statistics_cannot_be_counted(
    operator: Client, worker: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sorting takes room on the disk: with a full one just this page has to say what is wrong."""

    def full() -> None:
        with connection.cursor() as cursor:
            cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'could not write file' USING ERRCODE = '53100'; END $$")

    def counted() -> None:
        with transaction.atomic():
            full()

    monkeypatch.setattr(page, "holdings", counted)
    answer = operator.get(MONITOR)
    assert answer.status_code == 200
    assert "This cannot be counted right now. The database cannot store anything: its disk is full." in answer.text


def test_connection_that_fails_is_named(operator: Client, worker: None, conference: Conference) -> None:
    ran(held(conference.connection, 5), 3, "failed", attendance="failed")
    assert headline_of(operator) == "1 of 1 connection needs attention: Campus."


def test_without_the_broker_a_busy_worker_may_still_begin_something(
    operator: Client, worker: None, conference: Conference, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Promise: the headline says no more than is so."""
    ran(held(conference.connection, 5), 3, attendance="synced")
    monkeypatch.setattr(gathering.broker, "ask", lambda: Broker(False))
    assert headline_of(operator) == "What is clicked now may have to wait."
    Connection.objects.update(checks=[{"operation": "attendance", "state": "failed", "message": "Refused."}])
    Connection.objects.update(checked_at=timezone.now())
    assert headline_of(operator) == "Nothing can be synced right now."
    Connection.objects.update(checks=[], checked_at=None)
    WorkerPulse.objects.all().delete()
    assert headline_of(operator) == "Nothing can be synced right now."


def test_without_a_worker_nothing_can_be_synced(operator: Client) -> None:
    text = operator.get(MONITOR).text
    assert headline_of(operator) == "Nothing can be synced right now."
    assert "No worker is running: start one." in text


def test_what_concerns_all_is_said_once(operator: Client, conference: Conference) -> None:
    ran(held(conference.connection, 5), 3, attendance="synced")
    assert operator.get(MONITOR).text.count("No worker is running: start one. Until then every click waits.") == 1


def test_refused_connection_says_why_on_its_own_line(operator: Client, conference: Conference) -> None:
    run = ran(held(conference.connection, 5), 3, "failed", attendance="failed")
    went_wrong(run, 3, error_class="authentication", message="The secret has expired.", ended_step=True)
    reasons = re.findall(r'class="health-reason">([^<]+)<', operator.get(MONITOR).text)
    assert reasons == ["The secret has expired. Its check under Connections tells the steps."]


def test_newest_errors_are_told_by_their_cause(operator: Client, conference: Conference) -> None:
    run = ran(held(conference.connection, 5), 3, "failed", attendance="failed", chat="failed")
    for operation in ("attendance", "chat"):
        went_wrong(run, 3, item=run.items.get(), operation=operation, message="A permission is missing.")
    text = operator.get(MONITOR).text.split('id="errors-title"')[1].split("</section>")[0]
    assert (text.count("A permission is missing."), text.count("In attendance and chat of 1 conference")) == (1, 1)


def test_what_is_read_every_few_seconds_counts_no_holdings(operator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "holdings", pytest.fail)
    monkeypatch.setattr(page, "paces", pytest.fail)
    assert operator.get(MONITOR, headers=HTMX).status_code == 200


def test_statements_do_not_grow_with_what_is_shown(operator: Client, conference: Conference) -> None:
    operator.get(MONITOR)  # whoever comes first looks at the alerts, which is then done for a while
    counts = []
    for hours in (3, 4, 5):
        went_wrong(ran(held(conference.connection, hours), hours - 2, "running", attendance=""), 1)
        with CaptureQueriesContext(connection) as asked:
            operator.get(MONITOR)
        counts.append(len(asked))
    assert counts[0] == counts[1] == counts[2]
