"""Runs whose rows are peculiar: one peculiarity each. All of them last from 13:00 to 14:00 UTC."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from zoom_integration.sandbox import naming
from zoom_integration.sandbox.naming import at, short, stamp
from zoom_integration.sandbox.shapes import Attendee, Span, panelist, row
from zoom_integration.sandbox.stories.cast import JONAS, MIRA
from zoom_integration.sandbox.stories.people import LEARNERS, guest
from zoom_integration.sandbox.world import MEETING, WEBINAR, Account, Json, Occurrence, Series

FIRST_DAY = at("2026-10-01 13:00")
HOUR = timedelta(hours=1)
HOST = Attendee.of(JONAS)
AMARA, BASTIAN, CHIARA, DMITRI = LEARNERS[:4]
PHONE = Attendee("+49 171 ***4567")
NAMESAKES = tuple(Attendee("Anna Berg", f"anna.{n}@example.com", registrant=short("registrant", n)) for n in (1, 2))
HOSTILE_NAMES = (
    "Berg# Anna",
    "😀 Anna 👩‍🎓",
    "אנה ברג",
    "An\u0000na",
    "<script>alert(1)</script>",
    "=SUM(A1:A9)",
    "  Anna\u00a0 Berg ",
    "A" * 300,
)
LONG_TOPIC = "A topic that is as long as Zoom allows: " + "on and on " * 16

Rows = list[Json]


def _span(starts_at: datetime, first: float, last: float) -> Span:
    """Minutes after the start."""
    return starts_at + timedelta(minutes=first), starts_at + timedelta(minutes=last)


def _joined(starts_at: datetime, *joins: tuple[Attendee, float, float]) -> Rows:
    """The host is there throughout."""
    everybody: Iterable[tuple[Attendee, float, float]] = ((HOST, -2.0, 60.0), *joins)
    return [row(who, _span(starts_at, first, last), index) for index, (who, first, last) in enumerate(everybody)]


def rejoin(at: datetime) -> Rows:
    """The same person three times, under another user_id each."""
    return _joined(at, (AMARA, 0, 10), (AMARA, 15, 30), (AMARA, 31.5, 60), (BASTIAN, 1, 60))


def two_devices(at: datetime) -> Rows:
    """Rows overlap, with a gap between the second and the third: 50 minutes together, not 65 and not 60."""
    return _joined(at, (AMARA, 0, 20), (AMARA, 10, 30), (AMARA, 40, 55), (AMARA, 45, 60))


def waiting_room(at: datetime) -> Rows:
    """Amara waited and was let in; Bastian waited in vain."""
    rows = _joined(at, (AMARA, 0, 5), (AMARA, 5, 60), (BASTIAN, 0, 22))
    waiting = {"status": "in_waiting_room"}
    return [rows[0], {**rows[1], **waiting}, rows[2], {**rows[3], **waiting}]


def breakout(at: datetime) -> Rows:
    """A row in a breakout room lies within the row in the main room."""
    rows = _joined(at, (AMARA, 0, 60), (AMARA, 20, 35), (BASTIAN, 0, 60), (BASTIAN, 20, 34))
    rooms = {2: naming.uuid("room", 1), 4: naming.uuid("room", 2)}
    return [{**each, "bo_mtg_id": rooms.get(index, "")} for index, each in enumerate(rows)]


def renamed(at: datetime) -> Rows:
    """Amara comes back under another name; her registration says who she is."""
    rows = _joined(at, (AMARA, 0, 20), (AMARA, 25, 60))
    return [*rows[:2], {**rows[2], "name": "amara (phone)"}]


def hostile_names(at: datetime) -> Rows:
    return _joined(at, *((Attendee(name), index, 60) for index, name in enumerate(HOSTILE_NAMES)))


def phone(at: datetime) -> Rows:
    """A name that is a masked number, and nothing else to go by; twice."""
    return _joined(at, (PHONE, 0, 30), (PHONE, 32, 60), (AMARA, 0, 60))


def namesakes(at: datetime) -> Rows:
    """Two registered people of one name, and a guest of that name of whom nothing is known."""
    return _joined(at, (NAMESAKES[0], 0, 60), (NAMESAKES[1], 5, 50), (Attendee("Anna Berg"), 10, 20))


def practice(at: datetime) -> Rows:
    """Host and panelists rehearsed before the start."""
    mira = Attendee.of(MIRA)
    return [*_joined(at, (mira, -25, 60), (AMARA, 0, 60)), row(HOST, _span(at, -25, -3), 9)]


def broken_times(at: datetime) -> Rows:
    """Left at no time, before joining, or within the same second; and fractions of seconds."""
    rows = _joined(at, *((who, 0, 60) for who in LEARNERS[:6]))
    del rows[2]["leave_time"], rows[2]["duration"]
    changed: dict[int, Json] = {
        1: {"leave_time": "", "duration": 0},
        3: {"leave_time": stamp(at - HOUR), "duration": -3_600},
        4: {"leave_time": stamp(at), "duration": 0},
        5: {"join_time": stamp(at + timedelta(milliseconds=660), 2), "duration": 3_599},
        6: {"duration": 7_200},
    }
    for index, changes in changed.items():
        rows[index] |= changes
    return rows


def no_durations(at: datetime) -> Rows:
    """Zoom has not finished its sums."""
    return [{**each, "duration": 0} for each in _joined(at, *((who, 0, 60) for who in LEARNERS[:4]))]


def nameless(at: datetime) -> Rows:
    """An account under a health-care agreement: neither names nor addresses."""
    rows = _joined(at, *((who, 0, 60) for who in LEARNERS[:4]))
    return [{**each, "name": "", "user_email": ""} for each in rows]


def failover(at: datetime) -> Rows:
    """Reconnected by Zoom; and somebody through an app of its own, with that app's key."""
    rows = _joined(at, (AMARA, 0, 20), (AMARA, 20, 60), (Attendee("Kiosk"), 0, 60), (Attendee("Kiosk 2"), 61, 70))
    rows[2]["failover"] = True
    rows[3]["customer_key"] = rows[4]["customer_key"] = "kiosk-17"
    return rows


def repeated(at: datetime) -> Rows:
    """The last row of the first full page comes again on the second."""
    rows = [row(guest(index), _span(at, 0, 60), index) for index in range(300)]
    return [*rows, rows[299]]


def cut(at: datetime) -> Rows:
    """Zoom counts five rows more than it shows."""
    return _joined(at, *((guest(index), 0, 60) for index in range(39)))


STORIES: tuple[Callable[[datetime], Rows], ...] = (
    rejoin,
    two_devices,
    waiting_room,
    breakout,
    renamed,
    hostile_names,
    phone,
    namesakes,
    practice,
    broken_times,
    no_durations,
    nameless,
    failover,
    repeated,
    cut,
)
_TOTALS = {"repeated": 300, "cut": 45}


def uuid(story: str) -> str:
    return naming.uuid("odd rows", story)


def tell(account: Account) -> None:
    """One a day; the breakout rooms belong to a meeting."""
    for index, story in enumerate(STORIES):
        name, starts_at = story.__name__, FIRST_DAY + timedelta(days=index)
        topic = LONG_TOPIC if name == "hostile_names" else f"Odd rows: {name.replace('_', ' ')}"
        kind, number = (MEETING, 2) if name == "breakout" else (WEBINAR, 5)
        series = Series(kind, naming.number("odd rows", name), topic, JONAS, starts_at, type=number)
        series.panelists = [panelist(Attendee.of(MIRA))] if name == "practice" else []
        rows = story(starts_at)
        account.hold(Occurrence(series, uuid(name), starts_at, starts_at + HOUR, rows, total=_TOTALS.get(name)))
