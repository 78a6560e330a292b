from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from conferences.models import Conference, SyncEvent, SyncRun, SyncStep
from conferences.tests.operations.test_workers import pulse
from conferences.tests.views.conftest import end_step, run_of
from conferences.views import sync_card
from conferences.views.sync_card import LINES, StepLine, card, operation_labels, provider_label


def test_card_of_a_conference_that_was_never_synced(conference: Conference) -> None:
    shown = card(conference, None)
    assert (shown.run, list(shown.steps), shown.provider) == (None, [], "Microsoft Teams")


@pytest.mark.parametrize(("waited", "unclaimed"), [(5, False), (11, True)])
def test_queued_run_that_nobody_claims_says_so(conference: Conference, waited: int, unclaimed: bool) -> None:
    run = run_of(conference, created_at=timezone.now() - timedelta(seconds=waited), rung_at=timezone.now())
    assert card(conference, run).unclaimed is unclaimed


@pytest.mark.parametrize(
    ("state", "silent", "told"),
    [("running", 5, 0), ("running", 75, 75), ("queued", 75, 0), ("paused", 75, 0), ("succeeded", 75, 0)],
)
def test_run_whose_worker_is_not_heard_of_says_so(
    conference: Conference, teacher: Client, state: str, silent: int, told: int
) -> None:
    """Promise: nobody watches a sync that nobody works on, and is told how long it will take."""
    pulse("one", 1, 1)
    at = timezone.now() - timedelta(seconds=silent)
    run = run_of(conference, state, heartbeat_at=at, started_at=at, progress=50)
    shown = card(conference, run)
    assert shown.silent_seconds == pytest.approx(told, abs=1)
    page = teacher.get(conference.get_absolute_url()).text
    assert ("Nobody has been at work on this for 1 min" in page) is bool(told)
    assert shown.eta_seconds is None or not told


@pytest.mark.parametrize(
    ("state", "silent", "lives", "told"),
    [
        ("queued", 0, False, True),
        ("queued", 75, False, True),
        ("running", 75, False, True),
        ("queued", 75, True, False),
        ("running", 5, False, False),  # somebody is at it, by hand
        ("succeeded", 75, False, False),
    ],
)
def test_that_no_worker_runs_is_said_where_somebody_waits_for_one(
    conference: Conference, teacher: Client, state: str, silent: int, lives: bool, told: bool
) -> None:
    if lives:
        pulse("one", 1, 1)
    at = timezone.now() - timedelta(seconds=silent)
    run_of(conference, state, heartbeat_at=at, created_at=at, rung_at=timezone.now())
    assert ("No worker is running, so nothing begins." in teacher.get(conference.get_absolute_url()).text) is told


@pytest.mark.parametrize(
    ("state", "silent", "told"), [("running", 75, True), ("queued", 75, True), ("running", 5, False)]
)
def test_full_disk_is_why_nobody_works(
    conference: Conference, teacher: Client, monkeypatch: pytest.MonkeyPatch, state: str, silent: int, told: bool
) -> None:
    """Also where there was not even room to note it on the run."""
    monkeypatch.setattr(sync_card, "has_room", lambda: False)
    at = timezone.now() - timedelta(seconds=silent)
    run_of(conference, state, heartbeat_at=at, created_at=at, rung_at=timezone.now())
    assert ("its disk is full" in teacher.get(conference.get_absolute_url()).text) is told


def test_steps_are_told_apart(conference: Conference) -> None:
    run = run_of(conference, "running")
    end_step(run, "attendance", "synced")
    SyncStep.objects.filter(operation="recordings").update(started_at=timezone.now())
    assert [(line.label, line.state) for line in card(conference, run).steps] == [
        ("Attendance", "synced"),
        ("Recordings", "working"),
        ("Chat", "waiting"),
        ("Files", "waiting"),
    ]


def test_step_that_an_ended_run_did_not_reach_is_not_done(conference: Conference) -> None:
    assert {line.state for line in card(conference, run_of(conference, "cancelled")).steps} == {"not_done"}


@pytest.mark.parametrize(("full", "shown", "earlier"), [(False, LINES, 13), (True, 21, 0)])
def test_log_is_short_on_the_card_and_whole_on_its_page(
    conference: Conference, full: bool, shown: int, earlier: int
) -> None:
    run = run_of(conference, "succeeded")
    SyncEvent.objects.bulk_create(SyncEvent(run=run, text=f"Line {number}") for number in range(20))
    found = card(conference, run, full=full)
    assert (len(found.events), found.earlier_events, found.events[-1].text) == (shown, earlier, "Line 19")


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({"created": 3}, "3 new"),
        ({"created": 1, "updated": 2, "unchanged": 4}, "1 new, 2 changed, 4 as before"),
        ({}, ""),
    ],
)
def test_counts_in_words(counts: dict[str, int], words: str) -> None:
    assert StepLine("chat", "Chat", "synced", SyncStep(**counts)).changes == words


def test_advice_that_helps_several_operations_is_given_once(conference: Conference) -> None:
    run = run_of(conference, "failed")
    for operation, advice in (
        ("attendance", "Renew it."),
        ("chat", "Renew it."),
        ("files", "Ask."),
        ("recordings", ""),
    ):
        end_step(run, operation, "failed", advice=advice)
    assert [line.same_remedy_as for line in card(conference, run).steps] == ["", "", "Attendance", ""]


def test_uninstalled_provider_is_shown_by_its_slug() -> None:
    assert (provider_label("gone"), operation_labels("gone")) == ("gone", {})


def test_looking_does_not_start_anything(conference: Conference) -> None:
    card(conference, None)
    assert not SyncRun.objects.exists()


@pytest.mark.parametrize(("requests", "told"), [(9, True), (0, False)])
def test_ended_run_tells_what_it_took(teacher: Client, conference: Conference, requests: int, told: bool) -> None:
    end_step(run_of(conference), "attendance", "synced", items=3, requests=requests)
    run = SyncRun.objects.get()
    SyncRun.objects.update(state="succeeded", started_at=run.created_at, finished_at=run.created_at)
    text = teacher.get(conference.get_absolute_url()).text
    assert ("with 9 requests to Microsoft Teams." in text) is told
