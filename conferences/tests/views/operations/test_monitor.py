"""One page that says whether everything is well."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from conferences.models import Conference, SyncRun
from conferences.tests.views.conftest import HTMX

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
