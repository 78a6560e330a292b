"""What was synced can be looked at and not changed, at the same cost however much of it there is."""

import re
from datetime import timedelta

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import connection as db_connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from conferences.models import (
    AttendanceSession,
    ChatMessage,
    Conference,
    Connection,
    Course,
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

READ_ONLY: list[type[Model]] = [
    AttendanceSession,
    ChatMessage,
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
]
LISTED = [*READ_ONLY, Conference, Connection, Course]


def url(model: type[Model], what: str, *args: object) -> str:
    return reverse(f"admin:conferences_{model._meta.model_name}_{what}", args=args)


def fill(connection: Connection, count: int) -> None:
    """That many conferences, each with one row of every kind that hangs together with no other's."""
    now = timezone.now()
    seen = {"first_seen_at": now, "last_seen_at": now}
    for number in range(count):
        user = User.objects.create_user(f"user-{User.objects.count()}")
        course = Course.objects.create(code=f"C{user.pk}", title="Botany")
        conference = Conference.objects.create(
            connection=Connection.objects.create(provider="campus", name=f"Campus {user.pk}", credentials={"key": "k"}),
            course=course,
            title=f"Botany {number}",
            external_id=f"b-{user.pk}",
            starts_at=now,
            ends_at=now + timedelta(hours=1),
        )
        participant = Participant.objects.create(
            conference=conference, identity_key="id:1", name="Ann", user=user, first_joined_at=now, **seen
        )
        AttendanceSession.objects.create(
            participant=participant, source="door_report", sitting="1", session_key="1", joined_at=now, **seen
        )
        Recording.objects.create(conference=conference, provider_id="r", started_at=now, **seen)
        ChatMessage.objects.create(conference=conference, provider_id="m", sent_at=now, text="<b>Hi</b>", **seen)
        SharedFile.objects.create(conference=conference, provider_id="f", shared_at=now, **seen)
        Registrant.objects.create(conference=conference, provider_id="p", name="Ann", registered_at=now, **seen)
        Question.objects.create(conference=conference, provider_id="q", text="Why?", asked_at=now, **seen)
        Response.objects.create(conference=conference, provider_id="a", kind="poll", answered_at=now, **seen)
        FlawedEntry.objects.create(
            connection=conference.connection, conference=conference, provider_id="e", reasons=["odd"], **seen
        )
        KnownIdentity.objects.create(
            connection=conference.connection, series_id="s", identity_key="id:1", user=user, decided_by=user
        )
        PresenceCorrection.objects.create(
            conference=conference, user=user, presence="present", reason="Seen.", corrected_by=user
        )
        run = SyncRun.objects.create(
            connection=conference.connection, conference=conference, requested_by=user, state="succeeded"
        )
        item = SyncItem.objects.create(run=run, conference=conference)
        SyncStep.objects.create(item=item, operation="chat", finished_at=now)
        SyncEvent.objects.create(run=run, item=item, text="Done.")
        SyncError.objects.create(
            connection=conference.connection,
            run=run,
            item=item,
            error_class="data",
            code="odd",
            first_at=now,
            last_at=now,
        )


def cost(client: Client, address: str) -> int:
    with CaptureQueriesContext(db_connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize("model", LISTED)
def test_list_costs_the_same_however_many_rows(client: Client, connection: Connection, model: type[Model]) -> None:
    fill(connection, 2)
    few = cost(client, url(model, "changelist"))
    fill(connection, 12)
    assert cost(client, url(model, "changelist")) == few


@pytest.mark.parametrize("model", READ_ONLY)
def test_rows_can_be_seen_and_searched(client: Client, connection: Connection, model: type[Model]) -> None:
    fill(connection, 1)
    row = model._default_manager.get()
    assert client.get(url(model, "change", row.pk)).status_code == 200
    assert client.get(url(model, "changelist"), {"q": "Botany"}).status_code == 200


@pytest.mark.parametrize("model", READ_ONLY)
def test_rows_can_be_neither_added_nor_changed(client: Client, connection: Connection, model: type[Model]) -> None:
    fill(connection, 1)
    before = model._default_manager.values().get()
    change = url(model, "change", before["id"])
    answers = (client.get(url(model, "add")), client.post(url(model, "add")), client.post(change, {"name": "Mallory"}))
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert model._default_manager.values().get() == before


@pytest.mark.parametrize("model", [model for model in READ_ONLY if model is not KnownIdentity])
def test_rows_cannot_be_deleted(client: Client, connection: Connection, model: type[Model]) -> None:
    fill(connection, 1)
    pk = model._default_manager.get().pk
    assert client.post(url(model, "delete", pk), {"post": "yes"}).status_code == 403
    client.post(url(model, "changelist"), {"action": "delete_selected", "_selected_action": [pk], "post": "yes"})
    assert model._default_manager.count() == 1


def test_known_identity_can_be_forgotten(client: Client, connection: Connection) -> None:
    fill(connection, 1)
    client.post(url(KnownIdentity, "delete", KnownIdentity.objects.get().pk), {"post": "yes"})
    assert KnownIdentity.objects.count() == 0


def test_chat_is_shown_as_text(client: Client, connection: Connection) -> None:
    """HTML from outside never becomes part of an admin page."""
    fill(connection, 1)
    page = client.get(url(ChatMessage, "changelist")).content.decode()
    assert ("&lt;b&gt;Hi&lt;/b&gt;" in page, "<b>Hi</b>" in page) == (True, False)


def test_no_admin_lists_filters_or_searches_secrets() -> None:
    named = [
        str(name)
        for model_admin in admin.site._registry.values()
        for name in (*model_admin.list_display, *model_admin.list_filter, *model_admin.search_fields)
    ]
    assert [name for name in named if "credential" in name or "password" in name] == []


@pytest.mark.parametrize("model", LISTED)
def test_pages_keep_to_the_content_policy(client: Client, connection: Connection, model: type[Model]) -> None:
    """script-src 'self'; style-src 'self': nothing inline."""
    fill(connection, 1)
    row = model._default_manager.first()
    assert row is not None
    for address in (url(model, "changelist"), url(model, "change", row.pk)):
        page = client.get(address)
        html = page.content.decode()
        assert re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", html) == []
        assert re.findall(r"<style|\sstyle=|\son\w+=", html) == []
        assert "script-src 'self'" in page.headers["Content-Security-Policy"]


def test_site_has_a_name(client: Client) -> None:
    assert client.get("/admin/").context["site_header"] == "Online classes"
