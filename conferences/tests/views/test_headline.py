from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from conferences.models import Conference, SyncRun
from conferences.register import register
from conferences.tests.school import ENDS_AT, STARTS_AT, School, answered, seen
from conferences.views.headline import headline

AFTER = ENDS_AT + timedelta(hours=2)


def told(conference: Conference, run: SyncRun | None = None, now: datetime = AFTER) -> str:
    return headline(conference, run, register(conference), now)


def test_before_the_class(conference: Conference) -> None:
    assert told(conference, now=STARTS_AT - timedelta(days=1)) == "This class has not taken place yet."


@pytest.mark.parametrize("now", [STARTS_AT - timedelta(days=1), AFTER])
def test_class_that_is_no_longer_listed(conference: Conference, now: datetime) -> None:
    conference.gone_at = STARTS_AT - timedelta(days=2)
    assert told(conference, now=now) == "This class is no longer planned: it was cancelled, deleted or moved."


def test_never_synced(conference: Conference) -> None:
    assert told(conference) == "Nobody has asked who was there yet."


@pytest.mark.parametrize(
    ("state", "sentence"),
    [("running", "Finding out who was there."), ("failed", "We do not know yet who was there.")],
)
def test_without_an_answer(state: str, sentence: str, conference: Conference) -> None:
    assert told(conference, SyncRun(state=state)) == sentence


def test_incomplete_answer_calls_nobody_absent(conference: Conference, school: School) -> None:
    school.enrol("Ben Best")
    seen(conference, "a", (0, 60), name="Ann")
    assert told(conference, SyncRun(state="partial")) == "1 person seen so far."


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        (0, "1 of 1 learners came. Nobody is missing."),
        (1, "1 of 2 learners came. 1 is missing."),
        (2, "1 of 3 learners came. 2 are missing."),
    ],
)
def test_class_with_a_roster(missing: int, sentence: str, conference: Conference, school: School) -> None:
    ann = school.enrol("Ann Able")
    seen(conference, "a", (0, 60), name="Ann", user=ann, match="rule")
    for number in range(missing):
        school.enrol(f"Absent {number}")
    answered(conference)
    assert told(conference, SyncRun(state="succeeded")) == sentence


@pytest.mark.parametrize(
    ("people", "sentence"), [(0, "Nobody was there."), (1, "1 person was there."), (2, "2 people were there.")]
)
def test_class_without_a_roster(people: int, sentence: str, school: School) -> None:
    conference = school.conference(course=None)
    for number in range(people):
        seen(conference, f"{number}", (0, 60), name=f"Guest {number}")
    seen(conference, "bot", (0, 60), name="Notes", kind="bot")
    answered(conference)
    assert told(conference, SyncRun(state="succeeded"), timezone.now()) == sentence
