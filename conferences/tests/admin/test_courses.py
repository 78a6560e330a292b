from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from conferences.models import Course, Enrolment
from conferences.tests.admin.pages import errors

ADD = "/admin/conferences/course/add/"
ROSTER = b"name,email,role\nAnn Lee,ann@example.org,instructor\nBen,ben@example.org,learner\n"


def typed(roster: bytes = b"", **changes: Any) -> dict[str, Any]:
    upload = {"roster": SimpleUploadedFile("roster.csv", roster)} if roster else {}
    return {
        "code": "ALG-1",
        "title": "Algebra",
        "late_after_minutes": 10,
        "early_leave_minutes": 10,
        "present_percent": 75,
        "enrolments-TOTAL_FORMS": 0,
        "enrolments-INITIAL_FORMS": 0,
        **upload,
        **changes,
    }


def enrolled() -> dict[str, str]:
    return dict(Enrolment.objects.values_list("user__username", "role"))


def test_course_with_an_uploaded_roster(client: Client) -> None:
    assert client.post(ADD, typed(ROSTER)).status_code == 302
    assert enrolled() == {"ann@example.org": "instructor", "ben@example.org": "learner"}


def test_course_with_an_inline_enrolment(client: Client, administrator: User) -> None:
    line = {"enrolments-TOTAL_FORMS": 1, "enrolments-0-user": administrator.pk, "enrolments-0-role": "instructor"}
    assert client.post(ADD, typed(**line)).status_code == 302
    assert enrolled() == {"admin": "instructor"}


@pytest.mark.parametrize(
    ("roster", "sentence"),
    [
        (
            ROSTER + b"Cleo,cleo@example.org,boss\n",
            "Line 4 of the roster is broken: the role “boss” is unknown; it is instructor or learner. "
            "Nothing was stored.",
        ),
        (b"name,email,role\n", "The roster has no people in it."),
        (
            b"name,email,role\nTwin,twin@example.org,learner\n",
            "Several users have the address twin@example.org. Give each an address of their own first.",
        ),
    ],
)
def test_broken_roster_gets_one_sentence_and_stores_nothing(client: Client, roster: bytes, sentence: str) -> None:
    for name in ("twin1", "twin2"):
        User.objects.create_user(name, "twin@example.org")
    assert errors(client.post(ADD, typed(roster))) == {"roster": [sentence]}
    assert (Course.objects.count(), Enrolment.objects.count(), User.objects.count()) == (0, 0, 3)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"code": ""}, {"code": ["This field is required."]}),
        (
            {"present_percent": 101},
            {"present_percent": ["Ensure this value is less than or equal to 100."]},
        ),
    ],
)
def test_bad_input_gets_one_sentence(client: Client, changes: dict[str, Any], expected: dict[str, list[str]]) -> None:
    assert errors(client.post(ADD, typed(**changes))) == expected
    assert Course.objects.count() == 0


def test_same_code_twice(client: Client) -> None:
    Course.objects.create(code="ALG-1", title="Algebra")
    assert errors(client.post(ADD, typed())) == {"code": ["Course with this Code already exists."]}


def test_roster_of_a_stored_course_is_extended(client: Client) -> None:
    client.post(ADD, typed(ROSTER))
    course = Course.objects.get()
    lines = list(course.enrolments.order_by("pk"))
    inline: dict[str, Any] = {"enrolments-TOTAL_FORMS": len(lines), "enrolments-INITIAL_FORMS": len(lines)}
    for number, line in enumerate(lines):
        inline |= {
            f"enrolments-{number}-{name}": value
            for name, value in (("id", line.pk), ("course", course.pk), ("user", line.user_id), ("role", line.role))
        }
    more = b"Ben,ben@example.org,instructor\nCleo,cleo@example.org,learner\n"
    change = reverse("admin:conferences_course_change", args=[course.pk])
    assert client.post(change, typed(more, **inline)).status_code == 302
    assert enrolled() == {
        "ann@example.org": "instructor",
        "ben@example.org": "instructor",
        "cleo@example.org": "learner",
    }


def test_list_counts_the_roster(client: Client) -> None:
    client.post(ADD, typed(ROSTER))
    (row,) = client.get("/admin/conferences/course/").context["cl"].result_list
    assert (row.learner_count, row.instructor_count) == (1, 1)
