"""Every address of the resolver times every role. A new address fails here until it stands in the matrix."""

from collections.abc import Callable, Iterator

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from pytest_django import Settings

from conferences.models import Alert, Conference, Connection
from conferences.sync import account
from conferences.tests.school import School, seen
from conferences.tests.views.conftest import BROWSER, ROLES, run_of

OPEN, FOUND, TO_SIGN_IN, FORBIDDEN, MISSING = "open", "found", "sign in", "forbidden", "missing"
REFUSED, UNREADY = "refused", "unready"
MINE = (TO_SIGN_IN, MISSING, MISSING, OPEN, OPEN, MISSING)
RUNS = (TO_SIGN_IN, MISSING, MISSING, OPEN, OPEN, OPEN)
MY_BUTTON = (TO_SIGN_IN, MISSING, MISSING, FOUND, FOUND, FOUND)
STAFF_ONLY = (TO_SIGN_IN, MISSING, MISSING, MISSING, OPEN, OPEN)
STAFF_BUTTON = (TO_SIGN_IN, MISSING, MISSING, MISSING, FOUND, FOUND)
ADMIN_BUTTON = (TO_SIGN_IN, MISSING, MISSING, MISSING, FOUND, FORBIDDEN)
# Name of the address: what anonymous, a learner, another course's instructor, the instructor, an administrator and an
# operator get.
MATRIX: dict[str, tuple[str, ...]] = {
    "home": (TO_SIGN_IN, FOUND, FOUND, FOUND, FOUND, FOUND),
    "favicon": (FOUND,) * 6,
    "healthz": (OPEN, OPEN, OPEN, OPEN, OPEN, OPEN),
    "readyz": (UNREADY,) * 6,  # no worker runs beside this test
    "metrics": (OPEN,) * 6,  # for this machine, as this client seems to be
    "login": (OPEN, FOUND, FOUND, FOUND, FOUND, FOUND),
    "logout": (TO_SIGN_IN, FOUND, FOUND, FOUND, FOUND, FOUND),
    "conferences:list": (TO_SIGN_IN, OPEN, OPEN, OPEN, OPEN, OPEN),
    "conferences:add": (TO_SIGN_IN, FORBIDDEN, FORBIDDEN, FORBIDDEN, OPEN, FORBIDDEN),
    "conferences:my_classes": (TO_SIGN_IN, OPEN, OPEN, OPEN, OPEN, OPEN),
    "conferences:my_attendance": (TO_SIGN_IN, OPEN, MISSING, MISSING, MISSING, MISSING),
    "conferences:detail": RUNS,
    "conferences:status": RUNS,
    "conferences:attendance_csv": MINE,
    "conferences:match": MINE,
    "conferences:presence": MINE,
    "conferences:sync": MY_BUTTON,
    "conferences:cancel": MY_BUTTON,
    "conferences:resume": MY_BUTTON,
    "connections:list": STAFF_ONLY,
    "connections:detail": STAFF_ONLY,
    "connections:status": STAFF_ONLY,
    # Nobody comes back who was not sent away: here all are told so.
    "connections:connected": (REFUSED,) * 6,
    "connections:connect": ADMIN_BUTTON,
    "connections:disconnect": ADMIN_BUTTON,
    "connections:check": STAFF_BUTTON,
    "connections:sync": STAFF_BUTTON,
    "connections:cancel": STAFF_BUTTON,
    "connections:resume": STAFF_BUTTON,
    "operations:monitor": STAFF_ONLY,
    "operations:report": STAFF_ONLY,
    "operations:alerts": STAFF_ONLY,
    "operations:acknowledge": STAFF_BUTTON,
}
OF_A_RUN = {f"{place}:{what}" for place in ("conferences", "connections") for what in ("sync", "cancel", "resume")}
OF_A_CONNECTION = {f"connections:{what}" for what in ("connect", "disconnect", "check")}
POSTED = {"logout", "operations:acknowledge", *OF_A_RUN, *OF_A_CONNECTION}
# A page and its own button.
SHOWN_TOO = {"connections:check"}


def names(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    for each in patterns:
        if isinstance(each, URLPattern):
            yield f"{prefix}{each.name}"
        elif each.namespace != "admin":
            yield from names(each.url_patterns, f"{each.namespace}:" if each.namespace else prefix)


def test_matrix_names_every_address() -> None:
    assert set(names(get_resolver().url_patterns)) == set(MATRIX)


@pytest.fixture
def addresses(school: School, conference: Conference, settings: Settings) -> dict[str, str]:
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "conferences.tests.campus_integration"]
    campus = Connection.objects.create(provider="campus", name="Rooms")
    whole = account.request(campus, via="command", ring=False)
    run = run_of(conference)
    guest = seen(conference, "guest:1", (0, 30), name="Guest", kind="guest")
    learner = school.enrol("Ann Able", "ann@example.org")
    of_conference, of_run = [conference.pk], [conference.pk, run.pk]
    arguments = {
        "conferences:detail": of_conference,
        "conferences:my_attendance": of_conference,
        "conferences:sync": of_conference,
        "conferences:attendance_csv": of_conference,
        "conferences:status": of_run,
        "conferences:cancel": of_run,
        "conferences:resume": of_run,
        "connections:detail": [campus.pk],
        "connections:sync": [campus.pk],
        **{name: [campus.pk] for name in OF_A_CONNECTION},
        **{f"connections:{what}": [campus.pk, whole.pk] for what in ("status", "cancel", "resume")},
        "conferences:match": [conference.pk, guest.pk],
        "conferences:presence": [conference.pk, learner.pk],
        "operations:acknowledge": [Alert.objects.create(first_seen_at=timezone.now()).pk],
    }
    return {name: reverse(name, args=arguments.get(name, [])) for name in MATRIX}


def met(response: HttpResponse) -> str:
    if response.status_code == 302:
        return TO_SIGN_IN if response["Location"].startswith("/accounts/login/?next=") else FOUND
    return {200: OPEN, 400: REFUSED, 403: FORBIDDEN, 404: MISSING, 503: UNREADY}[response.status_code]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", MATRIX)
def test_students_cannot_see_others_and_instructors_only_their_own(
    name: str, role: str, addresses: dict[str, str], client_of: Callable[[str], Client]
) -> None:
    client = client_of(role)
    ask = client.post if name in POSTED else client.get
    assert met(ask(addresses[name], headers=BROWSER)) == MATRIX[name][ROLES.index(role)]


@pytest.mark.parametrize("name", sorted(POSTED - SHOWN_TOO))
def test_what_changes_something_answers_to_post_only(name: str, addresses: dict[str, str], teacher: Client) -> None:
    assert teacher.get(addresses[name]).status_code == 405


@pytest.mark.parametrize("name", ["conferences:detail", "conferences:status", "conferences:attendance_csv"])
def test_what_only_shows_does_not_answer_to_post(name: str, addresses: dict[str, str], teacher: Client) -> None:
    assert teacher.post(addresses[name]).status_code == 405


@pytest.mark.parametrize("name", ["conferences:match", "conferences:presence", *sorted(OF_A_RUN | OF_A_CONNECTION)])
def test_post_without_a_token_is_refused(name: str, addresses: dict[str, str], teacher: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = teacher.cookies
    assert strict.post(addresses[name]).status_code == 403


def test_permission_withdrawn_during_a_session_counts_at_once(
    addresses: dict[str, str], teacher: Client, school: School
) -> None:
    school.course.enrolments.all().delete()
    assert teacher.get(addresses["conferences:detail"]).status_code == 404


def test_run_of_another_conference_is_not_found(school: School, teacher: Client, conference: Conference) -> None:
    elsewhere = run_of(school.conference(external_id="week-2"))
    assert teacher.get(reverse("conferences:status", args=[conference.pk, elsewhere.pk])).status_code == 404
    assert teacher.post(reverse("conferences:cancel", args=[conference.pk, elsewhere.pk])).status_code == 404


def test_participant_of_another_conference_is_not_found(
    school: School, teacher: Client, conference: Conference
) -> None:
    other = seen(school.conference(external_id="week-2"), "guest:1", name="Guest")
    assert teacher.get(reverse("conferences:match", args=[conference.pk, other.pk])).status_code == 404


def test_number_too_large_for_the_database_is_not_found(teacher: Client, conference: Conference) -> None:
    assert teacher.get(f"/conferences/{10**30}/").status_code == 404
    assert teacher.get(f"/conferences/{conference.pk}/sync/{10**30}/").status_code == 404
