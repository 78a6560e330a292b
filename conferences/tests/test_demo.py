"""Promise: the demonstration's data is complete after its first start, and later starts keep what people made of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from pytest_django import Settings

from conferences import demo
from conferences.demo import Demo, seed, told
from conferences.models import Conference, Connection, Course, Enrolment

pytestmark = pytest.mark.django_db
PASSWORD = "open sesame"
STARTS_AT = datetime(2025, 11, 26, 9, tzinfo=UTC)
ROSTER = [
    {"name": "Irma Instructor", "email": "Irma@example.org", "role": "instructor"},
    {"name": "Lea Learner", "email": "lea@example.org", "role": "learner"},
    {"name": "Otto Other", "email": "otto@example.org", "role": "learner"},
]


@pytest.fixture(autouse=True)
def campus(settings: Settings) -> None:
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "conferences.tests.campus_integration"]


def conference(title: str, *, id: int | None = None, **values: Any) -> dict[str, Any]:  # noqa: A002
    return {
        "id": id,
        "connection": "main",
        "course": "ALG-1",
        "title": title,
        "starts_at": STARTS_AT.isoformat(),
        "ends_at": (STARTS_AT + timedelta(hours=1)).isoformat(),
        "join_url": f"https://campus.example.org/{title.replace(' ', '-')}",
        "organizer": "irma@example.org",
        "time_zone": "Europe/Zurich",
        **values,
    }


def story(*conferences: dict[str, Any]) -> Demo:
    raw = {
        "connections": [{"key": "main", "name": "Campus", "credentials": {"script": "quick", "key": "k"}}],
        "courses": [
            {"code": "ALG-1", "title": "Algebra", "roster": ROSTER},
            {"code": "GEO-1", "title": "Geometry", "roster": ROSTER[:2]},
        ],
        "conferences": list(conferences),
    }
    return told("campus", raw)


def test_seed_makes_the_users_who_can_sign_in() -> None:
    seed(PASSWORD, [story()])
    signed = {user.username: user for user in User.objects.all() if user.has_usable_password()}
    assert sorted(signed) == ["admin", "instructor", "learner", "operator"]
    assert [user.check_password(PASSWORD) for user in signed.values()] == [True] * 4
    assert [name for name, user in signed.items() if user.is_superuser and user.is_staff] == ["admin"]
    assert [user.username for user in User.objects.filter(groups__name="Operators", is_staff=True)] == ["operator"]


def test_instructor_and_learner_are_the_people_on_most_rosters() -> None:
    seed(PASSWORD, [story()])
    emails = dict(User.objects.values_list("username", "email"))
    assert (emails["instructor"], emails["learner"]) == ("irma@example.org", "lea@example.org")


def test_instructor_teaches_every_course() -> None:
    foreign = told(
        "campus",
        {
            "connections": [],
            "courses": [{"code": "ART-1", "title": "Art", "roster": [{**ROSTER[0], "email": "ida@example.org"}]}],
            "conferences": [],
        },
    )
    seed(PASSWORD, [story(), foreign])
    taught = Enrolment.objects.filter(user__username="instructor", role="instructor")
    assert sorted(taught.values_list("course__code", flat=True)) == ["ALG-1", "ART-1", "GEO-1"]


def test_roster_becomes_enrolments() -> None:
    seed(PASSWORD, [story()])
    enrolled = Enrolment.objects.filter(course__code="ALG-1").values_list("user__email", "role")
    assert sorted(enrolled) == [
        ("irma@example.org", "instructor"),
        ("lea@example.org", "learner"),
        ("otto@example.org", "learner"),
    ]


def test_conference_gets_the_primary_key_that_its_story_names() -> None:
    seed(PASSWORD, [story(conference("Instant", id=74))])
    stored = Conference.objects.get(pk=74)
    assert (stored.title, stored.starts_at, stored.course, stored.connection.name, stored.zone) == (
        "Instant",
        STARTS_AT,
        Course.objects.get(code="ALG-1"),
        "Campus",
        "Europe/Zurich",
    )


def test_next_conference_gets_a_free_primary_key() -> None:
    seed(PASSWORD, [story(conference("Instant", id=74))])
    later = Conference.objects.get(pk=74)
    later.pk, later.external_id = None, "later"
    later.save()
    assert later.pk > 74


def everything() -> list[list[dict[str, Any]]]:
    return [list(model.objects.order_by("pk").values()) for model in (User, Course, Enrolment, Connection, Conference)]


def ignoring_secrets(rows: list[list[dict[str, Any]]]) -> list[list[dict[str, Any]]]:
    return [[{name: value for name, value in row.items() if name != "credentials"} for row in table] for table in rows]


def test_seed_twice_changes_nothing() -> None:
    twins = (conference("Weekly"), conference("Weekly", join_url="https://campus.example.org/second"))
    told_once = [story(conference("Instant", id=74), *twins)]
    seed(PASSWORD, told_once)
    before = ignoring_secrets(everything())
    seed(PASSWORD, told_once)
    assert ignoring_secrets(everything()) == before
    assert Conference.objects.filter(title="Weekly").count() == 2


def test_seed_keeps_what_people_have_changed() -> None:
    told_once = [story(conference("Instant", id=74))]
    seed(PASSWORD, told_once)
    Conference.objects.update(title="Renamed")
    connection = Connection.objects.get()
    connection.credentials = {"script": "slow", "key": "new"}
    connection.save()
    seed(PASSWORD, told_once)
    assert Conference.objects.get().title == "Renamed"
    assert Connection.objects.get().credentials.reveal() == {"script": "slow", "key": "new"}


def test_conference_that_is_still_to_come_moves_along_with_its_story() -> None:
    soon = datetime.now(UTC).replace(microsecond=0) + timedelta(days=7)
    for starts_at in (soon, soon + timedelta(days=1)):
        times = {"starts_at": starts_at.isoformat(), "ends_at": (starts_at + timedelta(hours=1)).isoformat()}
        seed(PASSWORD, [story(conference("Next week", **times))])
    assert list(Conference.objects.values_list("starts_at", flat=True)) == [soon + timedelta(days=1)]


def test_password_follows_the_checkout() -> None:
    seed("old", [story()])
    seed("new", [story()])
    assert User.objects.get(username="admin").check_password("new") is True


def test_demos_come_from_installed_providers(monkeypatch: pytest.MonkeyPatch) -> None:
    """A provider names its own; nobody imports it."""

    class Played:
        slug = "campus"
        demo = "conferences.tests.test_demo.raw_story"

    class Unplayed:
        slug = "other"
        demo = None

    monkeypatch.setattr(demo.registry, "all_providers", lambda: [Played(), Unplayed()])
    assert [found.provider for found in demo.demos()] == ["campus"]


def raw_story() -> dict[str, list[Any]]:
    return {"connections": [], "courses": [], "conferences": []}


def test_command_needs_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DEMO_PASSWORD", raising=False)
    with pytest.raises(CommandError, match="DEMO_PASSWORD is not set"):
        call_command("seed_demo")


def test_command_seeds_what_the_providers_play(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEMO_PASSWORD", PASSWORD)
    monkeypatch.setattr("conferences.management.commands.seed_demo.demos", lambda: [story(conference("One", id=46))])
    call_command("seed_demo")
    assert Conference.objects.get().pk == 46
