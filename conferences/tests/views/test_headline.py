from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from conferences.decisions import correct_presence
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
        (0, "1 of 1 learner came. Nobody is missing."),
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


@pytest.mark.parametrize(
    ("there", "moments", "untimed", "sentence"),
    [
        (2, 1, 0, "2 people were there. 1 more is listed without any time."),
        (1, 1, 1, "1 person was there. 2 more are listed without any time."),
        (0, 1, 0, "Nobody is known to have been there. 1 is listed without any time."),
        (0, 0, 2, "Nobody is known to have been there. 2 are listed without any time."),
    ],
)
def test_who_is_listed_without_any_time_was_not_there(
    there: int, moments: int, untimed: int, sentence: str, school: School
) -> None:
    """The sentence counts as the presence of each says."""
    conference = school.conference(course=None)
    for number in range(there):
        seen(conference, f"there {number}", (0, 60))
    for number in range(moments):
        seen(conference, f"moment {number}", (10, 10), reported_seconds=0)
    for number in range(untimed):
        seen(conference, f"untimed {number}")
    seen(conference, "bot", kind="bot")
    answered(conference)
    assert told(conference, SyncRun(state="succeeded")) == sentence


@pytest.mark.parametrize(("reported", "sentence"), [(60, "1 person was there."), (3600, "1 person was there.")])
def test_who_is_known_by_a_reported_total_was_there(reported: int, sentence: str, school: School) -> None:
    conference = school.conference(course=None)
    seen(conference, "id:1", reported_seconds=reported)
    answered(conference)
    assert told(conference, SyncRun(state="succeeded")) == sentence


def test_who_looked_in_outside_of_the_class_was_there(school: School) -> None:
    conference = school.conference(course=None)
    seen(conference, "id:1", (70, 75))
    answered(conference)
    assert told(conference, SyncRun(state="succeeded")) == "1 person was there."


def test_learner_who_is_listed_without_any_time_is_neither_come_nor_missing(
    conference: Conference, school: School
) -> None:
    seen(conference, "a", user=school.enrol("Ann Able"), match="rule")
    seen(conference, "b", (0, 60), user=school.enrol("Ben Best"), match="rule")
    answered(conference)
    assert told(conference, SyncRun(state="succeeded")) == "1 of 2 learners came. 1 is listed without any time."


def test_learner_who_left_in_the_moment_of_joining_is_missing(conference: Conference, school: School) -> None:
    seen(conference, "a", (5, 5), user=school.enrol("Ann Able"), match="rule")
    answered(conference)
    assert told(conference, SyncRun(state="succeeded")) == "0 of 1 learner came. 1 is missing."


@pytest.mark.parametrize(
    ("presence", "sentence"), [("present", "1 person was there."), ("absent", "Nobody was there.")]
)
def test_correction_decides_who_was_there(presence: str, sentence: str, conference: Conference, school: School) -> None:
    """A class with nobody but an instructor on its roster."""
    ann = school.enrol("Ann Able", role="instructor")
    seen(conference, "a", (0, 60) if presence == "absent" else (0, 0), user=ann, match="rule")
    correct_presence(conference, ann, presence, "The camera saw it", by=ann)
    answered(conference)
    assert told(conference, SyncRun(state="succeeded")) == sentence


def test_incomplete_answer_does_not_count_who_left_in_the_moment_of_joining(conference: Conference) -> None:
    seen(conference, "a", (5, 5), name="Ann")
    seen(conference, "b", (0, 60), name="Ben")
    assert told(conference, SyncRun(state="partial")) == "1 person seen so far."
