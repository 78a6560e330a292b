"""A run as others see it. Commands print this and the status address returns it."""

from typing import Any

import pytest

from conferences.models import Conference, SyncEvent, SyncItem, SyncRun, SyncStep
from conferences.sync import events, runs, worker
from conferences.sync import result as module
from conferences.sync.result import result


@pytest.fixture
def run(conference: Conference) -> SyncRun:
    return runs.request(conference, via="command", ring=False)


def told(run: SyncRun) -> dict[str, Any]:
    run.refresh_from_db()
    return result(run)


def test_queued_run(run: SyncRun) -> None:
    answer = told(run)
    events = answer.pop("events")
    steps = answer.pop("steps")
    assert answer == {
        "run": run.pk,
        "status": "queued",
        "success": False,
        "code": "",
        "message": "",
        "progress": 0,
        "phase": "Waiting for a worker",
        "resumes_at": None,
        "eta_seconds": None,
        "requests": 0,
        "items_processed": 0,
        "warnings": [],
        "items": {"total": 1, "done": 0, "failed": 0},
    }
    assert list(steps) == ["attendance", "recordings", "chat", "files", "polls"]
    assert {step["outcome"] for step in steps.values()} == {None}
    assert [(event["level"], event["text"]) for event in events] == [("info", "Sync requested by an operator.")]


def test_finished_run(run: SyncRun) -> None:
    worker.work(run.pk)
    answer = told(run)
    assert (answer["status"], answer["success"], answer["progress"], answer["items_processed"]) == (
        "succeeded",
        True,
        100,
        5,
    )
    assert answer["items"] == {"total": 1, "done": 1, "failed": 0}
    assert answer["steps"]["attendance"] == {
        "outcome": "synced",
        "code": "synced",
        "message": "3 people synced.",
        "advice": "",
        "source": "door_report",
        "items": 3,
        "created": 3,
        "updated": 0,
        "unchanged": 0,
        "provider_total": None,
        "requests": 0,
        "retries": 0,
        "throttled": 0,
        "waited_seconds": 0.0,
    }


def test_warning_that_many_conferences_share_is_told_once(run: SyncRun) -> None:
    for text in ("No scope.", "No plan.", "No scope.", "No scope."):
        events.log(run.pk, text, level="warning")
    assert told(run)["warnings"] == ["No scope. (3 times)", "No plan."]


def test_times_are_utc_in_iso_8601(run: SyncRun) -> None:
    assert {event["at"][-1] for event in told(run)["events"]} == {"Z"}


def test_newest_events_come_last_and_old_ones_are_left_out(run: SyncRun, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "EVENTS", 2)
    SyncEvent.objects.bulk_create(SyncEvent(run=run, text=str(number)) for number in range(5))
    assert [event["text"] for event in told(run)["events"]] == ["3", "4"]


def test_steps_of_several_items_are_summed_with_the_worst_outcome(run: SyncRun, conference: Conference) -> None:
    SyncStep.objects.exclude(operation="chat").delete()
    SyncStep.objects.update(outcome="synced", items=3, created=3, message="Fine.", provider_total=4)
    conference.pk, conference.external_id = None, "second"
    conference.save()
    second = SyncItem.objects.create(run=run, conference=conference)
    SyncStep.objects.create(item=second, operation="chat", outcome="blocked", items=2, updated=2, message="No.")
    chat = told(run)["steps"]["chat"]
    assert (chat["outcome"], chat["message"], chat["items"], chat["created"], chat["updated"]) == (
        "blocked",
        "No.",
        5,
        3,
        2,
    )
    assert chat["provider_total"] == 4


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        (("synced", 3), ("no_data", 0), ("synced", "synced", "3 messages synced.")),
        (("synced", 2_000), ("synced", 500), ("synced", "synced", "2,500 messages synced.")),
        (("no_data", 0), ("no_data", 0), ("no_data", "none_found", "No chat found.")),
        (("synced", 3), ("", 0), ("synced", "synced", "3 messages synced.")),
    ],
)
def test_words_of_several_items_that_went_well_are_of_all_together(
    run: SyncRun,
    conference: Conference,
    first: tuple[str, int],
    second: tuple[str, int],
    words: tuple[str, str, str],
) -> None:
    """One class without a chat does not make an account without chats."""
    SyncStep.objects.exclude(operation="chat").delete()
    told_each = {"code": "none_found", "message": "No chat found."}
    SyncStep.objects.update(outcome=first[0], items=first[1], **told_each)
    conference.pk, conference.external_id = None, "second"
    conference.save()
    item = SyncItem.objects.create(run=run, conference=conference)
    SyncStep.objects.create(item=item, operation="chat", outcome=second[0], items=second[1], **told_each)
    chat = told(run)["steps"]["chat"]
    assert (chat["outcome"], chat["code"], chat["message"]) == words


def test_number_of_questions_does_not_grow_with_the_items(
    run: SyncRun, django_assert_num_queries: Any, conference: Conference
) -> None:
    for number in range(20):
        conference.pk, conference.external_id = None, f"c{number}"
        conference.save()
        item = SyncItem.objects.create(run=run, conference=conference)
        SyncStep.objects.create(item=item, operation="chat", outcome="synced", items=1)
    with django_assert_num_queries(5):
        answer = result(run)
    assert (answer["items"]["total"], answer["steps"]["chat"]["items"]) == (21, 20)
