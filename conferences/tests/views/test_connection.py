"""The page of a connection: how far, what failed, and what there is."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection as db_connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from conferences.models import Connection, SyncRun, SyncStep
from conferences.tests.school import School, seen
from conferences.tests.views.account import campus_connection, lesson, put, whole_run
from conferences.views.account_card import Progress, SumLine, account_card
from conferences.views.listing import PER_PAGE


@pytest.fixture
def connection(db: None, settings: Settings) -> Connection:
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "conferences.tests.campus_integration"]
    return campus_connection()


@pytest.fixture
def staff(client_of: Callable[[str], Client]) -> Client:
    return client_of("staff")


def url(connection: Connection) -> str:
    return f"/connections/{connection.pk}/"


def titles(client: Client, connection: Connection, **query: str) -> list[str]:
    return [conference.title for conference in client.get(url(connection), query).context["page"]]


def test_list_leads_to_the_connections_that_list_their_conferences(
    staff: Client, connection: Connection, school: School
) -> None:
    school.conference()
    lesson(connection, 1)
    whole_run(connection, "partial")
    campus, rooms = (row for row in staff.get("/connections/").context["page"])
    assert (campus.provider, campus.discovers, campus.count, campus.last_state) == ("teams", False, 1, None)
    assert (rooms.provider, rooms.discovers, rooms.count, rooms.last_state) == ("campus", True, 1, "partial")
    assert f'href="{url(connection)}"' in staff.get("/connections/").text


def test_empty_list_teaches(staff: Client, db: None) -> None:
    Connection.objects.all().delete()
    assert "No connections yet" in staff.get("/connections/").text


def test_page_without_a_run_offers_three_syncs(staff: Client, connection: Connection) -> None:
    text = staff.get(url(connection)).text
    assert [mode for mode in ("full", "delta", "range") if f'name="mode" value="{mode}"' in text] == [
        "full",
        "delta",
        "range",
    ]
    assert "No conferences yet" in text


def test_card_counts_conferences_and_rows(connection: Connection) -> None:
    run = whole_run(connection)
    put(run, lesson(connection, 1), "done", ("synced", "blocked"))
    put(run, lesson(connection, 2), "failed", ("failed", "failed"))
    put(run, lesson(connection, 3), "running", ("synced", ""))
    put(run, lesson(connection, 4), "queued")
    SyncStep.objects.filter(outcome="").update(items=0, created=0)
    SyncStep.objects.filter(outcome="synced").update(started_at=timezone.now())
    card = account_card(connection, run)
    assert card.progress == Progress(done=1, failed=1, left=2, rows=2 + 3 * 5)
    assert [(line.label, line.state, line.outcomes, line.rows) for line in card.steps] == [
        ("Search for conferences", "synced", "", "2 conferences: 2 new."),
        ("Attendance", "working", "2 synced · 1 failed · 1 to do", "9 people: 9 new."),
        ("Chat", "waiting", "1 blocked · 1 failed · 2 to do", "6 messages: 6 new."),
    ]


def test_large_numbers_are_set_apart(staff: Client, connection: Connection) -> None:
    run = whole_run(connection)
    put(run, lesson(connection, 1), "queued")
    SyncStep.objects.filter(operation="chat").update(requests=12345, items=6789, throttled=1000)
    text = " ".join(staff.get(url(connection)).text.split())
    assert "<dt>Requests made</dt><dd>12,345</dd>" in text
    assert "Campus asked us 1,000 times to slow down." in text
    line = SumLine("chat", "Chat", "working", {"synced": 1200, "": 3400}, {})
    assert line.outcomes == "1,200 synced · 3,400 to do"


def test_card_tells_what_asking_has_cost(staff: Client, connection: Connection) -> None:
    run = whole_run(connection, progress=40, phase="3 of 7 conferences done")
    put(run, lesson(connection, 1), "queued")
    SyncStep.objects.filter(operation="chat").update(requests=5, throttled=2, waited_seconds=90.4)
    SyncStep.objects.filter(operation="discovery").update(requests=36, waited_seconds=30)
    assert account_card(connection, run).requests == 41
    text = " ".join(staff.get(url(connection)).text.split())
    assert "<dt>Requests made</dt><dd>41</dd>" in text
    assert "Campus asked us 2 times to slow down. We waited 2 min in all." in text
    assert ("<span>40 %</span>" in text, "3 of 7 conferences done" in text) == (True, True)


def test_card_is_silent_about_throttling_that_there_was_not(staff: Client, connection: Connection) -> None:
    whole_run(connection)
    SyncStep.objects.update(requests=5, waited_seconds=9)
    assert "slow down" not in staff.get(url(connection)).text


@pytest.mark.parametrize(
    ("state", "outcomes", "shown"),
    [
        ("cancelled", ("", ""), "not_done"),
        ("partial", ("synced", "blocked"), "blocked"),
        ("running", ("", ""), "waiting"),
    ],
)
def test_state_of_an_operation_over_all_conferences(
    state: str, outcomes: tuple[str, str], shown: str, connection: Connection
) -> None:
    run = whole_run(connection, state)
    put(run, lesson(connection, 1), "done" if all(outcomes) else "cancelled", outcomes)
    if run.is_active:
        run.items.filter(conference__isnull=False).update(state="queued")
    assert account_card(connection, run).steps[-1].state == shown


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ({}, "A full sync."),
        ({"mode": "delta", "span_starts_at": "2026-03-01T23:00Z"}, "Changes since 1 Mar 2026."),
        (
            {"mode": "range", "span_starts_at": "2026-03-01T00:00Z", "span_ends_at": "2026-03-03T00:00Z"},
            "Classes from 1 Mar 2026 to 2 Mar 2026.",
        ),
        ({"mode": "range", "span_starts_at": "2026-03-01T00:00Z"}, "Classes from 1 Mar 2026 on."),
    ],
)
def test_what_was_asked_for_in_words(
    values: dict[str, str], kind: str, connection: Connection, settings: Settings
) -> None:
    settings.TIME_ZONE = "UTC"
    run = whole_run(connection, "succeeded")
    SyncRun.objects.filter(pk=run.pk).update(**values)
    assert account_card(connection, run).kind == kind


def test_log_says_of_which_conference_each_line_is(staff: Client, connection: Connection) -> None:
    run, class_ = whole_run(connection, "succeeded"), lesson(connection, 1)
    run.events.create(item=put(run, class_, "done", ("synced", "synced")), text="Attendance: 3 people.")
    expected = f'<a href="/conferences/{class_.pk}/">Lesson 1</a>: Attendance: 3 people.'
    assert expected in staff.get(url(connection)).text


def test_paused_run_says_when_it_resumes_and_offers_to(staff: Client, connection: Connection) -> None:
    moment = timezone.now() + timedelta(hours=5)
    run = whole_run(connection, "paused", resumes_at=moment, code="daily_limit")
    put(run, lesson(connection, 1), "queued")
    text = staff.get(url(connection)).text
    assert f"{timezone.localtime(moment):%H:%M}" in text
    assert f'formaction="/connections/{connection.pk}/sync/{run.pk}/resume/"' in text
    assert "data-poll" not in text


def test_failed_conferences_are_listed_with_their_reason(staff: Client, connection: Connection) -> None:
    """Must-beat: one bad meeting is skipped and its data lost in silence."""
    run, broken = whole_run(connection, "partial"), lesson(connection, 2)
    put(run, lesson(connection, 1), "done", ("synced", "synced"))
    put(run, broken, "failed", ("failed", "failed"), message="This lesson <cannot> be read.")
    response = staff.get(url(connection))
    assert [item.conference for item in response.context["failures"]] == [broken]
    assert "This lesson &lt;cannot&gt; be read." in response.text
    assert 'id="sync-resume"' in response.text


def test_table_has_the_conferences_of_this_connection_only(
    staff: Client, connection: Connection, school: School
) -> None:
    school.conference()
    lesson(connection, 1)
    lesson(connection, 2)
    assert titles(staff, connection) == ["Lesson 2", "Lesson 1"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "lesson 1"}, ["Lesson 1"]),
        ({"q": "lesson-3"}, ["Lesson 3"]),
        ({"host": "ben@example.org"}, ["Lesson 3"]),
        ({"host": "nobody"}, ["Lesson 3", "Lesson 2", "Lesson 1"]),
        ({"state": "succeeded"}, ["Lesson 1"]),
        ({"state": "paused"}, ["Lesson 2"]),
        ({"state": "never"}, ["Lesson 3"]),
        ({"first": "2026-03-04"}, ["Lesson 3", "Lesson 2"]),
        ({"last": "2026-03-04"}, ["Lesson 2", "Lesson 1"]),
        ({"first": "2026-03-04", "last": "2026-03-04"}, ["Lesson 2"]),
        ({"first": "0001-01-01", "last": "9999-12-31"}, ["Lesson 3", "Lesson 2", "Lesson 1"]),
        ({"first": "x", "last": "y", "state": "z", "page": "w"}, ["Lesson 3", "Lesson 2", "Lesson 1"]),
    ],
)
def test_filters(query: dict[str, str], found: list[str], staff: Client, connection: Connection) -> None:
    one, two, _ = (lesson(connection, 1), lesson(connection, 2), lesson(connection, 3, organizer="ben@example.org"))
    run = whole_run(connection, "paused")
    put(run, one, "done", ("synced", "no_data"))
    put(run, two, "queued")
    assert titles(staff, connection, **query) == found


def test_long_tables_come_in_pages(staff: Client, connection: Connection) -> None:
    for number in range(PER_PAGE + 1):
        lesson(connection, number)
    assert len(titles(staff, connection)) == PER_PAGE
    assert titles(staff, connection, page="2") == ["Lesson 0"]


def test_queries_do_not_grow_with_the_account(staff: Client, connection: Connection) -> None:
    run = whole_run(connection)

    def more(numbers: range) -> None:
        for number in numbers:
            class_ = lesson(connection, number, organizer=f"{number}@example.org")
            seen(class_, "a", name="Ann")
            item = put(run, class_, "failed" if number % 2 else "done", ("failed", "failed"), message="Broken.")
            run.events.create(item=item, text="Something.")

    def cost() -> int:
        with CaptureQueriesContext(db_connection) as queries:
            assert staff.get(url(connection)).status_code == 200
        return len(queries)

    run.items.update(state="queued", lease_until=timezone.now() + timedelta(hours=1))
    SyncRun.objects.update(rung_at=timezone.now(), heartbeat_at=timezone.now())
    more(range(10))
    few = cost()
    more(range(10, 22))
    assert cost() == few


def test_earlier_runs_stay_reachable(staff: Client, connection: Connection) -> None:
    first, second = whole_run(connection, "failed"), whole_run(connection, "succeeded")
    response = staff.get(url(connection))
    assert (response.context["card"].run, list(response.context["earlier"])) == (second, [first])


def test_operation_that_went_well_for_some_is_partly_synced(connection: Connection) -> None:
    run = whole_run(connection, "partial")
    put(run, lesson(connection, 1), "done", ("synced", "blocked"))
    put(run, lesson(connection, 2), "failed", ("failed", "failed"))
    assert [line.state for line in account_card(connection, run).steps] == ["synced", "partly", "failed"]
