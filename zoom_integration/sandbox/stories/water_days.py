"""The webinar of an account whose app may not read reports: attendance comes from the past participants."""

from datetime import timedelta

from zoom_integration.sandbox import naming
from zoom_integration.sandbox.naming import at
from zoom_integration.sandbox.shapes import Attendee, registrant, row
from zoom_integration.sandbox.stories.cast import LAKE, Plan
from zoom_integration.sandbox.stories.people import LEARNERS
from zoom_integration.sandbox.world import WEBINAR, Account, Occurrence, Series

STARTS_AT = at("2026-11-17 08:00")
ENDS_AT = STARTS_AT + timedelta(minutes=90)
UUID = naming.uuid("water days")
ID = naming.number("water days")
TOPIC = "Water Days: Lakes in Winter"
CLASS = LEARNERS[5:13]
PLAN = Plan(
    None,
    "lakeside-zoom",
    "LAK-120",
    TOPIC,
    STARTS_AT.isoformat(),
    ENDS_AT.isoformat(),
    f"https://northfield.zoom.us/j/{ID}",
)


def tell(account: Account) -> None:
    """Six of eight came; one of them twice."""
    opened = STARTS_AT - timedelta(days=6)
    series = Series(WEBINAR, ID, TOPIC, LAKE, STARTS_AT, minutes=90)
    series.registrants = [registrant(who, opened + timedelta(hours=index)) for index, who in enumerate(CLASS)]
    spans = [(STARTS_AT, ENDS_AT)] * 6
    rows = [row(who, span, index) for index, (who, span) in enumerate(zip(CLASS, spans, strict=False), 1)]
    again = row(CLASS[0], (ENDS_AT - timedelta(minutes=5), ENDS_AT), 9)
    host = row(Attendee.of(LAKE), (STARTS_AT - timedelta(minutes=6), ENDS_AT), 0)
    account.hold(Occurrence(series, UUID, STARTS_AT, ENDS_AT, [host, *rows, again]))
