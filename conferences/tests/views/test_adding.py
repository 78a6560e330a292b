from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client

from conferences.models import Conference
from conferences.tests.school import School

JOIN = (
    "https://teams.microsoft.com/l/meetup-join/19%3ameeting_abc%40thread.v2/0"
    "?context=%7b%22Tid%22%3a%2211111111-1111-1111-1111-111111111111%22"
    "%2c%22Oid%22%3a%2222222222-2222-2222-2222-222222222222%22%7d"
)


@pytest.fixture
def typed(school: School) -> dict[str, object]:
    return {
        "connection": school.connection.pk,
        "course": school.course.pk,
        "title": "Algebra",
        "starts_at": "2026-03-02T10:00",
        "ends_at": "2026-03-02T11:00",
        "time_zone": "Europe/Zurich",
        "join_url": JOIN,
    }


def test_added_conference_is_shown(client_of: Callable[[str], Client], typed: dict[str, object]) -> None:
    response = client_of("staff").post("/conferences/add/", typed)
    conference = Conference.objects.get()
    assert response["Location"] == conference.get_absolute_url()
    assert conference.starts_at == datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("ends_at", "2026-03-02T09:00"),
        ("join_url", "https://example.org/x"),
        ("time_zone", "Mars/Olympus"),
        ("starts_at", "soon"),
        ("title", ""),
        ("course", "99999"),
    ],
)
def test_what_cannot_be_right_is_said_at_its_field(
    field: str, value: str, client_of: Callable[[str], Client], typed: dict[str, object]
) -> None:
    response = client_of("staff").post("/conferences/add/", {**typed, field: value})
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert not Conference.objects.exists()


def test_same_conference_twice_is_refused(client_of: Callable[[str], Client], typed: dict[str, object]) -> None:
    staff = client_of("staff")
    staff.post("/conferences/add/", typed)
    response = staff.post("/conferences/add/", typed)
    assert (response.status_code, Conference.objects.count()) == (422, 1)
