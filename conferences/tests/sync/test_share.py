"""A conference's part in a run, and the state that is shown of it."""

import pytest

from conferences.models import Conference, SyncRun
from conferences.sync.result import result, result_for
from conferences.sync.runs import CANCELLED
from conferences.sync.share import part, parts, sentence
from conferences.tests.views.account import lesson, put, whole_run

GOOD, BAD, OPEN = ("synced", "no_data"), ("synced", "blocked"), ("", "")


@pytest.mark.parametrize(
    ("run_state", "state", "outcomes", "shown"),
    [
        ("running", "queued", OPEN, "queued"),
        ("running", "running", OPEN, "running"),
        ("running", "done", GOOD, "succeeded"),
        ("running", "done", BAD, "partial"),
        ("partial", "failed", ("failed", "failed"), "failed"),
        ("cancelled", "cancelled", OPEN, "cancelled"),
        ("cancelled", "done", GOOD, "succeeded"),
        ("paused", "queued", OPEN, "paused"),
        ("paused", "done", GOOD, "succeeded"),
    ],
)
def test_state_of_a_part_is_that_of_the_conference_and_not_of_the_whole(
    run_state: str, state: str, outcomes: tuple[str, str], shown: str, conference: Conference
) -> None:
    run = whole_run(conference.connection, run_state)
    put(run, conference, state, outcomes)
    item = part(conference, run)
    assert (item.shown_state, item.shown_state in SyncRun.State.values) == (shown, True)


def test_own_run_is_shown_as_it_is(conference: Conference) -> None:
    run = SyncRun.objects.create(connection=conference.connection, conference=conference, state="failed")
    put(run, conference, "done", GOOD)
    assert part(conference, run).shown_state == "failed"


def test_newest_run_comes_first_whether_own_or_wide(conference: Conference) -> None:
    own = SyncRun.objects.create(connection=conference.connection, conference=conference, state="failed")
    put(own, conference, "failed")
    wide = whole_run(conference.connection)
    put(wide, conference, "queued")
    assert [item.run_id for item in parts(conference)] == [wide.pk, own.pk]


def test_run_without_the_conference_has_no_part_of_it(conference: Conference) -> None:
    assert part(conference, whole_run(conference.connection)) is None


@pytest.mark.parametrize(
    ("state", "outcomes", "said"),
    [
        ("done", GOOD, "Successfully synced 6 items"),
        ("done", BAD, "Some operations had issues: chat. Other data synced successfully."),
        ("failed", ("failed", "failed"), "It broke."),
        ("cancelled", OPEN, CANCELLED),
    ],
)
def test_sentence(state: str, outcomes: tuple[str, str], said: str, conference: Conference) -> None:
    message = "It broke." if state == "failed" else ""
    item = put(whole_run(conference.connection), conference, state, outcomes, message=message)
    assert sentence(item, list(item.steps.all())) == said


def test_result_of_a_part_tells_nothing_of_the_others(conference: Conference) -> None:
    run = whole_run(conference.connection, "partial", message="Some operations had issues.", progress=100)
    mine, theirs = (
        put(run, conference, "done", GOOD),
        put(run, lesson(conference.connection, 2), "failed", ("failed",) * 2),
    )
    for item in (mine, theirs):
        run.events.create(item=item, level="warning", text=f"About {item.conference.pk}.")
    told = result_for(run, conference)
    assert (told["status"], told["success"], told["progress"]) == ("succeeded", True, 100)
    assert told["items"] == {"total": 1, "done": 1, "failed": 0}
    assert {name: step["outcome"] for name, step in told["steps"].items()} == {
        "attendance": "synced",
        "chat": "no_data",
    }
    assert (told["warnings"], len(told["events"])) == ([f"About {conference.pk}."], 1)
    assert told["message"] == "Successfully synced 6 items"


def test_result_of_an_own_run_is_the_whole_of_it(conference: Conference) -> None:
    run = SyncRun.objects.create(connection=conference.connection, conference=conference, state="failed")
    put(run, conference, "failed")
    assert result_for(run, conference) == result(run)
