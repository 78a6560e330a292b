"""How a run ended, from its steps alone, in a word and a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass

from conferences import wording

SUCCESSES = {"synced", "no_data"}
# Best to worst.
RANKS = ("synced", "no_data", "blocked", "failed")

NO_DATA = "No data available to sync. This is normal if the meeting hasn't occurred yet."

SEARCH = "discovery"  # of a whole account, for its conferences
NONE_TO_SYNC = "The search found no conferences to sync."
MISSING = "The account could not be searched to the end, so that conferences may be missing."

NOUNS = {
    "attendance": ("person", "people"),
    "recordings": ("recording", "recordings"),
    "chat": ("message", "messages"),
    "files": ("file", "files"),
    SEARCH: ("conference", "conferences"),
    "registrants": ("registrant", "registrants"),
    "absentees": ("absentee", "absentees"),
    "questions": ("question", "questions"),
    "polls": ("answer", "answers"),
    "survey": ("answer", "answers"),
}


def counted(operation: str, items: int) -> str:
    """How many of what, as in “60 people”."""
    one, many = NOUNS.get(operation, ("item", "items"))
    return wording.counted(items, one, many)


@dataclass(frozen=True, slots=True)
class StepSummary:
    """What a step contributes: its operation's name, outcome, code, sentence and how many items it stored."""

    operation: str
    outcome: str
    code: str = ""
    message: str = ""
    items: int = 0


@dataclass(frozen=True, slots=True)
class Ending:
    state: str
    message: str
    code: str = ""


def worst(outcomes: Sequence[str]) -> str:
    return max(outcomes, key=RANKS.index, default="")


def conclude(steps: Sequence[StepSummary]) -> Ending:
    """succeeded, partial or failed, as the design's section on outcomes says."""
    items = sum(step.items for step in steps)
    bad = [step for step in steps if step.outcome not in SUCCESSES]
    good = [step for step in steps if step.outcome in SUCCESSES]
    if not bad:
        return Ending("succeeded", _success(items, searched=any(step.operation == SEARCH for step in steps)))
    failures = [step for step in bad if step.outcome == "failed"]
    if good or items or not failures:
        return Ending("partial", _partial(bad, good, items))
    return Ending("failed", _failure(failures), failures[0].code)


def _success(items: int, *, searched: bool) -> str:
    if items:
        return f"Successfully synced {counted('', items)}"
    return NONE_TO_SYNC if searched else NO_DATA


def _partial(bad: Sequence[StepSummary], good: Sequence[StepSummary], items: int) -> str:
    names = ", ".join(dict.fromkeys(step.operation for step in bad))
    missing = MISSING if any(step.operation == SEARCH for step in bad) else ""
    rest = "Other data synced successfully." if any(step.outcome == "synced" for step in good) else ""
    if not rest and items:
        rest = "What could be read was stored."
    return " ".join(filter(None, [f"Some operations had issues: {names}.", missing, rest]))


def _failure(failures: Sequence[StepSummary]) -> str:
    sentences = list(dict.fromkeys(step.message for step in failures))
    return sentences[0] if len(sentences) == 1 else f"The sync failed. {sentences[0]}"
