"""What the page of one conference shows of a sync of the whole connection: its own part, and nothing of the others'."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conferences.models import Conference, SyncRun
from conferences.tests.school import School
from conferences.tests.views.account import put, whole_run
from conferences.tests.views.conftest import BROWSER, HTMX, JSON, run_of
from conferences.views.sync_card import card, latest_run


def at(name: str, conference: Conference, run: SyncRun) -> str:
    return reverse(f"conferences:{name}", args=[conference.pk, run.pk])


def test_newest_of_own_and_wide_runs_is_shown(conference: Conference) -> None:
    assert latest_run(conference) is None
    run_of(conference, "failed")
    wide = whole_run(conference.connection)
    put(wide, conference, "done", ("synced", "no_data"))
    assert latest_run(conference) == wide
    own = run_of(conference, "partial")
    assert latest_run(conference) == own


def test_part_of_a_wide_run_has_a_state_of_its_own(conference: Conference) -> None:
    wide = whole_run(conference.connection)
    put(wide, conference, "done", ("synced", "blocked"))
    shown = card(conference, wide)
    assert (shown.wide, shown.state, shown.is_active, shown.resumable) == (True, "partial", False, False)
    assert [(line.label, line.state) for line in shown.steps] == [("Attendance", "synced"), ("Chat", "blocked")]
    assert shown.message == "Some operations had issues: chat. Other data synced successfully."


def test_log_and_list_of_others_stay_unseen(teacher: Client, conference: Conference, school: School) -> None:
    wide = whole_run(conference.connection, "succeeded")
    mine = put(wide, conference, "done", ("synced", "synced"))
    theirs = put(wide, school.conference(external_id="week-2"), "failed", ("failed", "failed"))
    wide.events.create(item=mine, text="Mine.")
    wide.events.create(item=theirs, text="Theirs.")
    for headers in (JSON, HTMX, BROWSER):
        text = teacher.get(at("status", conference, wide), headers=headers).text
        assert ("Mine." in text, "Theirs." in text) == (True, False)


def test_part_that_waits_does_not_keep_the_instructor_from_syncing(teacher: Client, conference: Conference) -> None:
    wide = whole_run(conference.connection, heartbeat_at=timezone.now(), rung_at=timezone.now())
    put(wide, conference, "queued")
    page = teacher.get(conference.get_absolute_url())
    assert ('id="sync-start"' in page.text, 'id="sync-cancel"' in page.text) == (True, False)
    assert "data-poll" in page.text
    response = teacher.post(reverse("conferences:sync", args=[conference.pk]), headers=JSON)
    assert response.status_code == 202


@pytest.mark.parametrize("name", ["cancel", "resume"])
def test_wide_run_is_not_steered_from_a_conference(name: str, teacher: Client, conference: Conference) -> None:
    wide = whole_run(conference.connection)
    put(wide, conference, "queued")
    assert teacher.post(at(name, conference, wide)).status_code == 404


def test_run_that_the_conference_has_no_part_in_is_not_found(teacher: Client, conference: Conference) -> None:
    assert teacher.get(at("status", conference, whole_run(conference.connection))).status_code == 404


def test_list_shows_the_part_and_filters_by_it(teacher: Client, conference: Conference) -> None:
    run_of(conference, "failed")
    put(whole_run(conference.connection), conference, "done", ("synced", "synced"))
    (line,) = teacher.get("/conferences/", {"state": "succeeded"}).context["page"]
    assert line.last_state == "succeeded"


def test_history_has_both_kinds(teacher: Client, conference: Conference) -> None:
    own = run_of(conference, "failed", message="It broke.")
    wide = whole_run(conference.connection, "partial")
    put(wide, conference, "done", ("synced", "synced"))
    response = teacher.get(conference.get_absolute_url(), {"tab": "history"})
    assert [(item.run, item.shown_state) for item in response.context["page"]] == [(wide, "succeeded"), (own, "failed")]
    assert "As part of a sync of the whole connection." in response.text


def test_paused_run_says_when_in_the_zone_of_the_class_and_is_resumed(teacher: Client, conference: Conference) -> None:
    run = run_of(conference, "paused", resumes_at="2026-03-03T00:00Z")
    run.items.update(state="queued")
    text = teacher.get(conference.get_absolute_url()).text
    assert "3 Mar 2026, 01:00 CET" in text
    assert f'formaction="{at("resume", conference, run)}"' in text
    response = teacher.post(at("resume", conference, run), headers=JSON)
    run.refresh_from_db()
    assert (response.status_code, run.state, run.resumes_at) == (202, "queued", None)
    assert response.json() == {"run": run.pk, "status_url": at("status", conference, run)}


def test_paused_part_is_left_to_administrators(teacher: Client, conference: Conference) -> None:
    wide = whole_run(conference.connection, "paused", resumes_at=timezone.now() + timedelta(hours=1))
    put(wide, conference, "queued")
    text = teacher.get(conference.get_absolute_url()).text
    assert ("an administrator resumes it" in text, "sync-resume" in text) == (True, False)


@pytest.mark.parametrize("state", ["failed", "cancelled"])
def test_resume_is_offered_where_something_is_left(state: str, conference: Conference) -> None:
    run = run_of(conference, state)
    assert card(conference, run).resumable is False
    run.items.update(state=state)
    assert card(conference, run).resumable is True


def test_resume_of_an_active_run_is_a_conflict(teacher: Client, conference: Conference) -> None:
    run = run_of(conference)
    response = teacher.post(at("resume", conference, run), headers=JSON)
    assert (response.status_code, response.json()["run"]) == (409, run.pk)


def test_resume_with_nothing_left_says_so(teacher: Client, conference: Conference) -> None:
    response = teacher.post(at("resume", conference, run_of(conference, "succeeded")), headers=BROWSER, follow=True)
    assert [str(each) for each in response.context["messages"]] == [
        "There is nothing left to do in this run. Start a new one instead."
    ]


def test_dashboard_is_linked_for_staff_only(client_of: Callable[[str], Client], conference: Conference) -> None:
    put(whole_run(conference.connection, "succeeded"), conference, "done", ("synced", "synced"))
    link = f'href="/connections/{conference.connection_id}/"'
    pages = [client_of(role).get(conference.get_absolute_url()).text for role in ("staff", "instructor")]
    assert [link in page for page in pages] == [True, False]
