"""Sample data for a demonstration: what the stand-ins of the installed providers play, and who may sign in."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import Group, User
from django.core.management.color import no_style
from django.db import connection as database
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from conferences.intake.conferences import Typed, checked_conference
from conferences.intake.connections import add_connection
from conferences.intake.courses import enrol
from conferences.intake.rosters import Person
from conferences.models import Conference, Connection, Course, Enrolment
from conferences.providers import registry
from conferences.roles import OPERATORS

ADMIN, OPERATOR, INSTRUCTOR, LEARNER = "admin", "operator", "instructor", "learner"


@dataclass(frozen=True, slots=True)
class DemoConnection:
    key: str
    name: str
    credentials: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DemoCourse:
    code: str
    title: str
    roster: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class DemoConference:
    """`id` is the primary key that it is to have, None for the next free one."""

    id: int | None
    connection: str
    course: str
    typed: Typed


@dataclass(frozen=True, slots=True)
class Demo:
    """All that one provider's stand-in plays."""

    provider: str
    connections: tuple[DemoConnection, ...]
    courses: tuple[DemoCourse, ...]
    conferences: tuple[DemoConference, ...]


def told(provider: str, raw: Mapping[str, Any]) -> Demo:
    """A stand-in's account of itself: connections, courses and conferences as lists of plain objects."""
    return Demo(
        provider,
        tuple(DemoConnection(**connection) for connection in raw["connections"]),
        tuple(_course(**course) for course in raw["courses"]),
        tuple(_conference(**conference) for conference in raw["conferences"]),
    )


def _course(code: str, title: str, roster: Iterable[Mapping[str, str]]) -> DemoCourse:
    people = tuple(Person(person["name"], person["email"].lower(), person["role"]) for person in roster)
    return DemoCourse(code, title, people)


def _conference(id: int | None, connection: str, course: str, **typed: Any) -> DemoConference:  # noqa: A002
    return DemoConference(id, connection, course, Typed(**typed))


def demos() -> list[Demo]:
    return [told(config.slug, import_string(config.demo)()) for config in registry.all_providers() if config.demo]


@transaction.atomic
def seed(password: str, stories: Iterable[Demo]) -> None:
    """Stores whatever is missing; what is there stays as it is."""
    stories = list(stories)
    people = [person for story in stories for course in story.courses for person in course.roster]
    users = {
        ADMIN: Person("Alex Admin", "admin@example.org", "staff"),
        OPERATOR: Person("Olga Operator", "operator@example.org", "staff"),
        INSTRUCTOR: _busiest(people, Enrolment.Role.INSTRUCTOR),
        LEARNER: _busiest(people, Enrolment.Role.LEARNER),
    }
    for name, person in users.items():
        _user(name, person, password)
    for story in stories:
        _seed_story(story, users[INSTRUCTOR])
    _free_next_ids()


def _busiest(people: Iterable[Person], role: str) -> Person:
    """Who is on most rosters: the one who sees most when signed in."""
    counted = Counter(person for person in people if person.role == role)
    return counted.most_common(1)[0][0] if counted else Person(role.title(), f"{role}@example.org", role)


def _user(name: str, person: Person, password: str) -> None:
    first, _, last = person.name.rpartition(" ")
    user, created = User.objects.get_or_create(
        username=name,
        defaults={
            "email": person.email,
            "first_name": first,
            "last_name": last,
            "is_staff": name in {ADMIN, OPERATOR},
            "is_superuser": name == ADMIN,
        },
    )
    if created and name == OPERATOR:
        user.groups.add(Group.objects.get(name=OPERATORS))
    if not user.check_password(password):
        user.set_password(password)
        user.save(update_fields=["password"])


def _seed_story(story: Demo, instructor: Person) -> None:
    courses = {course.code: _stored_course(course, instructor) for course in story.courses}
    connections = {plan.key: _stored_connection(story.provider, plan) for plan in story.connections}
    seen: set[int] = set()
    for plan in story.conferences:
        seen.add(_stored_conference(plan, connections[plan.connection], courses[plan.course], seen).pk)


def _stored_course(plan: DemoCourse, instructor: Person) -> Course:
    course, _ = Course.objects.get_or_create(code=plan.code, defaults={"title": plan.title})
    enrol(course, list({person.email: person for person in (*plan.roster, instructor)}.values()))
    return course


def _stored_connection(provider: str, plan: DemoConnection) -> Connection:
    known = Connection.objects.filter(provider=provider, name=plan.name).first()
    return known or add_connection(provider, plan.name, plan.credentials)


def _stored_conference(plan: DemoConference, connection: Connection, course: Course, seen: set[int]) -> Conference:
    """A conference that is still to come moves along with its story; everything else is stored once."""
    stored = _found(plan, connection, seen)
    if stored is None:
        checked = checked_conference(connection, plan.typed)
        return Conference.objects.create(pk=plan.id, connection=connection, course=course, **asdict(checked))
    if _moment(plan.typed.starts_at) > timezone.now():
        stored.starts_at, stored.ends_at = _moment(plan.typed.starts_at), _moment(plan.typed.ends_at)
        stored.save(update_fields=["starts_at", "ends_at"])
    return stored


def _found(plan: DemoConference, connection: Connection, seen: set[int]) -> Conference | None:
    """By primary key, else by title: the first of that title that is not another story's."""
    if plan.id is not None:
        return Conference.objects.filter(pk=plan.id).first()
    namesakes = Conference.objects.filter(connection=connection, title=plan.typed.title)
    return namesakes.exclude(pk__in=seen).order_by("pk").first()


def _moment(value: str | datetime) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)


def _free_next_ids() -> None:
    """Rows with a given primary key do not move the database's counter."""
    with database.cursor() as cursor:
        for statement in database.ops.sequence_reset_sql(no_style(), [Conference]):
            cursor.execute(statement)
