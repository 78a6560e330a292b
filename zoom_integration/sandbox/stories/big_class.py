"""A webinar of 301 rows: one more than the largest page."""

from datetime import timedelta

from zoom_integration.sandbox import naming
from zoom_integration.sandbox.naming import at
from zoom_integration.sandbox.shapes import Attendee, row
from zoom_integration.sandbox.stories.cast import JONAS, Plan
from zoom_integration.sandbox.stories.people import LEARNERS, guest
from zoom_integration.sandbox.world import WEBINAR, Account, Occurrence, Series

STARTS_AT = at("2026-11-12 17:00")
ENDS_AT = STARTS_AT + timedelta(minutes=60)
# Begins with a slash, and so must be encoded twice.
UUID = naming.uuid("big class", start="/")
ID = naming.number("big class")
TOPIC = "Study Skills for First-Years"
PLAN = Plan(
    None,
    "northfield-zoom",
    "BIO-110",
    TOPIC,
    STARTS_AT.isoformat(),
    ENDS_AT.isoformat(),
    external_id=UUID,
    organizer=JONAS.email,
)


def tell(account: Account) -> None:
    """The host, twelve of the class, and 288 others."""
    series = Series(WEBINAR, ID, TOPIC, JONAS, STARTS_AT)
    people = [Attendee.of(JONAS), *LEARNERS[:12], *(guest(index) for index in range(288))]
    rows = [
        row(who, (STARTS_AT + timedelta(seconds=index), ENDS_AT - timedelta(seconds=2 * index)), index)
        for index, who in enumerate(people)
    ]
    account.hold(Occurrence(series, UUID, STARTS_AT, ENDS_AT, rows))
