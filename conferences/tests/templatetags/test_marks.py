import re
from pathlib import Path

import pytest
from django.conf import settings

from conferences.models import SyncRun, SyncStep
from conferences.presence import Presence
from conferences.templatetags.marks import (
    NOT_JUDGED,
    PRESENCE,
    RUN,
    STEP,
    UNKNOWN,
    Mark,
    presence_mark,
    run_mark,
    step_mark,
)


def test_every_state_has_a_mark() -> None:
    assert set(RUN) == {"", *SyncRun.State.values}
    assert set(STEP) == {"waiting", "working", "partly", "not_done", *SyncStep.Outcome.values}
    assert set(PRESENCE) == set(Presence.values)


@pytest.mark.parametrize("marks", [RUN, {key: STEP[key] for key in SyncStep.Outcome.values}])
def test_states_differ_in_shape_and_in_word_and_not_in_colour_alone(marks: dict[str, Mark]) -> None:
    assert len({mark.shape for mark in marks.values()}) == len(marks)
    assert len({mark.word for mark in marks.values()}) == len(marks)


def test_every_shape_and_colour_is_drawn() -> None:
    marks = [*RUN.values(), *STEP.values(), *PRESENCE.values(), NOT_JUDGED, UNKNOWN]
    shapes = Path(settings.BASE_DIR, "templates/_shapes.html").read_text()
    colours = Path(settings.BASE_DIR, "static/css/parts.css").read_text()
    assert {mark.shape for mark in marks} <= set(re.findall(r'id="shape-(\w+)"', shapes))
    assert {mark.tone for mark in marks} <= set(re.findall(r"\.tone-(\w+)", colours))


def test_unknown_states_have_a_mark_too() -> None:
    assert run_mark(None)["mark"] == RUN[""]
    assert run_mark("bogus")["mark"] == step_mark("bogus")["mark"] == UNKNOWN
    assert presence_mark(None)["mark"] == NOT_JUDGED
