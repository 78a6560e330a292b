"""Which course is this, and who belongs to it?"""

from collections import defaultdict
from collections.abc import Sequence

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Lower

from conferences.intake.lines import line
from conferences.intake.rosters import Person, people
from conferences.models import Course, Enrolment
from conferences.providers.base import InvalidInput


def add_course(code: str, title: str = "", roster: bytes | None = None, *, update: bool = False) -> Course:
    """A stored course with everybody on its roster (the bytes of a CSV file), or nothing at all.

    update  takes an existing course: a title replaces its title, the roster's lines are added or change what
            they name. Nobody is ever removed.
    """
    checked_code = line(Course, "code", code, "The course code", required=True)
    persons = people(roster) if roster is not None else []
    try:
        with transaction.atomic():
            course = _renamed(checked_code, title) if update else _created(checked_code, title)
            enrol(course, persons)
    except IntegrityError as error:
        raise InvalidInput("Somebody else stored the same just now. Please look, and try again.") from error
    return course


def _created(code: str, title: str) -> Course:
    taken = Course.objects.filter(code=code).first()
    if taken:
        raise InvalidInput(f"There is already a course “{code}” (ID {taken.pk}, {taken.title}).", "code")
    return Course.objects.create(code=code, title=line(Course, "title", title, "The title", required=True))


def _renamed(code: str, title: str) -> Course:
    course = Course.objects.filter(code=code).first()
    if course is None:
        raise InvalidInput(f"There is no course “{code}” that could be updated.", "code")
    course.title = line(Course, "title", title, "The title") or course.title
    course.save(update_fields=["title"])
    return course


def enrol(course: Course, persons: Sequence[Person]) -> None:
    """Adds people to the course and updates the roles of those who are in it. Removes nobody."""
    users = _users(persons)
    Enrolment.objects.bulk_create(
        (Enrolment(course=course, user=users[person.email], role=person.role) for person in persons),
        update_conflicts=True,
        unique_fields=["course", "user"],
        update_fields=["role"],
    )


def _users(persons: Sequence[Person]) -> dict[str, User]:
    """One user for each address. Existing ones keep everything that they have; only a missing name is filled in."""
    known = known_users({person.email for person in persons})
    for person in persons:
        user = known.get(person.email)
        if user and not user.get_full_name():
            User.objects.filter(pk=user.pk).update(**_names(person.name))
    # Nobody can sign in with such a password until an administrator sets one.
    newcomers = User.objects.bulk_create(
        User(username=person.email, email=person.email, password=make_password(None), **_names(person.name))
        for person in persons
        if person.email not in known
    )
    return known | {user.username: user for user in newcomers}


def known_users(emails: set[str]) -> dict[str, User]:
    """By address: whoever has exactly this user name, else the only one who has it in whatever spelling.

    Raises InvalidInput where several do: nobody is guessed into a course.
    """
    candidates: dict[str, list[User]] = defaultdict(list)
    users = User.objects.annotate(login=Lower("username"), address=Lower("email"))
    for user in users.filter(Q(login__in=emails) | Q(address__in=emails)):
        for email in {user.login, user.address} & emails:
            candidates[email].append(user)
    return {email: _the_one(email, found) for email, found in candidates.items()}


def _the_one(email: str, candidates: list[User]) -> User:
    exact = [user for user in candidates if user.username == email]
    if len(candidates) > 1 and not exact:
        raise InvalidInput(
            f"Several users have the address {email}. Give each an address of their own first.", "roster"
        )
    return (exact or candidates)[0]


def _names(name: str) -> dict[str, str]:
    first, _, last = name.rpartition(" ")
    return {"first_name": first or last, "last_name": last if first else ""}
