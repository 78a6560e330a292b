import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conferences.models import ChatMessage, Conference, Participant, PresenceCorrection, Recording, SharedFile
from conferences.tests.school import School, answered, joined, minute, seen
from conferences.tests.views.conftest import end_step, run_of
from conferences.views.sections import MESSAGES_PER_PAGE, PEOPLE_PER_PAGE

TABS = ("overview", "participants", "recordings", "chat", "files", "history")
SEEN = {"first_seen_at": minute(70), "last_seen_at": minute(70)}
ATTACK = "<img src=x onerror=alert(1)><script>alert(2)</script>\"'>"


def page(client: Client, conference: Conference, tab: str = "overview", **query: str) -> str:
    return client.get(conference.get_absolute_url(), {"tab": tab, **query}).text


def said(conference: Conference, number: int, **values: object) -> ChatMessage:
    defaults = {"provider_id": f"m{number}", "sender": "Ann", "sent_at": minute(number % 60), "text": f"Line {number}"}
    return ChatMessage.objects.create(conference=conference, **{**defaults, **values}, **SEEN)


def fill(conference: Conference, school: School, people: int) -> None:
    """Everything that a conference can have, so that every tab has something to show."""
    for number in range(people):
        learner = school.enrol(f"Learner {number}", f"{number}@example.org")
        key = f"{conference.pk}-{number}"
        seen(conference, f"id:{key}", (0, 30), (20, 60), name=f"Learner {number}", user=learner, match="rule")
        seen(conference, f"guest:{key}", (5, 60), name=f"Guest {number}", kind="guest")
        said(conference, number, reply_to="m0" if number else "")
        Recording.objects.create(conference=conference, provider_id=key, cues=[], **SEEN)
        SharedFile.objects.create(conference=conference, provider_id=key, **SEEN)
        answered(conference)


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_opens_without_data(tab: str, teacher: Client, conference: Conference) -> None:
    response = teacher.get(conference.get_absolute_url(), {"tab": tab})
    assert (response.status_code, response.context["tab"]) == (200, tab)


@pytest.mark.parametrize("tab", ["nonsense", "../base", "_sync"])
def test_tab_that_there_is_none_of_is_not_found(tab: str, teacher: Client, conference: Conference) -> None:
    assert teacher.get(conference.get_absolute_url(), {"tab": tab}).status_code == 404


@pytest.mark.parametrize("tab", TABS)
def test_queries_do_not_grow_with_the_class(tab: str, teacher: Client, school: School) -> None:
    small, large = school.conference(), school.conference(external_id="week-2")
    fill(small, school, 2)
    for number in range(2, 12):
        school.enrol(f"Absent {number}", f"absent{number}@example.org")
        seen(large, f"guest:{number}", (0, 60), name=f"Guest {number}")
    fill_again(large)

    def cost(conference: Conference) -> int:
        with CaptureQueriesContext(connection) as queries:
            page(teacher, conference, tab)
        return len(queries)

    assert cost(large) == cost(small)


def fill_again(conference: Conference) -> None:
    for number in range(12):
        said(conference, number, reply_to="m0" if number else "")
        Recording.objects.create(conference=conference, provider_id=f"r{number}", cues=[], **SEEN)
        SharedFile.objects.create(conference=conference, provider_id=f"f{number}", **SEEN)
        answered(conference)


def test_answer_stands_at_the_top(teacher: Client, conference: Conference, school: School) -> None:
    came, missing = school.enrol("Ann Able", "ann@example.org"), school.enrol("Ben Best", "ben@example.org")
    seen(conference, "id:ann", (0, 60), name="Ann Able", user=came, match="rule")
    seen(conference, "guest:1", (0, 60), name="Somebody", kind="guest")
    answered(conference)
    response = teacher.get(conference.get_absolute_url())
    assert response.context["headline"] == "1 of 2 learners came. 1 is missing."
    assert [row.user for row in response.context["register"].absentees] == [missing]
    assert "1 person we could not identify" in response.text


def test_provider_count_stands_beside_ours(teacher: Client, conference: Conference) -> None:
    end_step(run_of(conference, "partial"), "attendance", "synced", items=41, provider_total=42)
    assert "Microsoft Teams counts 42, we hold 0: <b>they differ</b>" in page(teacher, conference)


def test_provider_count_of_entries_is_explained(teacher: Client, conference: Conference) -> None:
    joined(seen(conference, "a", (0, 20), name="Ann"), (30, 60), sitting="second")
    end_step(run_of(conference, "succeeded"), "attendance", "synced", items=1, provider_total=2)
    assert "Microsoft Teams counts 2 entries in 2 sittings, and so do we: 1 person" in page(teacher, conference)


def test_times_are_in_the_zone_of_the_class(teacher: Client, conference: Conference) -> None:
    seen(conference, "id:ann", (0, 60), name="Ann")
    text = page(teacher, conference, "participants")
    assert "All times on this page are in CET, Europe/Zurich." in text
    assert "<td>10:00:00</td><td>11:00:00</td>" in text


def test_unknown_zone_breaks_nothing(teacher: Client, school: School) -> None:
    conference = school.conference(time_zone="Mars/Olympus")
    assert "All times on this page are in UTC." in page(teacher, conference)


def test_total_opens_into_its_sessions_with_their_source(teacher: Client, conference: Conference) -> None:
    person = seen(conference, "id:ann", (0, 30), (20, 60), name="Ann", reported_seconds=4200)
    joined(person, (3, 9), source="call_records", superseded=True)
    joined(person, (61, 62), gone_at=minute(90))
    text = page(teacher, conference, "participants")
    assert "<b>60.00</b>" in text
    assert "70.00 stated" in text
    assert "Overlapping times count once." in text
    assert re.findall(
        r"<td>(\d\d:\d\d:\d\d)</td><td>([\d:]+)</td><td class=\"num\">([\d.]+)</td><td>(.*?)</td>", text
    ) == [
        ("10:00:00", "10:30:00", "30.00", "attendance report"),
        ("10:20:00", "11:00:00", "40.00", "attendance report"),
    ]
    assert "1 from another source, not counted" in text
    assert "1 no longer listed by Microsoft Teams, not counted" in text


def test_total_is_exact_to_the_hundredth_of_a_minute(teacher: Client, conference: Conference) -> None:
    seen(conference, "id:one", (0, 4.64), name="Admin One")
    assert "<b>4.64</b>" in page(teacher, conference, "participants")


def test_session_still_running_is_said_so(teacher: Client, conference: Conference) -> None:
    seen(conference, "id:ann", (0, None), name="Ann")
    text = page(teacher, conference, "participants")
    assert "still in when fetched" in text


def test_leave_time_that_nobody_knows_is_said_so_long_after_the_class(teacher: Client, conference: Conference) -> None:
    """Fetched six weeks later: nobody is still in, and the picture ends with the class."""
    seen(conference, "id:ann", (20, None), name="Ann")
    answered(conference, at=60000)
    people, overview = page(teacher, conference, "participants"), page(teacher, conference)
    assert ("still in" in people, "still open" in overview, "to 11:00; the shaded" in overview) == (False, False, True)
    assert "leave time unknown" in people
    assert "<td>10:20:00</td><td>unknown</td>" in people
    assert "<dd>10:20–end unknown, 1 person</dd>" in overview
    assert 'aria-label="10:20 to 11:00, leave time unknown"' in overview
    assert "Where nobody knows when somebody left, the bar ends with the scheduled time." in overview


def test_picture_of_a_class_that_still_ran_ends_when_it_was_fetched(teacher: Client, conference: Conference) -> None:
    seen(conference, "id:ann", (0, None), name="Ann")
    answered(conference, at=80)
    text = page(teacher, conference)
    assert "From 10:00 to 11:20; the shaded" in text
    assert ("still open when fetched" in text, "Where nobody knows" in text) == (True, False)


@pytest.mark.parametrize(
    ("kind", "label"), [("guest", "guest"), ("dial_in", "dial-in"), ("bot", "bot"), ("external", "external")]
)
def test_guests_dial_ins_and_bots_are_kept_and_labelled(
    kind: str, label: str, teacher: Client, conference: Conference
) -> None:
    seen(conference, "x:1", (0, 60), name="Somebody", kind=kind)
    assert f'<span class="tag">{label}</span>' in page(teacher, conference, "participants").lower()


def test_entries_of_a_replaced_source_are_tucked_away(teacher: Client, conference: Conference) -> None:
    seen(conference, "id:old", name="Old Entry", superseded=True, source="call_records")
    text = page(teacher, conference, "participants")
    assert "1 entry from another source, not counted" in text
    assert "Old Entry (call records)" in text


def test_answer_says_why_attendance_is_not_known(teacher: Client, conference: Conference) -> None:
    """Must-beat: failure shown as success."""
    end_step(run_of(conference, "partial"), "attendance", "blocked", "We were not allowed to look.")
    answer = page(teacher, conference, "overview")
    assert "We were not allowed to look. Nobody is marked absent until then." in answer


def test_participants_can_be_narrowed_to_those_missing(teacher: Client, conference: Conference, school: School) -> None:
    school.enrol("Ben Best", "ben@example.org")
    seen(conference, "guest:1", (0, 60), name="Somebody", kind="guest")
    answered(conference)

    def names(show: str) -> list[str]:
        response = teacher.get(conference.get_absolute_url(), {"tab": "participants", "show": show})
        return [row.name for row in response.context["page"]]

    assert names("absent") == ["Ben Best"]
    assert names("unidentified") == ["Somebody"]
    assert names("present") == []
    assert names("bogus") == ["Ben Best", "Dana Reyes", "Somebody"]


def test_correction_is_shown_with_its_reason(teacher: Client, conference: Conference, school: School) -> None:
    ben = school.enrol("Ben Best", "ben@example.org")
    answered(conference)
    PresenceCorrection.objects.create(
        conference=conference, user=ben, presence="present", reason="Sat in the room", corrected_by=ben
    )
    assert "Corrected by Ben Best: Sat in the room" in page(teacher, conference, "participants")


def test_thousands_of_people_come_in_pages(teacher: Client, conference: Conference) -> None:
    Participant.objects.bulk_create(
        Participant(conference=conference, identity_key=f"g{number}", name=f"G {number:04}", **SEEN)
        for number in range(PEOPLE_PER_PAGE + 5)
    )
    response = teacher.get(conference.get_absolute_url(), {"tab": "participants", "page": "2"})
    assert (len(response.context["page"]), response.context["page"].paginator.count) == (6, PEOPLE_PER_PAGE + 6)


@pytest.mark.parametrize("tab", TABS)
def test_hostile_names_are_shown_and_never_run(tab: str, teacher: Client, school: School) -> None:
    conference = school.conference(title=ATTACK, organizer=ATTACK, join_url="javascript:alert(1)")
    seen(conference, ATTACK, (0, 60), name=ATTACK, email=ATTACK, kind="guest", role=ATTACK[:30])
    said(conference, 1, sender=ATTACK, text=ATTACK, html=ATTACK, edited_at=minute(9))
    said(conference, 2, sender=ATTACK, text=ATTACK, reply_to="m1", deleted_at=minute(9))
    said(conference, 3, kind="system", text=ATTACK)
    cue = {"starts_seconds": 0, "ends_seconds": 1, "speaker": ATTACK, "text": ATTACK}
    Recording.objects.create(
        conference=conference, provider_id="r", name=ATTACK, url="javascript:alert(1)", cues=[cue], **SEEN
    )
    SharedFile.objects.create(
        conference=conference, provider_id="f", name=ATTACK, url="data:text/html,x", shared_by=ATTACK, **SEEN
    )
    run = run_of(conference, "partial", message=ATTACK, phase=ATTACK[:100])
    end_step(run, "chat", "blocked", ATTACK, advice=f"{ATTACK}\nGet-Thing {ATTACK}")
    run.events.create(text=ATTACK)
    text = page(teacher, conference, tab)
    assert re.findall(r"<img src=x|<script>|javascript:|data:text", text) == []


def test_transcript_is_read_with_speakers(teacher: Client, conference: Conference) -> None:
    cues = [{"starts_seconds": 3725.5, "ends_seconds": 3727, "speaker": "", "text": "a < b & <i>c</i>"}]
    recording = Recording.objects.create(conference=conference, provider_id="t", kind="transcript", cues=cues, **SEEN)
    assert "Read transcript" in page(teacher, conference, "recordings")
    text = page(teacher, conference, "recordings", transcript=str(recording.pk))
    assert "1:02:05" in text
    assert "<b>Unknown speaker</b> a &lt; b &amp; &lt;i&gt;c&lt;/i&gt;" in text


@pytest.mark.parametrize("transcript", ["999999", "0"])
def test_transcript_that_there_is_none_of_is_not_found(
    transcript: str, teacher: Client, conference: Conference
) -> None:
    response = teacher.get(conference.get_absolute_url(), {"tab": "recordings", "transcript": transcript})
    assert response.status_code == 404


def test_transcript_of_another_conference_is_not_found(teacher: Client, school: School) -> None:
    mine, other = school.conference(), school.conference(external_id="week-2")
    foreign = Recording.objects.create(conference=other, provider_id="t", cues=[], **SEEN)
    response = teacher.get(mine.get_absolute_url(), {"tab": "recordings", "transcript": foreign.pk})
    assert response.status_code == 404


def test_what_the_provider_dropped_is_kept_and_says_so(teacher: Client, conference: Conference) -> None:
    Recording.objects.create(conference=conference, provider_id="r", name="Gone.mp4", gone_at=minute(90), **SEEN)
    text = page(teacher, conference, "recordings")
    assert "Gone.mp4" in text
    assert "No longer listed since 2 Mar 2026" in text


def test_chat_tells_system_edited_and_deleted_messages_apart(teacher: Client, conference: Conference) -> None:
    said(conference, 1, kind="system", text="Meeting started")
    said(conference, 2, edited_at=minute(5))
    said(conference, 3, deleted_at=minute(6), text="")
    text = page(teacher, conference, "chat")
    assert re.findall(r'class="(chat-system|chat-message[^"]*)"', text) == [
        "chat-system",
        "chat-message",
        "chat-message chat-deleted",
    ]
    assert "edited 10:05" in text
    assert "Deleted before it was ever fetched." in text


def test_long_chat_comes_in_pages(teacher: Client, conference: Conference) -> None:
    ChatMessage.objects.bulk_create(
        ChatMessage(
            conference=conference, provider_id=f"{n}", sent_at=minute(0) + timedelta(seconds=n), text="x", **SEEN
        )
        for n in range(MESSAGES_PER_PAGE + 1)
    )
    response = teacher.get(conference.get_absolute_url(), {"tab": "chat", "page": "2"})
    assert [line.message.provider_id for line in response.context["lines"]] == ["300"]


def test_history_links_each_run_to_its_log(teacher: Client, conference: Conference) -> None:
    run = run_of(conference, "cancelled", message="Stopped")
    address = reverse("conferences:status", args=[conference.pk, run.pk])
    assert f'<a href="{address}">Run {run.pk}</a>' in page(teacher, conference, "history")


def test_page_may_not_be_cached_for_others(teacher: Client, conference: Conference) -> None:
    response = teacher.get(conference.get_absolute_url())
    assert response["Cache-Control"] == "no-cache, private"


def test_policy_allows_nothing_inline(teacher: Client, conference: Conference) -> None:
    response = teacher.get(conference.get_absolute_url())
    assert "unsafe" not in response["Content-Security-Policy"]
    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", response.text) == []
