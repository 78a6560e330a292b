import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conferences.decisions import apply_matching, correct_presence
from conferences.export import export
from conferences.models import ChatMessage, Conference, Recording, SharedFile
from conferences.tests.school import School, answered, joined, minute, seen

pytestmark = pytest.mark.django_db

STORED: dict[str, Any] = {"first_seen_at": minute(70), "last_seen_at": minute(70)}


@pytest.fixture
def school() -> School:
    return School()


@pytest.fixture
def conference(school: School) -> Conference:
    return school.conference()


@pytest.fixture
def ana(school: School) -> User:
    return school.enrol("Ana Lee", "ana@example.org")


def names(conference: Conference) -> list[str]:
    return [person["name"] for person in export(conference)["participants"]]


def test_empty_conference(conference: Conference) -> None:
    assert export(conference) == {
        "conference": {
            "id": conference.pk,
            "title": "Algebra, week 1",
            "provider": "teams",
            "external_id": "week-1",
            "starts_at": "2026-03-02T09:00:00Z",
            "ends_at": "2026-03-02T10:00:00Z",
        },
        "participants": [],
        "recordings": [],
        "chat": [],
        "files": [],
        "flaws": [],
    }


def test_participant_with_sessions(conference: Conference, ana: User) -> None:
    person = seen(conference, "id:1", (0, 20), name="Ana", email=ana.email, role="presenter", reported_seconds=3500)
    joined(person, (25.5, 60))
    apply_matching(conference)
    assert export(conference)["participants"] == [
        {
            "name": "Ana",
            "email": "ana@example.org",
            "role": "presenter",
            "kind": "member",
            "user": "ana@example.org",
            "total_seconds": 3270,
            "reported_seconds": 3500,
            "source": "attendance_report",
            "presence": "present",
            "sessions": [
                {
                    "joined_at": "2026-03-02T09:00:00Z",
                    "left_at": "2026-03-02T09:20:00Z",
                    "seconds": 1200,
                    "source": "attendance_report",
                },
                {
                    "joined_at": "2026-03-02T09:25:30Z",
                    "left_at": "2026-03-02T10:00:00Z",
                    "seconds": 2070,
                    "source": "attendance_report",
                },
            ],
            "gone_at": None,
        }
    ]


def test_our_count_and_the_providers_are_both_given(conference: Conference) -> None:
    seen(conference, "id:1", (0, 20), reported_seconds=1500)
    (person,) = export(conference)["participants"]
    assert (person["total_seconds"], person["reported_seconds"]) == (1200, 1500)


def test_overlapping_devices_count_once(conference: Conference) -> None:
    person = seen(conference, "id:1", (0, 40))
    joined(person, (20, 60))
    person.total_seconds = 3600  # as the store counts them
    person.save()
    (exported,) = export(conference)["participants"]
    assert (exported["total_seconds"], [each["seconds"] for each in exported["sessions"]]) == (3600, [2400, 2400])


def test_open_session_has_no_end_and_no_length(conference: Conference) -> None:
    seen(conference, "id:1", (0, None))
    (session,) = export(conference)["participants"][0]["sessions"]
    assert (session["left_at"], session["seconds"]) == (None, None)


def test_participants_are_in_order_of_name_then_identity(conference: Conference) -> None:
    for key, name in [("id:1", "Zoe"), ("id:3", "Ana"), ("id:2", "Ana"), ("id:4", "")]:
        seen(conference, key, (0, float(key[-1])), name=name)
    found = [(person["name"], person["total_seconds"]) for person in export(conference)["participants"]]
    assert found == [("", 240), ("Ana", 120), ("Ana", 180), ("Zoe", 60)]


def test_two_people_of_one_name_stay_two(conference: Conference) -> None:
    seen(conference, "id:1", (0, 10), name="Kim Doe")
    seen(conference, "id:2", (0, 10), name="Kim Doe")
    assert names(conference) == ["Kim Doe", "Kim Doe"]


def test_absent_learner_is_no_participant(conference: Conference, ana: User) -> None:
    answered(conference)
    assert names(conference) == []


def test_what_a_replaced_source_said_is_left_out(conference: Conference) -> None:
    person = seen(conference, "id:1", (0, 60), name="Ana")
    joined(person, (0, 59), superseded=True, source="call_records")
    seen(conference, "id:2", name="Older", superseded=True, source="call_records")
    assert names(conference) == ["Ana"]
    assert [each["source"] for each in export(conference)["participants"][0]["sessions"]] == ["attendance_report"]


def test_session_that_the_provider_took_back_is_left_out(conference: Conference) -> None:
    joined(seen(conference, "id:1", (0, 60)), (0, 59), gone_at=minute(90))
    assert [each["seconds"] for each in export(conference)["participants"][0]["sessions"]] == [3600]


def test_person_whom_the_provider_no_longer_lists_is_marked_and_kept(conference: Conference) -> None:
    seen(conference, "id:1", (0, 60), gone_at=minute(90))
    (person,) = export(conference)["participants"]
    assert (person["total_seconds"], person["gone_at"]) == (3600, "2026-03-02T10:30:00Z")


def test_correction_is_what_is_exported(conference: Conference, ana: User) -> None:
    seen(conference, "id:1", (0, 5), email=ana.email)
    apply_matching(conference)
    correct_presence(conference, ana, "late", "The bus", by=ana)
    assert export(conference)["participants"][0]["presence"] == "late"


def test_participants_who_are_one_user_share_a_presence(conference: Conference, ana: User) -> None:
    seen(conference, "id:1", (0, 30), name="A", email=ana.email)
    seen(conference, "id:2", (30, 60), name="B", email=ana.email)
    apply_matching(conference)
    found = [(each["name"], each["presence"], each["total_seconds"]) for each in export(conference)["participants"]]
    assert found == [("A", "present", 1800), ("B", "present", 1800)]


def test_presence_is_null_while_it_cannot_be_known(conference: Conference) -> None:
    seen(conference, "id:1", (0, None), last_seen_at=minute(20))
    assert [person["presence"] for person in export(conference)["participants"]] == [None]


def test_bot_has_no_presence(conference: Conference) -> None:
    seen(conference, "bot:1", (0, 60), kind="bot")
    (person,) = export(conference)["participants"]
    assert (person["kind"], person["presence"], person["total_seconds"]) == ("bot", None, 3600)


def test_recording(conference: Conference) -> None:
    Recording.objects.create(
        conference=conference,
        provider_id="r1",
        name="Algebra.mp4",
        url="https://example.org/r1",
        started_at=minute(1),
        size=12,
        gone_at=minute(99),
        **STORED,
    )
    assert export(conference)["recordings"] == [
        {
            "name": "Algebra.mp4",
            "kind": "video",
            "url": "https://example.org/r1",
            "started_at": "2026-03-02T09:01:00Z",
            "ended_at": None,
            "size": 12,
            "gone_at": "2026-03-02T10:39:00Z",
        }
    ]


def test_chat_in_order_of_time_also_where_messages_say_the_same(conference: Conference) -> None:
    for number, at in enumerate([5, 3, 3]):
        ChatMessage.objects.create(
            conference=conference, provider_id=str(number), sender="Ana", sent_at=minute(at), text="Yes", **STORED
        )
    assert [message["sent_at"][11:] for message in export(conference)["chat"]] == [
        "09:03:00Z",
        "09:03:00Z",
        "09:05:00Z",
    ]


def test_chat_message(conference: Conference) -> None:
    ChatMessage.objects.create(
        conference=conference,
        provider_id="m1",
        sender="Ana",
        sent_at=minute(3),
        text="Hi",
        html="<p>Hi</p>",
        deleted_at=minute(4),
        **STORED,
    )
    assert export(conference)["chat"] == [
        {
            "sender": "Ana",
            "sent_at": "2026-03-02T09:03:00Z",
            "text": "Hi",
            "html": "<p>Hi</p>",
            "deleted_at": "2026-03-02T09:04:00Z",
            "kind": "message",
        }
    ]


def test_file(conference: Conference) -> None:
    SharedFile.objects.create(
        conference=conference,
        provider_id="f1",
        name="sheet.pdf",
        url="https://example.org/f1",
        shared_by="Ana",
        **STORED,
    )
    assert export(conference)["files"] == [
        {"name": "sheet.pdf", "url": "https://example.org/f1", "shared_by": "Ana", "shared_at": None, "gone_at": None}
    ]


def test_export_is_json_and_the_same_every_time(conference: Conference, ana: User) -> None:
    seen(conference, "id:1", (0, 30.01), (40, None), name="\u202eAna", email=ana.email)
    assert json.dumps(export(conference)) == json.dumps(export(Conference.objects.get()))


def test_number_of_queries_does_not_grow_with_people(conference: Conference) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            export(Conference.objects.select_related("connection", "course").get())
        return len(queries)

    seen(conference, "id:0", (0, 60))
    few = cost()
    for number in range(1, 9):
        seen(conference, f"id:{number}", (0, 60))
    assert (few, cost()) == (10, 10)


def test_entry_that_made_no_sense(conference: Conference) -> None:
    conference.flaws.create(
        connection=conference.connection,
        operation="attendance",
        provider_id="row-1",
        about="Ann",
        reasons=["no leave time"],
        raw={"leave_time": ""},
        **STORED,
    )
    assert export(conference)["flaws"] == [
        {
            "operation": "attendance",
            "about": "Ann",
            "reasons": ["no leave time"],
            "raw": {"leave_time": ""},
            "stored": True,
            "gone_at": None,
        }
    ]
