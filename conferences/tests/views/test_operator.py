"""Promise: an operator sees how syncs went, and never who came or what was said. Proved at every address there is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, User
from django.core.management.color import no_style
from django.db import connection as database
from django.db import transaction
from django.test import Client

from conferences.models import (
    AttendanceSession,
    ChatMessage,
    Conference,
    Connection,
    Course,
    Enrolment,
    FlawedEntry,
    KnownIdentity,
    Participant,
    PresenceCorrection,
    Question,
    Recording,
    Registrant,
    Response,
    SharedFile,
    SyncError,
    SyncEvent,
    SyncItem,
    SyncRun,
    SyncStep,
)
from conferences.providers.authorization import Granted
from conferences.providers.base import Link, Target
from conferences.providers.errors import Malformed
from conferences.providers.records import Problem, Record
from conferences.roles import ADMINISTRATORS
from conferences.sync.authorization import keep
from conferences.tests.by_hand.addresses import addresses
from conferences.tests.campus_integration.scripts import message, person
from conferences.tests.sync.conftest import campus, play
from conferences.tests.views.conftest import BROWSER, HTMX, JSON, operator

__all__ = ["campus", "play"]  # fixtures

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
NAME, EMAIL, SAID, LISTED = "Wanda Whisper", "wanda.whisper", "my secret sentence", "tape of the whole class"
# Who allowed the connection to be used, as the provider knows them.
ALLOWED_BY = "ida.iris@campus.example.org"
HOST = "hanna.host@campus.example.org"
SECRETS = (NAME, EMAIL, SAID, LISTED, ALLOWED_BY, HOST)
TABS = ("participants", "recordings", "chat", "files", "registrants", "flaws", "nonsense")


@dataclass(frozen=True)
class Answer:
    address: str
    headers: str
    told: frozenset[str]


def filled(connection: Connection, course: Course) -> Conference:
    """One row of each kind, all numbered 1, with a run that took part in them."""
    conference = Conference.objects.create(
        pk=1, connection=connection, course=course, title="Algebra", starts_at=AT, ends_at=AT + timedelta(hours=1),
        organizer=HOST,
    )  # fmt: skip
    user = User.objects.create(pk=1, username=EMAIL, email=f"{EMAIL}@example.org", first_name="Wanda")
    Enrolment.objects.create(pk=1, course=course, user=user, role="learner")
    of = {"pk": 1, "conference": conference, "first_seen_at": AT, "last_seen_at": AT}
    email = f"{EMAIL}@example.org"
    wanda = Participant.objects.create(identity_key=f"email:{email}", name=NAME, email=email, user=user, **of)
    seen = {"pk": 1, "first_seen_at": AT, "last_seen_at": AT}
    AttendanceSession.objects.create(
        participant=wanda, source="door_report", sitting="1", session_key=EMAIL, joined_at=AT, **seen
    )
    ChatMessage.objects.create(provider_id="1", sender=NAME, text=SAID, sent_at=AT, **of)
    Recording.objects.create(provider_id="1", name=LISTED, started_at=AT, **of)
    SharedFile.objects.create(provider_id="1", name=LISTED, shared_by=NAME, shared_at=AT, **of)
    Registrant.objects.create(provider_id="1", name=NAME, email=email, registered_at=AT, **of)
    Question.objects.create(provider_id="1", text=SAID, asker=NAME, asked_at=AT, **of)
    Response.objects.create(provider_id="1", kind="poll", answer=SAID, respondent=NAME, answered_at=AT, **of)
    FlawedEntry.objects.create(
        connection=connection, operation="attendance", provider_id="1", about=NAME, reasons=["no time"],
        raw={"email": email}, **of,
    )  # fmt: skip
    KnownIdentity.objects.create(pk=1, connection=connection, identity_key=EMAIL, user=user, decided_by=user)
    PresenceCorrection.objects.create(
        pk=1, conference=conference, user=user, presence="present", reason=SAID, corrected_by=user
    )
    ran(conference)
    free_next_ids()
    return conference


def free_next_ids() -> None:
    """Rows with a given number do not move the database's counter."""
    with database.cursor() as cursor:
        for statement in database.ops.sequence_reset_sql(no_style(), apps.get_models()):
            cursor.execute(statement)


def ran(conference: Conference) -> None:
    target = {"connection": conference.connection, "conference": conference}
    run = SyncRun.objects.create(pk=1, state="partial", message="Some operations had issues.", **target)
    item = SyncItem.objects.create(pk=1, run=run, conference=conference, state="failed")
    SyncStep.objects.create(pk=1, item=item, operation="attendance", outcome="failed", message="Campus broke.")
    SyncEvent.objects.create(pk=1, run=run, item=item, text="Attendance: Campus broke.")
    times = {"first_at": AT, "last_at": AT}
    SyncError.objects.create(
        pk=1, connection=conference.connection, run=run, item=item, error_class="data", code="odd", **times
    )


@pytest.fixture
def conference(db: None, campus: None) -> Conference:
    credentials = {"script": "quick", "key": "canary-key"}
    connection = Connection.objects.create(pk=1, provider="campus", name="Campus", credentials=credentials)
    return filled(connection, Course.objects.create(pk=1, code="ALG-1", title="Algebra"))


@pytest.fixture
def allowed(conference: Conference) -> None:
    """Somebody has connected the account in their own name."""
    conference.connection.credentials = {"script": "gated", "key": "canary-key"}  # type: ignore[assignment]
    conference.connection.save()
    keep(conference.connection, Granted({"scopes": []}, (), "campus-1", ALLOWED_BY), administrator("ida"))


def administrator(name: str = "alex") -> User:
    user = User.objects.create(username=name, is_staff=True)
    user.groups.add(Group.objects.get(name=ADMINISTRATORS))
    return user


def asked(user: User, method: str) -> Iterator[Answer]:
    """What every address says to each kind of client. Nothing that a form does stays done."""
    pages = [f"/conferences/1/?tab={tab}" for tab in TABS]
    searches = [f"/admin/conferences/{kind}/?q=Wanda" for kind in ("syncrun", "syncevent", "syncerror")]
    for address in [*addresses(), *pages, *searches, "/operations/report/?format=csv&since=52w"]:
        if address == "/accounts/logout/":
            continue
        for kind, headers in (("browser", BROWSER), ("json", JSON), ("htmx", HTMX)):
            with transaction.atomic():
                client = Client(raise_request_exception=False)
                client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
                text = getattr(client, method)(address, headers=headers).content.decode(errors="replace")
                transaction.set_rollback(True)
            yield Answer(address, kind, frozenset(secret for secret in SECRETS if secret in text))


@pytest.mark.parametrize("method", ["get", "post"])
def test_operator_is_told_no_name_and_no_word_at_any_address(allowed: None, method: str) -> None:
    assert [answer for answer in asked(operator(), method) if answer.told] == []


def test_administrator_is_told_them_all(allowed: None) -> None:
    """So that the walk above is known to pass where they stand."""
    told = [answer for answer in asked(administrator(), "get") if answer.told]
    assert frozenset().union(*(answer.told for answer in told)) == set(SECRETS)
    assert {answer.address for answer in told} >= {
        "/conferences/1/?tab=chat",
        "/conferences/1/attendance.csv",
        "/conferences/1/participants/1/match/",
        "/connections/1/",
        "/admin/conferences/participant/1/change/",
    }


@pytest.fixture
def client(conference: Conference) -> Client:
    client = Client()
    client.force_login(operator(), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_operator_finds_the_class_with_its_sync_card(client: Client) -> None:
    text = client.get("/conferences/1/", headers=BROWSER).text
    assert [words in text for words in ("<h1>Algebra</h1>", "Campus broke.", 'id="sync-start"', "tab=chat")] == [
        True,
        True,
        True,
        False,
    ]


def test_operator_finds_every_class_in_the_list(client: Client) -> None:
    assert 'href="/conferences/1/"' in client.get("/conferences/", headers=BROWSER).text


def test_operator_is_not_told_which_entries_make_no_sense(client: Client) -> None:
    text = client.get("/connections/1/", headers=BROWSER).text
    assert ("No time" in text, "Shown to administrators" in text) == (True, True)


def test_operator_does_not_choose_by_hosts(client: Client) -> None:
    """Else an address that somebody guesses would be confirmed."""
    pages = [client.get(f"/connections/1/?host={host}", headers=BROWSER) for host in (HOST, "nobody")]
    assert [(page.status_code, ">Algebra</a>" in page.text, "Host" in page.text) for page in pages] == [
        (200, True, False),
        (200, True, False),
    ]


def test_operator_is_told_whose_account_was_left_out(client: Client) -> None:
    """Promise: whoever must see to it that an account is read again knows which one it is. Nothing else names it."""
    told = f"Host {HOST} was left out: the account has no licence."
    SyncEvent.objects.filter(pk=1).update(text=told)
    assert told in client.get("/conferences/1/sync/1/", headers=BROWSER).text


def test_onlooker_sees_no_button_that_would_be_refused(client: Client) -> None:
    """The group's right to start and to steer taken away, as for somebody with permissions of their own."""
    group = Group.objects.get(name="Operators")
    group.permissions.remove(*group.permissions.filter(codename__in=("add_syncrun", "change_syncrun")))
    text = client.get("/conferences/1/", headers=BROWSER).text
    assert [words in text for words in ("Campus broke.", 'id="sync-start"', 'id="sync-resume"')] == [
        True,
        False,
        False,
    ]
    posted = [client.post(f"/conferences/1/sync/{rest}").status_code for rest in ("", "1/cancel/", "1/resume/")]
    assert (posted, client.post("/connections/1/sync/").status_code) == ([403] * 3, 403)


def test_staff_without_any_permission_finds_nothing(conference: Conference) -> None:
    client = Client()
    client.force_login(User.objects.create(username="new", is_staff=True), "django.contrib.auth.backends.ModelBackend")
    found = [client.get(address).status_code for address in ("/conferences/1/", "/connections/", "/operations/")]
    assert found == [404] * 3


def test_engine_writes_no_name_and_no_word_where_operators_read(
    conference: Conference, play: Callable[..., SyncRun]
) -> None:
    def attendance(target: Target, link: Link) -> Iterator[Record]:
        wanda = replace(person(target, "Wanda"), name=NAME, email=f"{EMAIL}@example.org")
        yield from (wanda, replace(wanda, identity_key="", name=NAME))
        yield replace(person(target, "Later", minutes=(50, 10)), name=NAME)

    def chat(target: Target, link: Link) -> Iterator[Record]:
        yield replace(message(target, 1), sender=NAME, text=SAID)
        yield replace(message(target, 2), sender=NAME, text=SAID, sent_at=None)
        yield Problem(Malformed("Campus sent a page that makes no sense.", code="malformed"))

    run = play(attendance=attendance, chat=chat)
    assert FlawedEntry.objects.filter(about=NAME).count() > 1  # there was something to be silent about
    of = {"run": run}
    rows = [
        *SyncRun.objects.filter(pk=run.pk).values(),
        *SyncEvent.objects.filter(**of).values(),
        *SyncItem.objects.filter(**of).values(),
        *SyncStep.objects.filter(item__run=run).values(),
        *SyncError.objects.filter(**of).values(),
    ]
    assert [row for row in rows if any(secret in str(row) for secret in SECRETS)] == []
