from typing import Any

import pytest
from django.contrib.auth.models import User

from conferences.models import Participant
from conferences.presence import Presence
from conferences.register import Row
from conferences.register.summary import summarise


def learner(presence: Presence | None, **values: Any) -> Row:
    return Row("", "", "learner", user=User(), on_roster=True, computed=presence, **values)


def other(match: str = "none", kind: str = "guest", user: User | None = None) -> Row:
    return Row("", "", "", user=user, participants=(Participant(match=match, kind=kind),))


def test_every_learner_is_counted_once() -> None:
    summary = summarise([learner(presence) for presence in [*Presence, None, Presence.PRESENT]])
    assert (summary.learners, summary.present, summary.late, summary.left_early) == (7, 2, 1, 1)
    assert (summary.partial, summary.absent, summary.unknown) == (1, 1, 1)


def test_instructors_and_guests_are_no_learners() -> None:
    instructor = Row("", "", "instructor", user=User(), on_roster=True, computed=Presence.PRESENT)
    assert summarise([instructor, other()]).learners == 0


def test_everybody_else_is_a_bot_a_visitor_or_unidentified() -> None:
    people = [other(), other(), other("manual"), other("remembered"), other(kind="bot"), other("manual", user=User())]
    summary = summarise(people)
    assert (summary.unidentified, summary.visitors, summary.bots) == (2, 3, 1)


@pytest.mark.parametrize(
    ("presences", "percent"),
    [
        ([], None),
        ([None], None),
        ([Presence.PRESENT, None], 100),
        ([Presence.PRESENT, Presence.LATE, Presence.LEFT_EARLY], 100),
        ([Presence.PRESENT, Presence.PARTIAL], 50),
        ([Presence.PRESENT, Presence.PRESENT, Presence.ABSENT], 66),
        ([Presence.PRESENT] * 199 + [Presence.ABSENT], 99),
        ([Presence.ABSENT], 0),
    ],
)
def test_attendance_percent(presences: list[Presence | None], percent: int | None) -> None:
    assert summarise([learner(presence) for presence in presences]).attendance_percent == percent
