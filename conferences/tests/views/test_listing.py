from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conferences.models import Conference, Course
from conferences.tests.school import STARTS_AT, School, seen
from conferences.tests.views.conftest import run_of
from conferences.views.listing import PER_PAGE


def titles(client: Client, **query: str) -> list[str]:
    return [conference.title for conference in client.get("/conferences/", query).context["page"]]


@pytest.fixture
def three(school: School) -> list[Conference]:
    names = ("Old", "Middle", "New")
    return [
        school.conference(
            title=name,
            external_id=name,
            starts_at=STARTS_AT + timedelta(days=day),
            ends_at=STARTS_AT + timedelta(days=day, hours=1),
        )
        for day, name in enumerate(names)
    ]


def test_newest_class_comes_first(teacher: Client, three: list[Conference]) -> None:
    assert titles(teacher) == ["New", "Middle", "Old"]


def test_conference_is_found_by_its_number(teacher: Client, three: list[Conference]) -> None:
    number = three[1].pk
    assert (titles(teacher, q=f"No. {number}"), titles(teacher, q=str(number))) == (["Middle"], ["Middle"])
    assert titles(teacher, q="9" * 30) == []


def test_instructor_sees_the_courses_that_they_teach(
    client_of: Callable[[str], Client], three: list[Conference]
) -> None:
    assert titles(client_of("stranger")) == []
    assert titles(client_of("learner")) == []
    assert titles(client_of("staff")) == ["New", "Middle", "Old"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "midd"}, ["Middle"]),
        ({"q": "alg-1"}, ["New", "Middle", "Old"]),
        ({"q": "nothing"}, []),
        ({"provider": "teams"}, ["New", "Middle", "Old"]),
        ({"state": "never"}, ["Old"]),
        ({"state": "active"}, ["Middle"]),
        ({"state": "failed"}, ["New"]),
        ({"state": "succeeded"}, []),
        ({"when": "past"}, ["New", "Middle", "Old"]),
        ({"when": "upcoming"}, []),
        ({"when": "today"}, []),
        ({"state": "bogus", "course": "x", "when": "y", "page": "z"}, ["New", "Middle", "Old"]),
        ({"q": "\x00"}, ["New", "Middle", "Old"]),
    ],
)
def test_filters(query: dict[str, str], found: list[str], teacher: Client, three: list[Conference]) -> None:
    run_of(three[1])
    run_of(three[2], "succeeded")
    run_of(three[2], "failed")
    assert titles(teacher, **query) == found


def test_filter_by_course_offers_own_courses_only(teacher: Client, school: School, three: list[Conference]) -> None:
    Course.objects.create(code="ZZZ", title="Foreign")
    form = teacher.get("/conferences/").context["form"]
    assert list(form.fields["course"].queryset) == [school.course]
    assert titles(teacher, course=str(school.course.pk)) == ["New", "Middle", "Old"]


@pytest.mark.parametrize(("days", "when"), [(3, "upcoming"), (-2, "week"), (-20, "month")])
def test_filter_by_time(days: int, when: str, teacher: Client, school: School) -> None:
    start = timezone.now() + timedelta(days=days)
    school.conference(starts_at=start, ends_at=start + timedelta(hours=1), title="Found")
    school.conference(external_id="long-ago")
    assert titles(teacher, when=when) == ["Found"]


def test_long_lists_come_in_pages(teacher: Client, school: School) -> None:
    for number in range(PER_PAGE + 1):
        school.conference(title=f"{number}", external_id=f"{number}")
    assert len(titles(teacher)) == PER_PAGE
    assert titles(teacher, page="2") == ["0"]
    assert titles(teacher, page="99") == ["0"]


def test_state_of_last_sync_and_people_stand_in_the_line(teacher: Client, conference: Conference) -> None:
    seen(conference, "a", name="Ann")
    seen(conference, "b", name="Old", superseded=True)
    run_of(conference, "succeeded")
    run_of(conference, "partial")
    (line,) = teacher.get("/conferences/").context["page"]
    assert (line.last_state, line.people) == ("partial", 1)


def test_queries_do_not_grow_with_the_list(teacher: Client, school: School) -> None:
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            teacher.get("/conferences/")
        return len(queries)

    run_of(school.conference())
    few = cost()
    for number in range(10):
        run_of(school.conference(external_id=f"{number}"), "succeeded")
    assert cost() == few


def test_empty_list_teaches(client_of: Callable[[str], Client]) -> None:
    assert "No conferences yet" in client_of("stranger").get("/conferences/").text
    assert "Nothing matches" in client_of("staff").get("/conferences/", {"q": "x"}).text
