"""Conference 74: an instant meeting, which the online-meetings API never lists. Only call records tell who was there.

The tenant's store holds sixty calls, ten of them on this day, and two of those are this meeting. Two people come out
of them: Admin One with 278.4 s (4.64 min), and Nadia Rahman with 408.6 s (6.81 min) from three sessions, the first two
of which overlap, the third after a gap in the call that followed when the meeting was opened again.
"""

from datetime import timedelta

from teams_integration.sandbox import naming
from teams_integration.sandbox.call_shapes import Leg, call_record
from teams_integration.sandbox.naming import at, guid
from teams_integration.sandbox.shapes import Attendee, Span, event, members, message
from teams_integration.sandbox.stories.cast import ADMIN_ONE, NADIA, NORTHFIELD, RUBEN, SOFIA, WEI, Plan
from teams_integration.sandbox.world import Call, Chat, Json, Meeting, Person, Tenant

THREAD, OTHER_THREAD, THIRD_THREAD = (naming.thread(f"meet now {number}") for number in range(3))
STARTS_AT, ENDS_AT = at("2025-11-26 15:00"), at("2025-11-26 15:15")
STORE, THAT_DAY = 60, 10
ROSTER = ((ADMIN_ONE, "instructor"), (NADIA, "learner"), (RUBEN, "learner"), (SOFIA, "learner"))
COURSE = {
    "code": "LAB-110",
    "title": "Laboratory Safety",
    "roster": [{"name": person.name, "email": person.email, "role": role} for person, role in ROSTER],
}
PLAN = Plan(
    74,
    "northfield",
    "LAB-110",
    "Question hour (Meet Now)",
    STARTS_AT.isoformat(),
    ENDS_AT.isoformat(),
    NORTHFIELD.join_url(ADMIN_ONE, THREAD),
)
ADMIN_SECONDS, NADIA_SECONDS = 278.4, 408.6


def tell(tenant: Tenant) -> None:
    """To be told last: it fills the store up to its sixty calls."""
    tenant.hold(Meeting(ADMIN_ONE, "Meet Now", THREAD, PLAN.join_url, STARTS_AT, ENDS_AT, kind="meetnow", listed=False))
    tenant.calls += [*_this_meeting(tenant), *_same_day(tenant)]
    earlier = STORE - len(tenant.calls)
    tenant.calls += [_filler(tenant, number) for number in range(earlier)]
    people = (ADMIN_ONE, NADIA)
    tenant.chats[THREAD] = Chat(THREAD, "Meet Now", _messages(), members(people, tenant.id, ADMIN_ONE))
    tenant.keep_drive(ADMIN_ONE, {"": [], "Recordings": []})


def _seconds(start: float, end: float) -> Span:
    return STARTS_AT + timedelta(seconds=start), STARTS_AT + timedelta(seconds=end)


def _leg(person: Person, start: float, end: float) -> Leg:
    return Leg(Attendee.of(person), _seconds(start, end))


def _this_meeting(tenant: Tenant) -> tuple[Call, Call]:
    """Teams writes the link in another case here and there; it is the same link."""
    first = (_leg(ADMIN_ONE, 12, 12 + ADMIN_SECONDS), _leg(NADIA, 20, 220), _leg(NADIA, 150, 320))
    again = (_leg(NADIA, 380, 80 + NADIA_SECONDS),)
    shouted = PLAN.join_url.replace("%3a", "%3A").replace("%7b", "%7B")
    return (
        call_record(guid("call", "74a"), Attendee.of(ADMIN_ONE), PLAN.join_url, first, tenant.id),
        call_record(guid("call", "74b"), Attendee.of(ADMIN_ONE), shouted, again, tenant.id),
    )


def _same_day(tenant: Tenant) -> list[Call]:
    """Never to be credited: by link, by organiser, by kind or by time they are other calls."""
    other = tenant.join_url(ADMIN_ONE, OTHER_THREAD)
    elsewhere = tenant.join_url(RUBEN, THIRD_THREAD)
    rows: tuple[tuple[Person, str | None, tuple[Leg, ...], str], ...] = (
        (ADMIN_ONE, other, (_leg(ADMIN_ONE, 400, 900), _leg(SOFIA, 405, 890)), "groupCall"),
        (ADMIN_ONE, other, (_leg(WEI, 60, 700), _leg(RUBEN, 70, 720)), "groupCall"),
        (ADMIN_ONE, other, (_leg(ADMIN_ONE, -14_000, -12_000), _leg(WEI, -14_000, -12_500)), "groupCall"),
        (RUBEN, elsewhere, (_leg(RUBEN, -30, 1_500), _leg(NADIA, 600, 1_400)), "groupCall"),
        (RUBEN, elsewhere, (_leg(RUBEN, 9_000, 9_600), _leg(SOFIA, 9_005, 9_500)), "groupCall"),
        (NADIA, None, (_leg(NADIA, 700, 760), _leg(WEI, 700, 760)), "peerToPeer"),
        (ADMIN_ONE, None, (_leg(ADMIN_ONE, 300, 340), _leg(SOFIA, 300, 340)), "peerToPeer"),
        # The same link, opened by somebody else that morning.
        (ADMIN_ONE, PLAN.join_url, (_leg(RUBEN, -25_000, -24_000), _leg(SOFIA, -24_900, -24_100)), "groupCall"),
    )
    return [
        call_record(guid("call", "that day", index), Attendee.of(by), url, legs, tenant.id, kind)
        for index, (by, url, legs, kind) in enumerate(rows)
    ]


def _filler(tenant: Tenant, number: int) -> Call:
    """Calls of the weeks before, two hours each day but the class's own."""
    start = -86_400.0 * (1 + number % 25) - 3_600 * (number // 25)
    people = (_leg(WEI, start, start + 1_800), _leg(SOFIA, start + 30, start + 1_700))
    url = tenant.join_url(WEI, naming.thread(f"filler {number % 7}"))
    return call_record(guid("call", "filler", number), Attendee.of(WEI), url, people, tenant.id)


def _messages() -> list[Json]:
    call = {"callId": guid("call", "74a"), "callEventType": "meeting"}
    return [
        event(STARTS_AT + timedelta(seconds=12), "callStarted", THREAD, ADMIN_ONE, **call),
        message(STARTS_AT + timedelta(seconds=70), Attendee.of(NADIA), "Which gloves for acetone?", THREAD),
        message(
            STARTS_AT + timedelta(seconds=95), Attendee.of(ADMIN_ONE), "<p><b>Butyl</b>, never nitrile</p>", THREAD
        ),
        event(STARTS_AT + timedelta(seconds=320), "callEnded", THREAD, ADMIN_ONE, **call, callDuration="PT5M8S"),
    ]
