from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from kombu.exceptions import OperationalError
from pytest_django import Settings

from conferences.models import Conference, Connection, Participant, SyncRun
from conferences.sync import runs
from conferences.tests.admin.pages import errors, told
from lms_project import celery_app

ADD, LIST = "/admin/conferences/conference/add/", "/admin/conferences/conference/"
ROOM = "https://campus.example.org/room-1"


def change(conference: Conference) -> str:
    return reverse("admin:conferences_conference_change", args=[conference.pk])


def typed(connection: Connection, **changes: str) -> dict[str, Any]:
    return {
        "connection": connection.pk,
        "title": "Algebra 1",
        "starts_at_0": "2026-03-02",
        "starts_at_1": "09:00:00",
        "ends_at_0": "2026-03-02",
        "ends_at_1": "10:30:00",
        "join_url": ROOM,
        "external_id": "",
        "organizer": "",
        "time_zone": "",
        **changes,
    }


def test_conference_is_stored_with_what_its_address_says(client: Client, connection: Connection) -> None:
    assert client.post(ADD, typed(connection)).status_code == 302
    stored = Conference.objects.get()
    assert (stored.external_id, stored.series_id) == ("room-1@2026-03-02T09:00Z", "room-1")
    assert stored.starts_at == datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"join_url": "https://elsewhere.example.org/"}, {"join_url": ["That is not a campus address."]}),
        (
            {"ends_at_1": "08:00:00"},
            {"ends_at": ["The conference ends before it starts. Check both times and their zones."]},
        ),
        (
            {"ends_at_1": "09:00:00"},
            {"ends_at": ["The conference ends at the moment it starts. Give it a later end."]},
        ),
        (
            {"ends_at_0": "2026-03-09"},
            {
                "ends_at": [
                    "The conference would last 170 hours; at most 24 are possible. "
                    "Enter each occurrence of a series as a conference of its own."
                ]
            },
        ),
        (
            {"organizer": "Ann Lee"},
            {"organizer": ["The organiser contains a space. It may have been copied incompletely or twice."]},
        ),
        ({"time_zone": "Mars"}, {"time_zone": ["There is no time zone “Mars”. Write it like Europe/Berlin."]}),
        ({"starts_at_0": "soon"}, {"starts_at": ["Enter a valid date."]}),
        ({"title": ""}, {"title": ["This field is required."]}),
        ({"title": "Alge\x00bra"}, {"title": ["Null characters are not allowed."]}),
        (
            {"course": "4711"},
            {"course": ["Select a valid choice. That choice is not one of the available choices."]},
        ),
    ],
)
def test_bad_input_gets_one_sentence_and_stores_nothing(
    client: Client, connection: Connection, changes: dict[str, str], expected: dict[str, list[str]]
) -> None:
    assert errors(client.post(ADD, typed(connection, **changes))) == expected
    assert Conference.objects.count() == 0


def test_same_conference_twice(client: Client, conference: Conference) -> None:
    page = client.post(ADD, typed(conference.connection))
    assert errors(page) == {
        "external_id": [f"This conference already exists: “Algebra 1” on 2026-03-02 at 09:00 UTC (ID {conference.pk})."]
    }
    assert Conference.objects.count() == 1


def test_rescheduling_keeps_the_identity(client: Client, conference: Conference) -> None:
    external_id = conference.external_id
    response = client.post(
        change(conference), typed(conference.connection, external_id=external_id, starts_at_1="08:30:00")
    )
    conference.refresh_from_db()
    assert (response.status_code, conference.external_id) == (302, external_id)
    assert conference.starts_at == datetime(2026, 3, 2, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "described"),
    [
        ({"starts_at_1": "08:30:00"}, False),
        ({"title": "Algebra with Ann"}, True),
        ({"time_zone": "Europe/Paris"}, True),
    ],
)
def test_whoever_describes_a_found_conference_has_the_last_word(
    client: Client, conference: Conference, changes: dict[str, str], described: bool
) -> None:
    Conference.objects.update(described_by_person=False)
    client.post(change(conference), typed(conference.connection, external_id=conference.external_id, **changes))
    conference.refresh_from_db()
    assert conference.described_by_person is described


def test_another_address_gives_another_identity(client: Client, conference: Conference) -> None:
    """Also when the ID that belonged to the old address is still in its field."""
    moved = {"join_url": "https://campus.example.org/room-2", "external_id": conference.external_id}
    assert client.post(change(conference), typed(conference.connection, **moved)).status_code == 302
    conference.refresh_from_db()
    assert (conference.external_id, conference.series_id) == ("room-2@2026-03-02T09:00Z", "room-2")


def test_times_are_typed_in_the_sites_zone(client: Client, connection: Connection, settings: Settings) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    client.post(ADD, typed(connection))
    assert Conference.objects.get().starts_at == datetime(2026, 3, 2, 8, tzinfo=UTC)


def test_connection_of_a_stored_conference_cannot_be_changed(client: Client, conference: Conference) -> None:
    other = Connection.objects.create(provider="campus", name="Other", credentials={"script": "quick", "key": "k"})
    client.post(change(conference), typed(other, external_id=conference.external_id, title="Renamed"))
    conference.refresh_from_db()
    assert (conference.title, conference.connection.name) == ("Renamed", "Main campus")


def test_sync_button_starts_a_run_in_the_administrators_name(
    client: Client,
    conference: Conference,
    administrator: User,
    rung: list[int],
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(reverse("admin:conferences_conference_sync", args=[conference.pk]))
    run = SyncRun.objects.get()
    assert (run.requested_via, run.requested_by, run.conference, run.state) == (
        "admin",
        administrator,
        conference,
        "queued",
    )
    assert rung == [run.pk]
    assert response.headers["location"] == change(conference)
    link = f'<a href="{conference.get_absolute_url()}">Algebra 1</a>'
    assert told(response) == [("success", f"{link}: Sync started.")]


def test_sync_button_is_on_the_page_and_posts(client: Client, conference: Conference) -> None:
    sync = reverse("admin:conferences_conference_sync", args=[conference.pk])
    assert f'method="post" action="{sync}"' in client.get(change(conference)).content.decode()
    assert (client.get(sync).status_code, SyncRun.objects.count()) == (405, 0)


def test_sync_while_one_is_active_is_told_kindly(client: Client, conference: Conference) -> None:
    runs.request(conference, via="page", ring=False)
    response = client.post(reverse("admin:conferences_conference_sync", args=[conference.pk]))
    link = f'<a href="{conference.get_absolute_url()}">Algebra 1</a>'
    assert told(response) == [("warning", f"{link}: A sync of this conference is already under way.")]
    assert SyncRun.objects.count() == 1


def test_sync_too_often_is_told(client: Client, conference: Conference, settings: Settings) -> None:
    settings.SYNC_STARTS_PER_HOUR = 0
    response = client.post(reverse("admin:conferences_conference_sync", args=[conference.pk]))
    assert [level for level, _ in told(response)] == ["error"]


def test_title_in_a_message_is_escaped(client: Client, conference: Conference) -> None:
    Conference.objects.update(title="<script>alert(1)</script>")
    response = client.post(reverse("admin:conferences_conference_sync", args=[conference.pk]))
    assert "<script>" not in told(response)[0][1]


def select(client: Client, action: str) -> Any:
    keys = list(Conference.objects.values_list("pk", flat=True))
    return client.post(LIST, {"action": action, "_selected_action": keys})


def another(conference: Conference, number: int) -> Conference:
    return Conference.objects.create(
        connection=conference.connection,
        title=f"Botany {number}",
        external_id=f"b-{number}",
        starts_at=conference.starts_at,
        ends_at=conference.ends_at,
    )


def test_sync_action_starts_a_run_for_each(client: Client, conference: Conference) -> None:
    another(conference, 1)
    response = select(client, "sync_selected")
    assert [level for level, _ in told(response)] == ["success", "success"]
    assert SyncRun.objects.filter(state="queued").count() == 2


@pytest.mark.django_db(transaction=True)
def test_sync_action_without_a_broker_asks_for_it_only_once(
    client: Client, conference: Conference, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def down(name: str, args: list[int]) -> None:
        asked.extend(args)
        raise OperationalError("connection refused")

    monkeypatch.setattr(celery_app, "send_task", down)
    for number in range(3):
        another(conference, number)
    response = select(client, "sync_selected")
    assert [level for level, _ in told(response)] == ["warning"] * 4
    assert (len(asked), SyncRun.objects.filter(state="queued").count()) == (1, 4)


@pytest.fixture
def onlooker(db: None) -> Client:
    user = User.objects.create_user("onlooker", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_conference"))
    client = Client()
    client.force_login(user)
    return client


def test_onlooker_cannot_sync(onlooker: Client, conference: Conference) -> None:
    sync = reverse("admin:conferences_conference_sync", args=[conference.pk])
    page = onlooker.get(change(conference))
    assert (page.status_code, sync in page.content.decode()) == (200, False)
    assert (onlooker.post(sync).status_code, SyncRun.objects.count()) == (403, 0)
    select(onlooker, "sync_selected")
    assert SyncRun.objects.count() == 0


def test_instructor_has_no_admin(conference: Conference) -> None:
    client = Client()
    client.force_login(User.objects.create_user("ann"))
    sync = reverse("admin:conferences_conference_sync", args=[conference.pk])
    assert (client.post(sync).status_code, SyncRun.objects.count()) == (302, 0)


def test_list_shows_the_newest_sync_and_counts_people(client: Client, conference: Conference) -> None:
    now = timezone.now()
    for number, superseded in enumerate((False, False, True)):
        Participant.objects.create(
            conference=conference,
            identity_key=f"id:{number}",
            superseded=superseded,
            first_seen_at=now,
            last_seen_at=now,
        )
    for state in ("failed", "partial"):
        run = SyncRun.objects.create(connection=conference.connection, conference=conference, state=state)
        run.items.create(conference=conference)
    (row,) = client.get(LIST).context["cl"].result_list
    assert (row.participant_count, row.last_state) == (2, "partial")


def test_deleting_a_conference_deletes_what_was_synced_of_it(client: Client, conference: Conference) -> None:
    now = timezone.now()
    Participant.objects.create(
        conference=conference, identity_key="email:a@example.org", name="Ann", first_seen_at=now, last_seen_at=now
    )
    delete = reverse("admin:conferences_conference_delete", args=[conference.pk])
    assert "Ann" in client.get(delete).content.decode()
    client.post(delete, {"post": "yes"})
    assert (Conference.objects.count(), Participant.objects.count()) == (0, 0)
