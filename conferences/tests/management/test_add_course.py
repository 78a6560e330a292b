from pathlib import Path

import pytest
from django.contrib.auth.models import User

from conferences.models import Course
from conferences.tests.management.conftest import Run

pytestmark = pytest.mark.django_db


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    path = tmp_path / "roster.csv"
    path.write_text("name,email,role\nAnn Lee,ann@example.org,instructor\nBen,ben@example.org,learner\n")
    return path


def test_result_as_json_is_all_of_standard_output(run: Run, roster: Path) -> None:
    ran = run("add_course", "--code", "ALG-1", "--title", "Algebra", "--roster", roster, "--json")
    assert (ran.exit_code, ran.json, ran.err) == (0, {"id": Course.objects.get().pk}, "")


def test_result_for_people(run: Run, roster: Path) -> None:
    ran = run("add_course", "--code", "ALG-1", "--title", "Algebra", "--roster", roster)
    assert ran.out == f"Stored course {Course.objects.get().pk}: ALG-1 Algebra, 2 people.\n"


def test_broken_line_stores_nothing(run: Run, roster: Path) -> None:
    roster.write_text(roster.read_text() + "Cleo,cleo,learner\n")
    ran = run("add_course", "--code", "ALG-1", "--title", "Algebra", "--roster", roster, "--json")
    assert (ran.exit_code, ran.out) == (2, "")
    assert ran.err == (
        "CommandError: Line 4 of the roster is broken: “cleo” is not an e-mail address. Nothing was stored.\n"
    )
    assert (Course.objects.count(), User.objects.count()) == (0, 0)


def test_roster_that_cannot_be_read(run: Run) -> None:
    ran = run("add_course", "--code", "ALG-1", "--title", "Algebra", "--roster", "/nowhere.csv")
    assert (ran.exit_code, ran.err) == (2, "CommandError: The roster “/nowhere.csv” cannot be read.\n")
    assert Course.objects.count() == 0


def test_title_is_needed_for_a_new_course(run: Run) -> None:
    ran = run("add_course", "--code", "ALG-1")
    assert (ran.exit_code, ran.err) == (2, "CommandError: The title is missing.\n")


def test_same_code_twice(run: Run) -> None:
    first = run("add_course", "--code", "ALG-1", "--title", "Algebra", "--json").json["id"]
    ran = run("add_course", "--code", "ALG-1", "--title", "Algebra")
    assert ran.exit_code == 2
    assert ran.err == f"CommandError: There is already a course “ALG-1” (ID {first}, Algebra).\n"


def test_update_extends_the_roster(run: Run, roster: Path) -> None:
    run("add_course", "--code", "ALG-1", "--title", "Algebra")
    ran = run("add_course", "--code", "ALG-1", "--roster", roster, "--update", "--json")
    assert (ran.exit_code, Course.objects.get().enrolments.count()) == (0, 2)
