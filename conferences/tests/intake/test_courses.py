from typing import Any

import pytest
from django.contrib.auth.models import User

from conferences.intake import add_course
from conferences.models import Course, Enrolment
from conferences.providers.base import InvalidInput

pytestmark = pytest.mark.django_db

ROSTER = b"name,email,role\nAnn Lee,Ann@Example.org,instructor\nBen,ben@example.org,learner\n"


def enrolled(course: Course) -> dict[str, str]:
    return dict(course.enrolments.values_list("user__username", "role"))


def test_course_with_its_roster() -> None:
    course = add_course(" ALG-1 ", "Algebra", ROSTER)
    assert (course.code, course.title) == ("ALG-1", "Algebra")
    assert enrolled(course) == {"ann@example.org": "instructor", "ben@example.org": "learner"}


def test_people_become_users_who_cannot_sign_in_yet() -> None:
    add_course("ALG-1", "Algebra", ROSTER)
    people = User.objects.order_by("username").values_list("username", "email", "first_name", "last_name", "is_staff")
    assert list(people) == [
        ("ann@example.org", "ann@example.org", "Ann", "Lee", False),
        ("ben@example.org", "ben@example.org", "Ben", "", False),
    ]
    assert [user.has_usable_password() for user in User.objects.all()] == [False, False]


def test_course_without_a_roster() -> None:
    assert enrolled(add_course("ALG-1", "Algebra")) == {}


def test_existing_user_keeps_name_privileges_and_password() -> None:
    ann = User.objects.create_superuser("ann@example.org", "ann@example.org", "pw", first_name="Anna", last_name="Li")
    before = User.objects.values().get(pk=ann.pk)
    add_course("ALG-1", "Algebra", ROSTER)
    assert User.objects.values().get(pk=ann.pk) == before


def test_existing_user_is_found_by_address_in_any_spelling() -> None:
    User.objects.create_user("alee", "ANN@example.org", first_name="Ann")
    course = add_course("ALG-1", "Algebra", ROSTER)
    assert enrolled(course) == {"alee": "instructor", "ben@example.org": "learner"}


def test_existing_user_without_a_name_gets_one() -> None:
    User.objects.create_user("ben@example.org")
    add_course("ALG-1", "Algebra", ROSTER)
    assert User.objects.get(username="ben@example.org").get_full_name() == "Ben"


def test_user_name_outranks_address_of_another_user() -> None:
    User.objects.create_user("ann@example.org")
    User.objects.create_user("impostor", "ann@example.org")
    assert enrolled(add_course("ALG-1", "Algebra", ROSTER))["ann@example.org"] == "instructor"


def test_address_of_several_users_is_not_guessed() -> None:
    """Never credit the wrong person."""
    User.objects.create_user("ann1", "ann@example.org")
    User.objects.create_user("ann2", "ann@example.org")
    with pytest.raises(InvalidInput) as refused:
        add_course("ALG-1", "Algebra", ROSTER)
    assert str(refused.value) == (
        "Several users have the address ann@example.org. Give each an address of their own first."
    )
    assert (Course.objects.count(), User.objects.count()) == (0, 2)


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"code": " "}, "code", "The course code is missing."),
        ({"code": "x" * 65}, "code", "The course code has 65 characters; at most 64 fit."),
        ({"title": "\x00"}, "title", "The title is missing."),
        ({"title": "x" * 256}, "title", "The title has 256 characters; at most 255 fit."),
        (
            {"roster": ROSTER + b"Cleo,cleo@example.org,boss\n"},
            "roster",
            "Line 4 of the roster is broken: the role “boss” is unknown; it is instructor or learner. "
            "Nothing was stored.",
        ),
        ({"update": True}, "code", "There is no course “ALG-1” that could be updated."),
    ],
)
def test_course_that_cannot_be_right_leaves_nothing(typed: dict[str, Any], field: str, sentence: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        add_course(**{"code": "ALG-1", "title": "Algebra", "roster": ROSTER, **typed})
    assert (str(refused.value), refused.value.field) == (sentence, field)
    assert (Course.objects.count(), Enrolment.objects.count(), User.objects.count()) == (0, 0, 0)


def test_course_typed_twice_names_the_first_and_changes_nothing() -> None:
    first = add_course("ALG-1", "Algebra")
    with pytest.raises(InvalidInput) as refused:
        add_course("ALG-1", "Other", ROSTER)
    assert str(refused.value) == f"There is already a course “ALG-1” (ID {first.pk}, Algebra)."
    assert (enrolled(first), User.objects.count()) == ({}, 0)


def test_update_adds_and_changes_and_never_removes() -> None:
    course = add_course("ALG-1", "Algebra", ROSTER)
    add_course("ALG-1", "", b"Ben,ben@example.org,instructor\nCleo,cleo@example.org,learner\n", update=True)
    assert enrolled(course) == {
        "ann@example.org": "instructor",
        "ben@example.org": "instructor",
        "cleo@example.org": "learner",
    }
    assert Course.objects.get().title == "Algebra"


def test_update_with_a_title_renames() -> None:
    add_course("ALG-1", "Algebra")
    add_course("ALG-1", "Algebra I", update=True)
    assert Course.objects.get().title == "Algebra I"


def test_update_twice_is_the_same_as_once() -> None:
    add_course("ALG-1", "Algebra", ROSTER)
    before = list(Enrolment.objects.order_by("id").values())
    add_course("ALG-1", "Algebra", ROSTER, update=True)
    assert list(Enrolment.objects.order_by("id").values()) == before


def test_roster_of_a_thousand_costs_few_queries(django_assert_max_num_queries: Any) -> None:
    lines = b"".join(b"P%d,p%d@example.org,learner\n" % (number, number) for number in range(1000))
    with django_assert_max_num_queries(12):
        add_course("BIG", "Big", lines)
    assert Enrolment.objects.count() == 1000
