"""What becomes of a run: each operation ends in exactly one outcome, and none costs another its data."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from conferences.models import ChatMessage, Participant, SyncRun
from conferences.providers.base import Link, Target
from conferences.providers.errors import CredentialsRefused, NotPermitted, ProviderError, RateLimited, ServerTrouble
from conferences.providers.records import NothingFound, Notice, Problem, ProviderTotal, Record
from conferences.sync.result import result
from conferences.tests.campus_integration.scripts import message, person
from conferences.tests.sync.conftest import step_of
from conferences.tests.sync.store.listings import every_row

Play = Callable[..., SyncRun]


def people(*names: str) -> Callable[[Target, Link], list[Record]]:
    return lambda target, link: [person(target, name) for name in names]


def refuse(error: ProviderError, *before: str) -> Callable[[Target, Link], Iterator[Record]]:
    def answer(target: Target, link: Link) -> Iterator[Record]:
        yield from (person(target, name) for name in before)
        raise error

    return answer


def outcomes(run: SyncRun) -> dict[str, str | None]:
    return {name: step["outcome"] for name, step in result(run)["steps"].items()}


def test_run_synced(play: Play) -> None:
    run = play(attendance=people("Ann", "Ben"), chat=lambda target, link: [message(target, 1)])
    assert (run.state, run.message, run.progress) == ("succeeded", "Successfully synced 3 items", 100)
    assert outcomes(run) == {"attendance": "synced", "chat": "synced"}
    assert step_of(run, "attendance").source == "door_report"
    assert set(Participant.objects.values_list("name", "total_seconds")) == {("Ann", 3600), ("Ben", 3600)}


def test_second_sync_creates_and_updates_nothing(play: Play) -> None:
    play(attendance=people("Ann", "Ben"))
    again = step_of(play(attendance=people("Ann", "Ben")), "attendance")
    assert (again.items, again.created, again.updated, again.unchanged) == (2, 0, 0, 2)


def test_second_sync_writes_no_synced_row(play: Play) -> None:
    """Whole runs, with all that follows an attendance step: no column changes, no row is even written again."""
    answers = {"attendance": people("Ann", "Ben"), "chat": lambda target, link: [message(target, 1)]}
    play(**answers)
    before = every_row()
    play(**answers)
    assert every_row() == before


def test_nothing_found_is_a_success_that_says_so(play: Play) -> None:
    run = play(recordings=lambda target, link: [NothingFound("not_ready", "The recording is still being made.")])
    assert (run.state, run.message) == (
        "succeeded",
        "No data available to sync. This is normal if the meeting hasn't occurred yet.",
    )
    step = step_of(run, "recordings")
    assert (step.outcome, step.code, step.message) == ("no_data", "not_ready", "The recording is still being made.")


def test_refusal_is_blocked_and_never_success(play: Play) -> None:
    denied = NotPermitted("We may not look.", code="missing_permission", advice="Grant Cameras.Read.")
    run = play(attendance=people("Ann"), recordings=refuse(denied))
    step = step_of(run, "recordings")
    assert (step.outcome, step.code, step.message, step.advice) == (
        "blocked",
        "missing_permission",
        "We may not look.",
        "Grant Cameras.Read.",
    )
    assert (run.state, run.message) == (
        "partial",
        "Some operations had issues: recordings. Other data synced successfully.",
    )


def test_all_blocked_is_partial(play: Play) -> None:
    run = play(recordings=refuse(NotPermitted("No.")), chat=refuse(NotPermitted("No.")))
    assert (run.state, run.message) == ("partial", "Some operations had issues: recordings, chat.")


@pytest.mark.parametrize("error", [CredentialsRefused("The key was refused."), ServerTrouble("Campus is down.")])
def test_run_failed_when_nothing_worked(play: Play, error: ProviderError) -> None:
    run = play(attendance=refuse(error), chat=refuse(error))
    assert (run.state, run.message, result(run)["success"]) == ("failed", error.message, False)


def test_failure_keeps_what_came_before_it(play: Play) -> None:
    run = play(attendance=refuse(RateLimited("Too many calls."), "Ann", "Ben"))
    assert (run.state, step_of(run, "attendance").outcome, Participant.objects.count()) == ("partial", "failed", 2)


def test_failure_after_a_good_sync_leaves_the_data_alone(play: Play) -> None:
    play(attendance=people("Ann", "Ben", "Cleo"))
    before = list(Participant.objects.order_by("id").values())
    play(attendance=refuse(ServerTrouble("down"), "Ann"))
    assert list(Participant.objects.order_by("id").values()) == before


def test_bug_in_one_operation_is_isolated(play: Play) -> None:
    def buggy(target: Target, link: Link) -> Iterator[Record]:
        raise KeyError("surprise")
        yield

    run = play(attendance=buggy, chat=lambda target, link: [message(target, 1)])
    assert outcomes(run) == {"attendance": "failed", "chat": "synced"}
    assert step_of(run, "attendance").code == "internal_error"
    assert ChatMessage.objects.count() == 1


def test_problem_in_a_part_outweighs_what_was_found(play: Play) -> None:
    def partly(target: Target, link: Link) -> Iterator[Record]:
        yield person(target, "Ann")
        yield Problem(NotPermitted("One drawer is locked.", code="locked"))
        yield person(target, "Ben")

    step = step_of(play(attendance=partly), "attendance")
    assert (step.outcome, step.code, step.items) == ("blocked", "locked", 2)
    assert step.message == "One drawer is locked. What could be read (2) is stored."


def test_problem_is_warned_of_once(play: Play) -> None:
    def partly(target: Target, link: Link) -> Iterator[Record]:
        yield person(target, "Ann")
        yield Problem(NotPermitted("One drawer is locked."))

    assert result(play(attendance=partly))["warnings"] == ["Attendance: One drawer is locked."]


def test_listing_of_which_more_is_to_come_says_so(play: Play) -> None:
    def early(target: Target, link: Link) -> Iterator[Record]:
        yield person(target, "Ann")
        yield NothingFound("not_ready", "More people are still being listed.")

    step = step_of(play(attendance=early), "attendance")
    assert (step.outcome, step.code, step.message) == (
        "synced",
        "not_ready",
        "1 person synced. More people are still being listed.",
    )


def test_totals_and_warnings_of_the_provider_are_shown_beside_ours(play: Play) -> None:
    def counted(target: Target, link: Link) -> list[Record]:
        return [person(target, "Ann"), ProviderTotal(3), Notice("Campus counted 3 people.", level="warning")]

    told = result(play(attendance=counted))
    assert (told["steps"]["attendance"]["items"], told["steps"]["attendance"]["provider_total"]) == (1, 3)
    assert told["warnings"] == ["Campus counted 3 people."]


def test_notices_from_the_fetching_thread_reach_the_log(play: Play) -> None:
    def waiting(target: Target, link: Link) -> Iterator[Record]:
        link.notify(Notice("Campus asks us to slow down."))
        yield person(target, "Ann")

    run = play(attendance=waiting)
    texts = [event["text"] for event in result(run)["events"]]
    assert texts.count("Campus asks us to slow down.") == 1


def test_the_connections_own_secret_is_masked_wherever_a_provider_repeats_it(
    play: Play, caplog: pytest.LogCaptureFixture
) -> None:
    def chatty(target: Target, link: Link) -> Iterator[Record]:
        link.notify(Notice("Signing in with canary-key."))
        yield NothingFound("none_found", "Nothing for canary-key.", "Replace canary-key.")
        raise ServerTrouble("We do not know canary-key.", advice="Try another than canary-key.")

    run = play(attendance=chatty)
    assert "canary-key" not in json.dumps(result(run)) + caplog.text
    assert step_of(run, "attendance").message == "We do not know •••."


def test_secrets_of_a_provider_error_never_reach_the_rows(play: Play) -> None:
    play_result: Any = result(play(attendance=refuse(ServerTrouble("Bearer abcdefghijklmnop was refused"))))
    assert "abcdefghijklmnop" not in str(play_result["events"])


def test_bug_in_matching_costs_one_step_and_no_data(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(conference: object) -> int:
        raise KeyError("surprise")

    monkeypatch.setattr("conferences.decisions.apply_matching", broken)
    run = play(attendance=people("Ann"), chat=lambda target, link: [message(target, 1)])
    assert outcomes(run) == {"attendance": "failed", "chat": "synced"}
    assert Participant.objects.count() == 1
