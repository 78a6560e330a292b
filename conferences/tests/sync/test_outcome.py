"""How a run ended, from its steps alone."""

import pytest

from conferences.sync.outcome import NO_DATA, NONE_TO_SYNC, SEARCH, Ending, StepSummary, conclude, worst


def step(operation: str, outcome: str, items: int = 0, message: str = "", code: str = "") -> StepSummary:
    return StepSummary(operation, outcome, code, message, items)


SYNCED, NOTHING = step("attendance", "synced", 4), step("chat", "no_data")
BLOCKED = step("recordings", "blocked", message="Not permitted.")
FAILED = step("files", "failed", message="It broke.", code="unreachable")
REST = "Other data synced successfully."


@pytest.mark.parametrize(
    ("steps", "state", "message"),
    [
        ([SYNCED], "succeeded", "Successfully synced 4 items"),
        ([step("chat", "synced", 1)], "succeeded", "Successfully synced 1 item"),
        ([SYNCED, NOTHING, step("files", "synced", 1)], "succeeded", "Successfully synced 5 items"),
        ([NOTHING], "succeeded", NO_DATA),
        ([], "succeeded", NO_DATA),
        ([StepSummary(SEARCH, "no_data", "none_found")], "succeeded", NONE_TO_SYNC),
        ([SYNCED, BLOCKED], "partial", f"Some operations had issues: recordings. {REST}"),
        ([SYNCED, FAILED, BLOCKED], "partial", f"Some operations had issues: files, recordings. {REST}"),
        ([NOTHING, FAILED], "partial", "Some operations had issues: files."),
        ([BLOCKED], "partial", "Some operations had issues: recordings."),
        ([step("files", "failed", 2)], "partial", "Some operations had issues: files. What could be read was stored."),
        ([FAILED], "failed", "It broke."),
        ([FAILED, BLOCKED], "failed", "It broke."),
        ([FAILED, step("chat", "failed", message="It broke.")], "failed", "It broke."),
        ([FAILED, step("chat", "failed", message="So did this.")], "failed", "The sync failed. It broke."),
        (
            [SYNCED, step("discovery", "failed", 3)],
            "partial",
            "Some operations had issues: discovery. The account could not be searched to the end, so that conferences "
            f"may be missing. {REST}",
        ),
        ([BLOCKED, BLOCKED], "partial", "Some operations had issues: recordings."),
    ],
)
def test_ending(steps: list[StepSummary], state: str, message: str) -> None:
    ending = conclude(steps)
    assert (ending.state, ending.message) == (state, message)


def test_failed_run_carries_the_code() -> None:
    assert conclude([FAILED]) == Ending("failed", "It broke.", "unreachable")


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ([], ""),
        (["synced"], "synced"),
        (["synced", "failed", "blocked"], "failed"),
        (["no_data", "blocked"], "blocked"),
    ],
)
def test_worst_outcome(outcomes: list[str], expected: str) -> None:
    assert worst(outcomes) == expected
