"""Promise: a sync starts only when a person asks for it. Proved by doing everything else."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client

from conferences import tasks
from conferences.models import Conference, Connection, Course, Enrolment, SyncRun
from conferences.sync import runs, sweep, worker
from conferences.tests.by_hand.addresses import addresses, patterns
from conferences.tests.sync.conftest import campus

__all__ = ["campus"]  # a fixture

STARTS_AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
OPEN = {"/favicon.ico", "/healthz", "/readyz", "/metrics", "/accounts/login/", "/admin/login/"}
SIGN_IN = ("/accounts/login/", "/admin/login/")
REFUSALS = {400, 403, 404, 405}
# Every address to which a form can be sent that starts a sync, with the admin action where it takes one.
BUTTONS = {
    ("/conferences/1/sync/", ""),
    ("/connections/1/sync/", ""),
    ("/admin/conferences/conference/1/sync/", ""),
    ("/admin/conferences/conference/", "sync_selected"),
    ("/admin/conferences/connection/", "sync_all_conferences"),
}


@pytest.fixture
def conference(db: None, campus: None) -> Conference:
    course = Course.objects.create(pk=1, code="ALG", title="Algebra")
    root = User.objects.create_superuser("root", pk=1, password="root")
    Enrolment.objects.create(pk=1, course=course, user=root, role="instructor")
    credentials = {"script": "quick", "key": "canary"}
    connection = Connection.objects.create(pk=1, provider="campus", name="Campus", credentials=credentials)
    times = {"starts_at": STARTS_AT, "ends_at": STARTS_AT + timedelta(hours=1)}
    return Conference.objects.create(
        pk=1, connection=connection, course=course, title="Algebra", external_id="a", **times
    )


def root() -> Client:
    """Signed in anew: sending every form also sends the one that signs out."""
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(), backend="django.contrib.auth.backends.ModelBackend")
    return client


def started() -> int:
    return SyncRun.objects.count()


def refused(client: Client, method: str, address: str) -> bool:
    answer = getattr(client, method)(address)
    return answer.status_code in REFUSALS or (
        answer.status_code == 302 and answer.headers["Location"].startswith(SIGN_IN)
    )


@pytest.mark.parametrize("method", ["get", "post"])
def test_stranger_is_let_in_nowhere(conference: Conference, method: str) -> None:
    """There is no address that a webhook could call. Those listed tell this machine how it is, and take a password."""
    SyncRun.objects.create(pk=1, connection=conference.connection, conference=conference, state="paused")
    let_in = {address for address in addresses() if not refused(Client(), method, address)}
    assert let_in - OPEN == set()
    assert list(SyncRun.objects.values_list("pk", "state")) == [(1, "paused")]


def test_every_form_asks_for_the_token_of_its_page() -> None:
    assert [route for route, pattern in patterns() if getattr(pattern.callback, "csrf_exempt", False)] == []


def test_looking_starts_nothing(conference: Conference) -> None:
    client = root()
    opened = {address for address in addresses() if client.get(address).status_code == 200}
    assert opened >= {"/conferences/", "/conferences/1/", "/connections/1/", "/admin/conferences/syncrun/"}
    assert started() == 0


def forms() -> Iterator[tuple[str, str]]:
    """Every address, and for the admin's lists every action as well."""
    for address in addresses():
        yield address, ""
    for model, shown in admin.site._registry.items():
        for action in shown.actions or ():
            address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
            yield address, action if isinstance(action, str) else action.__name__


def test_nothing_but_the_buttons_and_actions_starts_one(conference: Conference) -> None:
    """As somebody who may do everything sends every form there is."""
    assert {form for form in forms() if starts_a_sync(*form)} == BUTTONS


def starts_a_sync(address: str, action: str) -> bool:
    form = {"mode": "full", **({"action": action, "_selected_action": "1"} if action else {})}
    with transaction.atomic():
        root().post(address, form)
        begun = started()
        transaction.set_rollback(True)
    return begun > 0


def test_saving_signing_in_and_deleting_start_nothing(conference: Conference) -> None:
    assert Client().post("/accounts/login/", {"username": "root", "password": "root"}).status_code == 302
    connection, course = conference.connection, conference.course
    for row in (conference, connection, course, Enrolment.objects.get()):
        row.save()
    for row in (Enrolment.objects.get(), conference, connection, course):
        row.delete()
    assert started() == 0


def test_workers_without_a_request_find_nothing_to_do(conference: Conference) -> None:
    sweep.sweep()
    for number in (0, 1, 4711, -1):
        tasks.sync_run(number)
    assert started() == 0


def test_message_for_a_run_that_has_ended_changes_nothing(conference: Conference) -> None:
    run = runs.request(conference, via="command", ring=False)
    worker.work(run.pk)
    before = list(SyncRun.objects.values())
    tasks.sync_run(run.pk)
    assert list(SyncRun.objects.values()) == before
