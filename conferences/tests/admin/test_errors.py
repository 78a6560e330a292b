"""Promise: every error of every run can be looked up, and how often each kind occurs."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conferences.admin.errors import over_all_runs
from conferences.models import Conference, SyncError, SyncItem, SyncRun

LIST = reverse("admin:conferences_syncerror_changelist")
NOW = timezone.now()


def run_with(conference: Conference, *kinds: tuple[str, str, int]) -> SyncRun:
    run = SyncRun.objects.create(connection=conference.connection, conference=conference, state="failed")
    item = SyncItem.objects.create(run=run, conference=conference)
    for error_class, code, times in kinds:
        SyncError.objects.create(
            connection=conference.connection,
            run=run,
            item=item,
            operation="chat",
            error_class=error_class,
            code=code,
            times=times,
            message="<b>Down.</b>",
            first_at=NOW - timedelta(hours=1),
            last_at=NOW,
        )
    return run


@pytest.fixture
def runs(conference: Conference) -> list[SyncRun]:
    first = run_with(conference, ("server", "provider_trouble", 4), ("data", "malformed_answer", 1))
    return [first, run_with(conference, ("server", "provider_trouble", 3))]


def summed(kinds: list[dict[str, object]]) -> list[tuple[object, ...]]:
    return [(kind["label"], kind["code"], kind["occurred"], kind["runs"], kind["newest_at"]) for kind in kinds]


def test_kinds_are_summed_over_all_runs_the_commonest_first(client: Client, runs: list[SyncRun]) -> None:
    assert summed(client.get(LIST).context["kinds"]) == [
        ("provider's server", "provider_trouble", 7, 2, NOW),
        ("data", "malformed_answer", 1, 1, NOW),
    ]


@pytest.mark.parametrize(
    ("query", "listed"),
    [
        ({"error_class__exact": "data"}, [("data", "malformed_answer", 1, 1, NOW)]),
        ({"code": "malformed_answer"}, [("data", "malformed_answer", 1, 1, NOW)]),
        ({"ended_step__exact": "1"}, []),
        ({"q": "malformed_answer"}, [("data", "malformed_answer", 1, 1, NOW)]),
    ],
)
def test_sums_keep_to_the_filters(
    client: Client, runs: list[SyncRun], query: dict[str, str], listed: list[tuple[object, ...]]
) -> None:
    assert summed(client.get(LIST, query).context["kinds"]) == listed


def test_filter_of_one_run_is_what_its_page_leads_to(client: Client, runs: list[SyncRun]) -> None:
    page = client.get(reverse("admin:conferences_syncrun_change", args=[runs[1].pk])).content.decode()
    assert "<tr><td>provider&#x27;s server</td><td>provider_trouble</td><td>3 ×</td></tr>" in page
    address = f"{LIST}?run__id__exact={runs[1].pk}"
    assert f'<a href="{address}">All errors of this run</a>' in page
    assert [row.times for row in client.get(address).context["cl"].result_list] == [3]


def test_page_of_a_run_without_errors_says_so(client: Client, conference: Conference) -> None:
    run = run_with(conference)
    page = client.get(reverse("admin:conferences_syncrun_change", args=[run.pk])).content.decode()
    assert '<div class="readonly">None.</div>' in page


def test_nobody_without_the_permission_finds_them(runs: list[SyncRun]) -> None:
    client = Client()
    client.force_login(User.objects.create_user("staff", is_staff=True))
    assert client.get(LIST).status_code == 403


def test_there_is_nothing_to_sum_without_errors(db: None) -> None:
    assert over_all_runs(SyncError.objects.all()) == []
