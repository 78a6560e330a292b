"""A webinar that has everything: registrants, panelists, questions, polls, a survey, and a recording in two parts."""

from datetime import datetime, timedelta

from zoom_integration.sandbox import naming
from zoom_integration.sandbox.naming import at
from zoom_integration.sandbox.shapes import Attendee, panelist, registrant, row
from zoom_integration.sandbox.stories.cast import JONAS, MIRA, Plan
from zoom_integration.sandbox.stories.open_lecture_files import recording
from zoom_integration.sandbox.stories.open_lecture_voices import POLLS, polls, questions, survey
from zoom_integration.sandbox.stories.people import LEARNERS, guest
from zoom_integration.sandbox.world import WEBINAR, Account, Json, Occurrence, Series

STARTS_AT, ENDS_AT = at("2026-11-10 15:00"), at("2026-11-10 16:10:27")
UUID = naming.uuid("open lecture")
ID = naming.number("open lecture")
TOPIC = "Open Lecture: Coral Reefs in Warmer Seas"
MODERATOR = Attendee("Selma Aydin", "selma.aydin@example.com")
CAME = LEARNERS[:14]
PLAN = Plan(
    None,
    "northfield-zoom",
    "BIO-110",
    TOPIC,
    STARTS_AT.isoformat(),
    (STARTS_AT + timedelta(minutes=60)).isoformat(),
    f"https://northfield.zoom.us/j/{ID}",
)


def tell(account: Account) -> None:
    series = Series(WEBINAR, ID, TOPIC, MIRA, STARTS_AT, agenda=_AGENDA, registrants=_registrants())
    series.panelists = [panelist(MODERATOR), panelist(Attendee.of(JONAS))]
    series.polls = POLLS
    series.tracking_sources = [_source("Newsletter", 12, 40), _source("Campus screens", 0, 3)]
    series.changes = {
        "settings": {"approval_type": 1, "registrants_restrict_number": 500, "alternative_hosts": JONAS.email},
        "tracking_fields": [{"field": "Faculty", "value": "Life sciences"}],
    }
    rows = _rows()
    occurrence = Occurrence(series, UUID, STARTS_AT, ENDS_AT, rows, people=len(CAME) + 3)
    occurrence.questions = questions(STARTS_AT)
    occurrence.polls = polls(STARTS_AT)
    occurrence.survey = survey(ENDS_AT)
    occurrence.recording = recording(STARTS_AT)
    account.hold(occurrence)


_AGENDA = (
    "Reefs cover less than one percent of the sea floor and shelter a quarter of its species. We look at what heat "
    "does to them, which reefs recover and why, and what a student can measure with a camera and a thermometer. "
    "Bring questions: the last twenty minutes are yours."
)


def _source(name: str, registered: int, visited: int) -> Json:
    key = naming.short("source", name)
    url = f"https://northfield.zoom.us/webinar/register/{key}"
    return {
        "id": key,
        "source_name": name,
        "tracking_url": url,
        "registration_count": registered,
        "visitor_count": visited,
    }


def _registrants() -> list[Json]:
    """Eighteen approved, of whom four stay away; one waits, two are denied."""
    opened = STARTS_AT - timedelta(days=10)
    answers = [{"title": "What do you hope to learn?", "value": "How to tell bleaching from disease"}]
    approved = [
        registrant(who, opened + timedelta(hours=index), org="Northfield University", custom_questions=answers)
        for index, who in enumerate(LEARNERS[:18])
    ]
    waiting = registrant(LEARNERS[18], opened + timedelta(days=9), "pending")
    denied = [registrant(who, opened + timedelta(days=2), "denied") for who in (LEARNERS[19], guest(1))]
    return [*approved, waiting, *denied]


def _rows() -> list[Json]:
    """Host and panelists are in the list like everybody else; every third comes back after a gap."""
    opened = STARTS_AT - timedelta(minutes=9)
    rows = [
        row(who, (opened + timedelta(minutes=index), ENDS_AT), index)
        for index, who in enumerate((Attendee.of(MIRA), Attendee.of(JONAS), MODERATOR))
    ]
    for index, who in enumerate(CAME):
        for span in _spans(index):
            rows.append(row(who, span, len(rows)))
    return rows


def _spans(index: int) -> list[tuple[datetime, datetime]]:
    came, left = STARTS_AT + timedelta(seconds=37 * index), ENDS_AT - timedelta(seconds=11 * index)
    if index % 3:
        return [(came, left)]
    middle = STARTS_AT + timedelta(minutes=20 + index)
    return [(came, middle), (middle + timedelta(minutes=3), left)]
