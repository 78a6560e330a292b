"""What the audience of the open lecture asked and answered."""

from datetime import datetime, timedelta

from zoom_integration.sandbox.naming import short, stamp
from zoom_integration.sandbox.shapes import Attendee
from zoom_integration.sandbox.stories.cast import JONAS, MIRA
from zoom_integration.sandbox.stories.people import LEARNERS
from zoom_integration.sandbox.world import Json

POLLING = short("poll", "open lecture")
QUESTION = "Have you ever seen a living reef?"
POLLS: list[Json] = [
    {
        "id": POLLING,
        "status": "ended",
        "anonymous": False,
        "poll_type": 1,
        "title": "Before we start",
        "questions": [{"name": QUESTION, "type": "single", "answers": ["Yes", "No", "On a screen"]}],
    }
]
_ASKED = (
    (LEARNERS[0], "Do reefs recover on their own?", "answered", "Some do, within ten to fifteen years."),
    (LEARNERS[3], "Is shade a remedy?", "answered", "live answered"),
    (LEARNERS[3], "Which species is the toughest?", "answered", "Porites, usually; its growth is slow."),
    (LEARNERS[7], "¿Y los arrecifes de agua fría? 🐠", "open", ""),
    (Attendee("Anonymous Attendee"), "Can we have the slides?", "dismissed", ""),
)


def questions(starts_at: datetime) -> list[Json]:
    """Rows of the full report, one an asker."""
    rows: dict[str, Json] = {}
    for index, (who, text, status, reply) in enumerate(_ASKED):
        asked_at = starts_at + timedelta(minutes=12 + 7 * index)
        asker: Json = {"user_id": who.user, "email": who.shown_email, "name": who.name, "question_details": []}
        detail: Json = {
            "question": text,
            "answer": reply,
            "question_id": short("question", index),
            "create_time": stamp(asked_at),
            "question_status": status,
            "answer_details": [_answer(reply, asked_at + timedelta(minutes=2))] if reply else [],
        }
        rows.setdefault(who.name, asker)["question_details"].append(detail)
    return list(rows.values())


def _answer(text: str, answered_at: datetime) -> Json:
    by = JONAS if text == "live answered" else MIRA
    return {
        "user_id": by.id,
        "name": by.name,
        "email": by.email,
        "content": text,
        "create_time": stamp(answered_at),
        "type": "default",
    }


def polls(starts_at: datetime) -> list[Json]:
    """Nine answers, one of them from nobody in particular."""
    people = (*LEARNERS[:8], Attendee("Anonymous Attendee"))
    choices = ("Yes", "No", "On a screen")
    return [
        _voice(
            who,
            "question_details",
            {
                "answer": choices[index % 3],
                "date_time": stamp(starts_at + timedelta(minutes=4, seconds=index)),
                "polling_id": POLLING,
                "question": QUESTION,
            },
        )
        for index, who in enumerate(people)
    ]


def survey(ends_at: datetime) -> list[Json]:
    """Five answers, after the end."""
    return [
        _voice(
            who,
            "answer_details",
            {
                "question": "Would you come again?",
                "question_id": short("survey", "again"),
                "answer": ("Yes", "Perhaps")[index % 2],
                "date_time": stamp(ends_at + timedelta(minutes=3 + index)),
            },
        )
        for index, who in enumerate(LEARNERS[:5])
    ]


def _voice(who: Attendee, name: str, detail: Json) -> Json:
    first, _, last = who.name.rpartition(" ")
    return {"email": who.shown_email, "name": who.name, "first_name": first, "last_name": last, name: [detail]}
