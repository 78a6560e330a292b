"""Conference 46: nobody has granted the access policy for its organiser, whose OneDrive is closed to the app as well.

The chat is open. Once the policy is granted, attendance is there too; the drive stays closed.
"""

from datetime import timedelta

from teams_integration.sandbox import naming
from teams_integration.sandbox.artifacts import personal_url
from teams_integration.sandbox.naming import at
from teams_integration.sandbox.shapes import Attendee, attendance_record, event, file_reference, members, message
from teams_integration.sandbox.stories.cast import HARRIET, INGRID, NORTHFIELD, Plan
from teams_integration.sandbox.stories.seminar_people import LEARNERS
from teams_integration.sandbox.world import Chat, Drive, Json, Meeting, Report, Tenant, drive_id

THREAD = naming.thread("ethics tutorial")
STARTS_AT, ENDS_AT = at("2025-11-18 09:00"), at("2025-11-18 10:00")
CLASS = LEARNERS[:10]
PLAN = Plan(
    46,
    "northfield",
    "ETH-301",
    "Ethics Tutorial, group B",
    STARTS_AT.isoformat(),
    ENDS_AT.isoformat(),
    NORTHFIELD.join_url(HARRIET, THREAD),
)
_SAID = (
    "Good morning! We start in two minutes.",
    "Morning 👋",
    "<p>Here is the <strong>worksheet</strong></p>",
    "Is question 3 about consent or about harm?",
    "Harm, I think",
    "<p>Both: <em>read the footnote</em></p>",
    "My microphone is broken, sorry",
    "No problem, write here",
    "Then my answer is: it depends on who can refuse",
    "That is a very good answer",
    "Thank you, see you on Thursday",
)


def tell(tenant: Tenant) -> None:
    tenant.people.update({person.id: person for person in CLASS})
    tenant.without_policy.add(HARRIET.id)
    tenant.drives[HARRIET.id] = Drive(drive_id(HARRIET), refused=True)
    tenant.shared[personal_url(HARRIET, _WORKSHEET)] = "accessDenied"
    meeting = Meeting(
        HARRIET, PLAN.title, THREAD, PLAN.join_url, STARTS_AT, ENDS_AT, digits="381234567046", invited=CLASS
    )
    meeting.reports.append(_report())
    tenant.hold(meeting)
    people = (HARRIET, INGRID, *CLASS)
    tenant.chats[THREAD] = Chat(THREAD, PLAN.title, _messages(), members(people, tenant.id, HARRIET))


def _report() -> Report:
    opened, closed = STARTS_AT - timedelta(minutes=4), ENDS_AT + timedelta(minutes=1)
    records = [attendance_record(Attendee.of(HARRIET, "Organizer"), [(opened, closed)])]
    for index, person in enumerate(CLASS[:8]):
        span = (STARTS_AT + timedelta(seconds=40 * index), ENDS_AT - timedelta(seconds=11 * index))
        records.append(attendance_record(Attendee.of(person), [span]))
    return Report(opened, closed, records, len(records))


_WORKSHEET = "Microsoft Teams Chat Files/Worksheet 6.docx"


def _messages() -> list[Json]:
    call = {"callId": naming.guid("call", "tutorial"), "callEventType": "meeting"}
    told = [event(STARTS_AT - timedelta(minutes=4), "callStarted", THREAD, HARRIET, **call)]
    for index, text in enumerate(_SAID):
        by = HARRIET if index % 5 in {0, 2} else CLASS[index % 4]
        changes: Json = {}
        if "worksheet" in text:
            key, url = naming.guid("attachment", "worksheet"), personal_url(HARRIET, _WORKSHEET)
            changes["attachments"] = [file_reference(key, "Worksheet 6.docx", url)]
            changes["body"] = {"contentType": "html", "content": f'{text}<attachment id="{key}"></attachment>'}
        told.append(message(STARTS_AT + timedelta(minutes=5 * index - 2), Attendee.of(by), text, THREAD, **changes))
    return [*told, event(ENDS_AT + timedelta(minutes=1), "callEnded", THREAD, HARRIET, **call, callDuration="PT1H5M")]
