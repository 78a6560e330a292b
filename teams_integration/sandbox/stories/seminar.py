"""A weekly seminar of sixty people in two sittings, with everything that a class can leave behind."""

from collections.abc import Sequence
from datetime import timedelta

from teams_integration.sandbox import artifacts, naming
from teams_integration.sandbox.call_shapes import Leg, call_record
from teams_integration.sandbox.shapes import Attendee, Span, attendance_record, members
from teams_integration.sandbox.stories import seminar_chat, seminar_transcript
from teams_integration.sandbox.stories.cast import INGRID, NORTHFIELD, TOMAS, Plan
from teams_integration.sandbox.stories.seminar_people import (
    ENDS_AT,
    FIRST,
    LEARNERS,
    NAMED,
    PRESENCES,
    ROSTER,
    SECOND,
    STARTS_AT,
)
from teams_integration.sandbox.world import Call, Chat, Json, Meeting, Report, Tenant

THREAD = naming.thread("data ethics seminar")
WEEK = timedelta(days=7)
People = Sequence[tuple[Attendee, Sequence[Span]]]
SUBJECT = "Data Ethics Seminar"
COURSE = {
    "code": "ETH-301",
    "title": "Data Ethics",
    "roster": [{"name": person.name, "email": person.email, "role": role} for person, role in ROSTER],
}
PLAN = Plan(
    None,
    "northfield",
    "ETH-301",
    "Data Ethics Seminar, week 6",
    STARTS_AT.isoformat(),
    ENDS_AT.isoformat(),
    NORTHFIELD.join_url(INGRID, THREAD),
)
# Files of an older course, so that the seminar's own are not on the folder's first page.
_OLDER_FILES = 215
RECORDED: tuple[Span, Span] = (
    (FIRST[0] + timedelta(minutes=6), FIRST[1] - timedelta(seconds=8)),
    (SECOND[0] + timedelta(minutes=1), SECOND[1] - timedelta(seconds=30)),
)


def tell(tenant: Tenant) -> None:
    tenant.people.update({person.id: person for person in (*LEARNERS, *NAMED)})
    sittings: tuple[tuple[Span, People], ...] = (
        (FIRST, [(presence.who, presence.first) for presence in PRESENCES]),
        (SECOND, [(presence.who, presence.second) for presence in PRESENCES]),
        *((span, _few(span)) for span in _elsewhen()),
    )
    meeting = tenant.hold(
        Meeting(
            INGRID,
            SUBJECT,
            THREAD,
            PLAN.join_url,
            STARTS_AT - 5 * WEEK,
            ENDS_AT - 5 * WEEK,
            kind="recurring",
            digits="381234567890",
            invited=(TOMAS, *LEARNERS),
        )
    )
    for span, people in sittings:
        meeting.reports.insert(0, _report(span, people))
        tenant.calls.append(_call(tenant, span, people))
    _record(tenant, meeting)
    messages = [*seminar_chat.week_before(THREAD), *seminar_chat.messages(THREAD), *seminar_chat.week_after(THREAD)]
    group = members((INGRID, TOMAS, *LEARNERS, *NAMED), tenant.id, INGRID)
    tenant.chats[THREAD] = Chat(THREAD, SUBJECT, messages, group)
    tenant.shared.update(seminar_chat.SHARED)


def _elsewhen() -> tuple[Span, ...]:
    """A test of the sound that morning, and the neighbouring weeks: the same link, none of them this class."""
    morning = (STARTS_AT - timedelta(hours=5), STARTS_AT - timedelta(hours=4, minutes=50))
    return morning, (STARTS_AT - WEEK, ENDS_AT - WEEK), (STARTS_AT + WEEK, ENDS_AT + WEEK)


def _few(span: Span) -> People:
    """Somebody who is in no other sitting is among them, and must never turn up in week 6."""
    stranger = Attendee(naming.guid("user", "stranger", span[0]), "Only Another Day", "only.another.day@example.org")
    return [(Attendee.of(INGRID, "Organizer"), (span,)), (stranger, (span,))]


def _report(span: Span, people: People) -> Report:
    """A second device of the first learner is a record of its own, as Graph lists it at times."""
    records = [attendance_record(who, spans) for who, spans in people if spans]
    count = len(records)
    if span == FIRST:
        device = (FIRST[0] + timedelta(minutes=20), FIRST[0] + timedelta(minutes=30))
        records.append(attendance_record(Attendee.of(LEARNERS[0]), [device]))
    return Report(*span, records, count)


def _call(tenant: Tenant, span: Span, people: People) -> Call:
    legs = [Leg(who, each, dialled_out=who.kind == "phone") for who, spans in people for each in spans]
    key = artifacts.call_id(THREAD, span[0])
    return call_record(key, Attendee.of(INGRID), PLAN.join_url, legs, tenant.id)


def _record(tenant: Tenant, meeting: Meeting) -> None:
    """Two recordings of this class and one of last week; each is known to Graph, to the drive and to the chat."""
    last_week = (STARTS_AT - WEEK, ENDS_AT - WEEK)
    files: list[Json] = [_older(number) for number in range(_OLDER_FILES)]
    for sitting, span in ((last_week, last_week), (FIRST, RECORDED[0]), (SECOND, RECORDED[1])):
        call = artifacts.call_id(THREAD, sitting[0])
        meeting.recordings.append(artifacts.artifact("recording", tenant.id, INGRID, THREAD, call, span))
        files.append(seminar_chat.recording_file(span))
    for sitting, cues in ((FIRST, seminar_transcript.FIRST), (SECOND, seminar_transcript.SECOND)):
        meeting.transcripts.append(seminar_transcript.transcript(tenant, THREAD, sitting, cues))
    tenant.keep_drive(INGRID, {"": [], "Recordings": files})


def _older(number: int) -> Json:
    made_at = naming.at("2024-09-02 08:00") + timedelta(days=number)
    name = f"Logic for Beginners-{made_at:%Y%m%d_%H%M%S}-Meeting Recording.mp4"
    length = timedelta(minutes=45, seconds=number)
    return artifacts.drive_item(INGRID, f"Recordings/{name}", made_at, 90_000_000 + number, "video/mp4", length)


def shrink(tenant: Tenant) -> None:
    """A recording gone, fifty messages gone, and of the first sitting only ten people left."""
    meeting = next(each for each in tenant.meetings if each.thread_id == THREAD)
    meeting.recordings.pop()
    tenant.drives[INGRID.id].folders["Recordings"] = tenant.drives[INGRID.id].folders["Recordings"][:-1]
    first = next(report for report in meeting.reports if report.starts_at == FIRST[0])
    first.records = first.records[:10]
    chat = tenant.chats[THREAD]
    chat.messages = [message for index, message in enumerate(chat.messages) if not 280 <= index < 330]
