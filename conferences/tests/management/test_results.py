from io import StringIO
from typing import Any

from django.core.management.base import OutputWrapper

from conferences.management.output import console
from conferences.management.results import readable

STEP = {"outcome": "synced", "advice": "", "message": "Fine.", "items": 3, "created": 2, "updated": 1}


def shown(**steps: dict[str, Any]) -> list[str]:
    """The lines that somebody reads."""
    result = {"run": 7, "status": "partial", "message": "Some had issues.", "steps": steps}
    stream = StringIO()
    for part in readable(result):
        console(OutputWrapper(stream)).print(part)
    return [line.rstrip() for line in stream.getvalue().splitlines()]


def step(**changes: Any) -> dict[str, Any]:
    return {**STEP, "provider_total": None, **changes}


def test_every_outcome_is_a_shape_and_a_word() -> None:
    lines = shown(
        attendance=step(provider_total=4),
        recordings=step(outcome="no_data", items=0, created=0, updated=0),
        chat=step(outcome="blocked"),
        files=step(outcome="failed"),
        polls=step(outcome=None),
    )
    assert lines == [
        "Run 7: partial. Some had issues.",
        "Operation   Outcome     Items  New  Changed  What happened",
        "attendance  ✓ synced   3 of 4    2        1  Fine.",
        "recordings  ○ no data       0    0        0  Fine.",
        "chat        ▲ blocked       3    2        1  Fine.",
        "files       ✗ failed        3    2        1  Fine.",
        "polls       … pending       3    2        1  Fine.",
    ]


def test_same_advice_is_given_once() -> None:
    refused, other = step(advice="Ask Ann."), step(advice="Ask Ben.")
    assert shown(chat=refused, files=other, polls=refused)[5:] == [
        "",
        "To do for chat, polls:",
        "Ask Ann.",
        "",
        "To do for files:",
        "Ask Ben.",
    ]


def test_result_without_steps() -> None:
    assert shown()[0] == "Run 7: partial. Some had issues."


def test_terminal_is_not_obeyed() -> None:
    lines = shown(chat=step(message="\x1b[2J", advice="\x07"))
    assert ("\x1b" in "".join(lines), "\x07" in "".join(lines)) == (False, False)
