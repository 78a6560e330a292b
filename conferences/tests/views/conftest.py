"""One class with its people, and a signed-in browser for each kind of visitor."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from conferences.models import Conference, SyncEvent, SyncItem, SyncRun, SyncStep
from conferences.roles import OPERATORS
from conferences.tests.school import School

ROLES = ("anonymous", "learner", "stranger", "instructor", "staff", "operator")
JSON = {"Accept": "application/json"}
HTMX = {"HX-Request": "true", "Accept": "*/*"}
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.fixture
def school(db: None) -> School:
    return School()


@pytest.fixture
def conference(school: School) -> Conference:
    return school.conference()


@pytest.fixture
def instructor(school: School) -> User:
    return school.enrol("Dana Reyes", "dana@example.org", role="instructor")


@pytest.fixture
def client_of(school: School, instructor: User) -> Callable[[str], Client]:
    """A client for each role: staff, an operator, the instructor, one of another course, a learner, nobody."""
    other = School(course=type(school.course).objects.create(code="OTHER", title="Other"), connection=school.connection)
    people = {
        "instructor": lambda: instructor,
        "stranger": lambda: other.enrol("Otto Other", "otto@example.org", role="instructor"),
        "learner": lambda: school.enrol("Lea Learner", "lea@example.org"),
        "staff": lambda: User.objects.create(username="ada", is_staff=True, is_superuser=True),
        "operator": operator,
    }

    def signed_in(role: str) -> Client:
        client = Client()
        if role != "anonymous":
            client.force_login(people[role](), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in


@pytest.fixture
def teacher(client_of: Callable[[str], Client]) -> Client:
    return client_of("instructor")


def operator() -> User:
    """Staff that may do what operators may, and nothing else."""
    user = User.objects.create(username="olga", is_staff=True)
    user.groups.add(Group.objects.get(name=OPERATORS))
    return user


def run_of(conference: Conference, state: str = "queued", **values: object) -> SyncRun:
    """A run with one item and the four steps, as a click makes it."""
    run = SyncRun.objects.create(
        connection=conference.connection, conference=conference, state=state, requested_via="page", **values
    )
    item = SyncItem.objects.create(run=run, conference=conference, state="queued" if run.is_active else "done")
    for position, operation in enumerate(("attendance", "recordings", "chat", "files")):
        SyncStep.objects.create(item=item, operation=operation, position=position)
    SyncEvent.objects.create(run=run, text="Sync requested by dana.")
    run.refresh_from_db()
    return run


def end_step(run: SyncRun, operation: str, outcome: str, message: str = "", **values: object) -> None:
    SyncStep.objects.filter(item__run=run, operation=operation).update(outcome=outcome, message=message, **values)
