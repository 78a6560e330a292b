"""A meeting of any size for benchmarks. Nothing is kept: every row is made up when its page is asked for."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from teams_integration.sandbox import naming
from teams_integration.sandbox.call_shapes import Leg, call_record, participant, session
from teams_integration.sandbox.naming import at, guid
from teams_integration.sandbox.shapes import Attendee, Span, attendance_record, message
from teams_integration.sandbox.stories.cast import NORTHFIELD, RUBEN, Plan
from teams_integration.sandbox.world import Call, Chat, Json, Meeting, Report, Tenant

THREAD = naming.thread("large lecture")
STARTS_AT, ENDS_AT = at("2025-11-12 10:00"), at("2025-11-12 11:00")
PLAN = Plan(
    None,
    "northfield",
    "MTH-205",
    "Large Lecture",
    STARTS_AT.isoformat(),
    ENDS_AT.isoformat(),
    NORTHFIELD.join_url(RUBEN, THREAD),
)


class Computed(Sequence[Json]):
    """Rows that are a function of their number."""

    def __init__(self, count: int, row: Callable[[int], Json]) -> None:
        self._count = count
        self._row = row

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: "int | slice") -> "Json | list[Json]":  # type: ignore[override]
        if isinstance(index, slice):
            return [self._row(each) for each in range(*index.indices(self._count))]
        return self._row(range(self._count)[index])


def tell(tenant: Tenant, participants: int, messages: int) -> None:
    """One sitting; everybody comes twice, with a gap. The call record tells the same."""
    report = Report(STARTS_AT, ENDS_AT, Computed(participants, _record), participants)
    meeting = Meeting(
        RUBEN, PLAN.title, THREAD, PLAN.join_url, STARTS_AT, ENDS_AT, digits="381234567012", reports=[report]
    )
    tenant.hold(meeting)
    tenant.calls.append(_call(tenant, participants))
    # Messages keep one distance, and all of them are within the class.
    step = (ENDS_AT - STARTS_AT) / max(messages, 1)
    tenant.chats[THREAD] = Chat(THREAD, PLAN.title, Computed(messages, lambda number: _message(number, step)))


def _attendee(number: int) -> Attendee:
    return Attendee(guid("large", number), f"Person {number:06d}", f"person.{number:06d}@example.org")


def _spans(number: int) -> tuple[Span, Span]:
    shift = timedelta(seconds=number % 600)
    middle = STARTS_AT + timedelta(minutes=25)
    return (STARTS_AT + shift, middle + shift), (middle + shift + timedelta(minutes=2), ENDS_AT - shift / 2)


def _record(number: int) -> Json:
    return attendance_record(_attendee(number), _spans(number))


def _call(tenant: Tenant, participants: int) -> Call:
    key = guid("call", "large")
    organizer = Attendee.of(RUBEN)
    call = call_record(key, organizer, PLAN.join_url, [Leg(organizer, (STARTS_AT, ENDS_AT))], tenant.id)
    call.participants = Computed(participants, lambda number: participant(_attendee(number), tenant.id))
    call.sessions = Computed(2 * participants, lambda number: session(key, number, _leg(number), tenant.id))
    return call


def _leg(number: int) -> Leg:
    return Leg(_attendee(number // 2), _spans(number // 2)[number % 2])


def _message(number: int, step: timedelta) -> Json:
    """Ids are times, so that messages of one millisecond need different ones."""
    sent_at: datetime = STARTS_AT + number * step
    key = str(int(naming.epoch_milliseconds(STARTS_AT)) * 1000 + number)
    return message(sent_at, _attendee(number % 97), f"Message {number}", THREAD, id=key, etag=key)
