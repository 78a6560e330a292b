"""Weekly talks of an account whose app each user adds for themselves: without reports, and only what is one's own."""

from datetime import UTC, datetime, timedelta

from zoom_integration.sandbox import naming
from zoom_integration.sandbox.naming import at
from zoom_integration.sandbox.shapes import Attendee, Span, registrant, row
from zoom_integration.sandbox.stories.cast import AVA, RUBEN, Plan
from zoom_integration.sandbox.stories.people import LEARNERS
from zoom_integration.sandbox.world import WEBINAR, Account, Host, Occurrence, Series

STARTS_AT = at("2026-11-16 15:00")
ENDS_AT = STARTS_AT + timedelta(minutes=60)
TOPIC = "Garden Talks"
ID = naming.number("garden talks")
UUID = naming.uuid("garden talks", 0)
WEEKS = 4
CLASS = LEARNERS[2:10]
COLLEAGUES_ID = naming.number("garden accounts")
COLLEAGUES_UUID = naming.uuid("garden accounts", 0)
PLAN = Plan(
    None,
    "southgate-zoom",
    "GAR-130",
    f"{TOPIC}: Winter Pruning",
    STARTS_AT.isoformat(),
    ENDS_AT.isoformat(),
    f"https://northfield.zoom.us/j/{ID}",
)


def tell(account: Account) -> None:
    """Four talks of Ava's, the last one with a guest who came twice; and one of a colleague's, which she cannot see."""
    talks = account.plan(Series(WEBINAR, ID, TOPIC, AVA, STARTS_AT, type=9))
    opened = STARTS_AT - timedelta(days=40)
    talks.registrants = [registrant(who, opened + timedelta(hours=index)) for index, who in enumerate(CLASS)]
    talks.upcoming = [_next_week(datetime.now(UTC))]
    for week in range(WEEKS):
        account.hold(_talk(talks, week))
    other = account.plan(Series(WEBINAR, COLLEAGUES_ID, "Garden Accounts", RUBEN, STARTS_AT))
    account.hold(Occurrence(other, COLLEAGUES_UUID, STARTS_AT, ENDS_AT, [_host(RUBEN, (STARTS_AT, ENDS_AT))]))


def _talk(series: Series, weeks_ago: int) -> Occurrence:
    starts_at, ends_at = (moment - timedelta(weeks=weeks_ago) for moment in (STARTS_AT, ENDS_AT))
    came = CLASS[: len(CLASS) - weeks_ago]
    rows = [row(who, (starts_at, ends_at), number) for number, who in enumerate(came, 1)]
    again = row(came[0], (ends_at - timedelta(minutes=10), ends_at), 20)
    uuid = naming.uuid("garden talks", weeks_ago)
    return Occurrence(series, uuid, starts_at, ends_at, [_host(AVA, (starts_at, ends_at)), *rows, again])


def _host(host: Host, span: Span) -> dict[str, object]:
    return row(Attendee.of(host), span, 0)


def _next_week(now: datetime) -> datetime:
    weeks = (now - STARTS_AT) // timedelta(weeks=1) + 1
    return STARTS_AT + weeks * timedelta(weeks=1)
