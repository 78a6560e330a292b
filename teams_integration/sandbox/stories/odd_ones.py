"""Small stories of one peculiarity each."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from teams_integration.sandbox import artifacts, naming
from teams_integration.sandbox.call_shapes import call_record, legs
from teams_integration.sandbox.naming import at, join_url
from teams_integration.sandbox.shapes import Attendee, Span, attendance_record, event, members, message
from teams_integration.sandbox.stories.cast import LAKE, LAKESIDE, NORTHFIELD, RUBEN, SOFIA, TOMAS, WEI, Plan
from teams_integration.sandbox.stories.seminar_people import LEARNERS
from teams_integration.sandbox.stories.seminar_transcript import transcript
from teams_integration.sandbox.world import Chat, Meeting, Person, Report, Tenant

HOUR = timedelta(hours=1)
CLASS = LEARNERS[11:17]
NEXT_WEEK = naming.thread("next week")
CHANNEL = naming.channel_thread("field methods")
CHANNEL_POST = "1763380800000"
WRONG_ORGANIZER = naming.thread("guest lecture")
NO_DRIVE = naming.thread("statistics clinic")
LOCALISED = naming.thread("spanish reading")
CLOSED = naming.thread("closed transcripts")


def _plan(
    title: str, start: datetime, url: str, connection: str = "northfield", course: str = "MTH-205", organizer: str = ""
) -> Plan:
    end = start + HOUR
    return Plan(None, connection, course, title, start.isoformat(), end.isoformat(), url, organizer)


def next_week_starts_at() -> datetime:
    """The one time that follows the clock."""
    return datetime.now(UTC).replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=7)


def plans() -> list[Plan]:
    """A channel's meetings share the channel's thread; the post tells them apart."""
    north = NORTHFIELD
    clinic = _plan("Statistics Clinic", at("2025-11-19 13:00"), north.join_url(WEI, NO_DRIVE))
    return [
        _plan("Statistics Clinic, next week", next_week_starts_at(), north.join_url(TOMAS, NEXT_WEEK)),
        _plan("Field Methods, in the channel", at("2025-11-17 12:00"), north.join_url(TOMAS, CHANNEL, CHANNEL_POST)),
        # Organised by Tomás, though somebody typed Rubén.
        _plan(
            "Guest Lecture: Rivers",
            at("2025-11-21 11:00"),
            north.join_url(TOMAS, WRONG_ORGANIZER),
            organizer=RUBEN.email,
        ),
        clinic,
        _plan("Spanish Reading Circle", at("2025-11-24 16:00"), north.join_url(SOFIA, LOCALISED)),
        replace(clinic, title="Statistics Clinic, by a mistyped secret", connection="mistyped"),
        _plan(
            "Limnology",
            at("2025-11-25 09:00"),
            join_url(LAKESIDE.id, LAKE.id, CLOSED),
            connection="lakeside",
            course="LIM-101",
        ),
    ]


COURSES = (
    ("MTH-205", "Statistics and Field Methods", ((TOMAS, "instructor"), *((person, "learner") for person in CLASS))),
    ("LIM-101", "Limnology", ((LAKE, "instructor"), *((person, "learner") for person in CLASS[:3]))),
)


def tell_northfield(tenant: Tenant) -> None:
    tenant.people.update({person.id: person for person in CLASS})
    start = next_week_starts_at()
    tenant.hold(_meeting(tenant, TOMAS, NEXT_WEEK, "Statistics Clinic", start))
    _tell_channel(tenant)
    _class(tenant, TOMAS, WRONG_ORGANIZER, "Guest Lecture: Rivers", at("2025-11-21 11:00"))
    _class(tenant, WEI, NO_DRIVE, "Statistics Clinic", at("2025-11-19 13:00"))
    _tell_localised(tenant)
    tenant.keep_drive(TOMAS, {"": [], "Recordings": []})


def tell_lakeside(tenant: Tenant) -> None:
    starts_at = at("2025-11-25 09:00")
    meeting = _class(tenant, LAKE, CLOSED, "Limnology", starts_at)
    span = (starts_at, starts_at + HOUR)
    meeting.transcripts.append(transcript(tenant, CLOSED, span, [(0.0, 2.0, LAKE.name, "Nobody may read this.")]))
    _record(tenant, meeting, "Recordings", (starts_at + timedelta(minutes=1), starts_at + HOUR))


def _meeting(tenant: Tenant, organizer: Person, thread: str, subject: str, starts_at: datetime) -> Meeting:
    url = tenant.join_url(organizer, thread)
    return Meeting(
        organizer, subject, thread, url, starts_at, starts_at + HOUR, digits=str(int(starts_at.timestamp())) + "7"
    )


def _class(tenant: Tenant, organizer: Person, thread: str, subject: str, starts_at: datetime) -> Meeting:
    """An ordinary hour: a report of seven people, and a short chat."""
    meeting = tenant.hold(_meeting(tenant, organizer, thread, subject, starts_at))
    span = (starts_at - timedelta(minutes=2), starts_at + HOUR)
    people = [Attendee.of(organizer, "Organizer"), *(Attendee.of(person) for person in CLASS)]
    records = [attendance_record(who, [span]) for who in people]
    meeting.reports.append(Report(*span, records, len(records)))
    said = [
        message(starts_at + timedelta(minutes=4 * index), people[index % len(people)], f"Question {index + 1}", thread)
        for index in range(6)
    ]
    tenant.chats[thread] = Chat(thread, subject, said, members((organizer, *CLASS), tenant.id, organizer))
    return meeting


def _tell_channel(tenant: Tenant) -> None:
    """No attendance report, no chat of its own; the call record is all there is."""
    starts_at = at("2025-11-17 12:00")
    url = tenant.join_url(TOMAS, CHANNEL, CHANNEL_POST)
    tenant.hold(
        Meeting(
            TOMAS,
            "Field Methods",
            CHANNEL,
            url,
            starts_at,
            starts_at + HOUR,
            message_id=CHANNEL_POST,
            digits="381234567017",
        )
    )
    span = (starts_at, starts_at + HOUR)
    people = [Attendee.of(person) for person in (TOMAS, *CLASS[:3])]
    for post, who in ((CHANNEL_POST, people), ("1763380899999", people[:1])):
        joined = [leg for person in who for leg in legs(person, [span])]
        link = tenant.join_url(TOMAS, CHANNEL, post)
        tenant.calls.append(call_record(naming.guid("call", CHANNEL, post), people[0], link, joined, tenant.id))


def _tell_localised(tenant: Tenant) -> None:
    """Sofía's Teams speaks Spanish: her recordings are in a folder of another name."""
    starts_at = at("2025-11-24 16:00")
    meeting = _class(tenant, SOFIA, LOCALISED, "Spanish Reading Circle", starts_at)
    _record(tenant, meeting, "Grabaciones", (starts_at + timedelta(minutes=3), starts_at + timedelta(minutes=57)))


def _record(tenant: Tenant, meeting: Meeting, folder: str, span: Span) -> None:
    call = artifacts.call_id(meeting.thread_id, meeting.starts_at)
    organizer, thread = meeting.organizer, meeting.thread_id
    meeting.recordings.append(artifacts.artifact("recording", tenant.id, organizer, thread, call, span))
    path = f"{folder}/{meeting.subject}-{span[0]:%Y%m%d_%H%M%S}-Meeting Recording.mp4"
    item = artifacts.drive_item(organizer, path, span[0], 250_000_000, "video/mp4", span[1] - span[0])
    tenant.keep_drive(organizer, {"": [], folder: [item]})
    chat = tenant.chats[thread]
    told = event(
        span[1] + timedelta(minutes=5),
        "callRecording",
        thread,
        organizer,
        callId=call,
        callRecordingDisplayName=item["name"],
        callRecordingUrl=f"{item['webUrl']}?web=1",
        callRecordingDuration="PT54M0S",
        callRecordingStatus="success",
    )
    chat.messages = [*chat.messages, told]
