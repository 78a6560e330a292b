from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from conferences import decisions
from conferences.decisions import DecisionRefused, apply_matching, confirm, correct_presence, forget
from conferences.models import Conference, KnownIdentity, Participant, PresenceCorrection
from conferences.tests.school import School, minute, seen

pytestmark = pytest.mark.django_db


@pytest.fixture
def school() -> School:
    return School()


@pytest.fixture
def conference(school: School) -> Conference:
    return school.conference()


@pytest.fixture
def ana(school: School) -> User:
    return school.enrol("Ana Lee", "ana@example.org")


@pytest.fixture
def teacher(school: School) -> User:
    return school.enrol("Tara Moss", "tara@example.org", role="instructor")


def decision(participant: Participant) -> tuple[str, User | None, User | None]:
    participant.refresh_from_db()
    return participant.match, participant.user, participant.matched_by


def test_exact_address_is_matched_by_rule(conference: Conference, ana: User) -> None:
    person = seen(conference, "id:1", email="ANA@example.org")
    assert apply_matching(conference) == 1
    assert decision(person) == ("rule", ana, None)


def test_instructors_are_on_the_roster_too(conference: Conference, teacher: User) -> None:
    person = seen(conference, "id:1", email=teacher.email)
    apply_matching(conference)
    assert decision(person) == ("rule", teacher, None)


def test_two_students_share_a_name_and_neither_is_matched(school: School, conference: Conference, ana: User) -> None:
    school.enrol("Ana Lee", "other.ana@example.org")
    people = [seen(conference, "id:1", name="Ana Lee"), seen(conference, "id:2", name="Ana Lee")]
    assert apply_matching(conference) == 0
    assert [decision(person) for person in people] == [("none", None, None)] * 2


def test_matching_a_second_time_changes_nothing(conference: Conference, ana: User) -> None:
    person = seen(conference, "id:1", email=ana.email)
    apply_matching(conference)
    person.refresh_from_db()
    first = person.matched_at
    assert apply_matching(conference) == 0
    person.refresh_from_db()
    assert person.matched_at == first


def test_decision_of_a_person_survives_every_later_sync(
    school: School, conference: Conference, ana: User, teacher: User
) -> None:
    ben = school.enrol("Ben Roy", "ben@example.org")
    person = seen(conference, "id:1", email=ana.email)
    confirm(person, ben, by=teacher)
    assert apply_matching(conference) == 0
    assert decision(person) == ("manual", ben, teacher)


def test_decision_taken_while_rules_were_at_work_stands(
    conference: Conference, ana: User, teacher: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows were read, then a person decides, then the rules would write."""
    person = seen(conference, "id:1", email=ana.email)
    write = decisions._write

    def decided_meanwhile(changed: dict[int, Any]) -> int:
        confirm(person, None, by=teacher)
        return write(changed)

    monkeypatch.setattr(decisions, "_write", decided_meanwhile)
    assert apply_matching(conference) == 0
    assert decision(person) == ("manual", None, teacher)


def test_course_without_people_matches_nobody(school: School, ana: User) -> None:
    """A user who is in no course at all is not on the roster of a conference that belongs to none."""
    User.objects.create(username="free", email="free@example.org")
    conference = school.conference(course=None, external_id="x")
    person = seen(conference, "id:1", email="free@example.org")
    assert apply_matching(conference) == 0
    assert decision(person) == ("none", None, None)


def test_address_that_becomes_ambiguous_is_taken_back(school: School, conference: Conference, ana: User) -> None:
    person = seen(conference, "id:1", email=ana.email)
    apply_matching(conference)
    twin = school.enrol("Ana Twin")
    User.objects.filter(pk=twin.pk).update(email=ana.email)
    assert apply_matching(conference) == 1
    assert decision(person) == ("none", None, None)


def test_matching_does_not_start_from_zero_every_week(school: School, conference: Conference, ana: User) -> None:
    confirm(seen(conference, "id:1", lasting=True), ana, by=ana)
    next_week = school.conference(external_id="week-2")
    person = seen(next_week, "id:1", lasting=True)
    assert apply_matching(next_week) == 1
    assert decision(person) == ("remembered", ana, None)


def test_nobody_on_the_roster_is_remembered_too(school: School, conference: Conference, ana: User) -> None:
    confirm(seen(conference, "id:1", lasting=True, email=ana.email), None, by=ana)
    next_week = school.conference(external_id="week-2")
    person = seen(next_week, "id:1", lasting=True, email=ana.email)
    apply_matching(next_week)
    assert decision(person) == ("remembered", None, None)


@pytest.mark.parametrize(
    ("lasting", "series"), [(False, "algebra"), (True, "")], ids=["identity does not last", "no series"]
)
def test_decision_is_not_remembered(school: School, ana: User, lasting: bool, series: str) -> None:
    conference = school.conference(series_id=series)
    confirm(seen(conference, "id:1", lasting=lasting), ana, by=ana)
    assert KnownIdentity.objects.count() == 0


def test_memory_of_another_series_is_not_used(school: School, conference: Conference, ana: User) -> None:
    confirm(seen(conference, "id:1", lasting=True), ana, by=ana)
    other = school.conference(external_id="geo-1", series_id="geometry")
    person = seen(other, "id:1", lasting=True)
    apply_matching(other)
    assert decision(person) == ("none", None, None)


def test_changing_ones_mind_replaces_the_memory(
    school: School, conference: Conference, ana: User, teacher: User
) -> None:
    person = seen(conference, "id:1", lasting=True)
    confirm(person, ana, by=ana)
    confirm(person, None, by=teacher)
    (known,) = KnownIdentity.objects.all()
    assert (known.identity_key, known.user, known.decided_by) == ("id:1", None, teacher)


def test_forgetting_gives_the_rules_back_their_say(conference: Conference, ana: User, teacher: User) -> None:
    person = seen(conference, "id:1", lasting=True, email=ana.email)
    confirm(person, None, by=teacher)
    forget(person, by=teacher)
    assert (person.match, person.user) == ("rule", ana)
    assert decision(person) == ("rule", ana, None)
    assert KnownIdentity.objects.count() == 0


def test_forgetting_where_no_rule_applies_leaves_it_open(conference: Conference, ana: User, teacher: User) -> None:
    person = seen(conference, "guest:1")
    confirm(person, ana, by=ana)
    forget(person, by=teacher)
    assert decision(person) == ("none", None, teacher)


def test_confirming_somebody_who_is_not_enrolled_is_refused(conference: Conference) -> None:
    stranger = User.objects.create(username="zoe", first_name="Zoe", last_name="Fox")
    person = seen(conference, "id:1")
    with pytest.raises(DecisionRefused) as refused:
        confirm(person, stranger, by=stranger)
    assert str(refused.value) == "Zoe Fox is not on the roster of ALG-1. Add them to the course first."
    assert decision(person) == ("none", None, None)


def test_confirming_without_a_course_is_refused(school: School, ana: User) -> None:
    person = seen(school.conference(course=None), "id:1")
    with pytest.raises(DecisionRefused) as refused:
        confirm(person, ana, by=ana)
    assert str(refused.value) == (
        "This conference belongs to no course, so nobody is on its roster. Give it a course first."
    )


def test_correction_keeps_who_when_and_why(conference: Conference, ana: User, teacher: User) -> None:
    correct_presence(conference, ana, "present", "  Sat in\n the room  ", by=teacher)
    correct_presence(conference, ana, "late", "Came at ten past", by=teacher)
    assert list(PresenceCorrection.objects.values_list("presence", "reason", "corrected_by")) == [
        ("late", "Came at ten past", teacher.pk),
        ("present", "Sat in the room", teacher.pk),
    ]


@pytest.mark.parametrize(
    ("presence", "reason", "sentence"),
    [
        (
            "there",
            "because",
            "There is no presence “there”. It is present, late, left_early, partial or absent.",
        ),
        ("present", " \n ", "A correction needs a reason, so that others can follow it later."),
        ("present", "x" * 501, "The reason has 501 characters; 500 fit."),
    ],
)
def test_correction_that_says_too_little_is_refused(
    conference: Conference, ana: User, presence: str, reason: str, sentence: str
) -> None:
    with pytest.raises(DecisionRefused) as refused:
        correct_presence(conference, ana, presence, reason, by=ana)
    assert str(refused.value) == sentence
    assert PresenceCorrection.objects.count() == 0


def test_correction_for_somebody_who_is_not_enrolled_is_refused(conference: Conference, ana: User) -> None:
    stranger = User.objects.create(username="zoe")
    with pytest.raises(DecisionRefused, match="zoe is not on the roster of ALG-1"):
        correct_presence(conference, stranger, "present", "Sat in the room", by=ana)


def test_matching_works_within_the_transaction_of_its_caller(conference: Conference, ana: User) -> None:
    person = seen(conference, "id:1", email=ana.email)
    with transaction.atomic():
        apply_matching(conference)
        transaction.set_rollback(True)
    assert decision(person) == ("none", None, None)


def test_matching_takes_few_queries_however_many_people(school: School, conference: Conference) -> None:
    Participant.objects.bulk_create(
        Participant(
            conference=conference,
            identity_key=f"id:{number}",
            email=f"p{number}@example.org",
            first_seen_at=minute(70),
            last_seen_at=minute(70),
        )
        for number in range(200)
    )
    for number in range(200):
        school.enrol(f"Person {number}", f"p{number}@example.org")
    with CaptureQueriesContext(
        connection,
    ) as first:
        assert apply_matching(conference) == 200
    with CaptureQueriesContext(connection) as second:
        assert apply_matching(conference) == 0
    # People, roster and memory are read; one statement writes.
    assert (len(first), len(second)) == (4, 3)
