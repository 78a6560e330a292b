"""A weekly meeting with waiting room, breakout rooms and a telephone; three weeks of it under one number."""

from datetime import timedelta

from zoom_integration.sandbox import naming
from zoom_integration.sandbox.naming import at
from zoom_integration.sandbox.shapes import Attendee, row
from zoom_integration.sandbox.stories.cast import PRIYA, Plan
from zoom_integration.sandbox.stories.people import LEARNERS
from zoom_integration.sandbox.world import MEETING, Account, Json, Occurrence, Series

FIRST_AT = at("2026-11-04 09:00")
HOUR, WEEK = timedelta(hours=1), timedelta(weeks=1)
ID = naming.number("tutorial")
TOPIC = "Field Methods Tutorial"
UUIDS = tuple(naming.uuid("tutorial", week) for week in range(3))
CLASS = LEARNERS[2:9]
# The second week: its number alone would lead to the third.
PLAN = Plan(
    None,
    "northfield-zoom",
    "BIO-110",
    TOPIC,
    (FIRST_AT + WEEK).isoformat(),
    (FIRST_AT + WEEK + HOUR).isoformat(),
    f"https://northfield.zoom.us/j/{ID}",
)


def tell(account: Account) -> None:
    series = Series(MEETING, ID, TOPIC, PRIYA, FIRST_AT, type=8)
    series.recurrence = {"type": 2, "repeat_interval": 1, "weekly_days": "4"}
    for week, uuid in enumerate(UUIDS):
        starts_at = FIRST_AT + week * WEEK
        account.hold(Occurrence(series, uuid, starts_at, starts_at + HOUR, _rows(week), people=len(CLASS) + 2 - week))


def _rows(week: int) -> list[Json]:
    """One learner fewer every week; who is in a breakout room is in the main room as well."""
    starts_at = FIRST_AT + week * WEEK
    whole = (starts_at, starts_at + HOUR)
    room = (starts_at + timedelta(minutes=20), starts_at + timedelta(minutes=35))
    rows = [row(Attendee.of(PRIYA), whole, 0, bo_mtg_id="")]
    for index, who in enumerate(CLASS[week:]):
        came = starts_at + timedelta(seconds=25 * index)
        waited = (came - timedelta(minutes=2), came)
        rows.append(row(who, waited, len(rows), status="in_waiting_room", bo_mtg_id=""))
        rows.append(row(who, (came, whole[1]), len(rows), bo_mtg_id=""))
        rows.append(row(who, room, len(rows), bo_mtg_id=naming.uuid("room", week, index % 2)))
    return [*rows, row(Attendee("+49 171 ***4567"), whole, len(rows), bo_mtg_id="")]
