"""What was said in the seminar. Writing began in mid-call, so that the first words have negative times."""

from collections.abc import Sequence
from datetime import timedelta

from teams_integration.sandbox import artifacts
from teams_integration.sandbox.shapes import Span
from teams_integration.sandbox.stories.cast import INGRID, TOMAS
from teams_integration.sandbox.stories.seminar_people import LEARNERS, ZOE
from teams_integration.sandbox.world import Tenant, Transcript

Cue = tuple[float, float, str, str]
_SPEAKERS = (INGRID.name, TOMAS.name, LEARNERS[0].name, ZOE.name, LEARNERS[9].name)
_LINES = (
    "Welcome back, everybody. Can you all hear me?",
    "Last week we asked who owns a prediction.",
    "I would say the person it is about, at least in part.",
    "Then what of a model that was never told who it is about?",
    "Consent to x < y is not consent to y > x & everything after it.",
    "Let us take the example of the river gauges again.",
    "A mean hides the one village that floods.",
    "Please write your question in the chat, we come back to it.",
)


def _conversation(count: int, begins: float) -> Sequence[Cue]:
    cues: list[Cue] = []
    at = begins
    for number in range(count):
        length = 2.5 + number % 5
        cues.append((round(at, 3), round(at + length, 3), _SPEAKERS[number % 5], _LINES[number % 8]))
        at += length + 0.48
    return cues


FIRST = _conversation(40, -3.64)
SECOND = _conversation(24, 0.0)


def transcript(tenant: Tenant, thread_id: str, sitting: Span, cues: Sequence[Cue]) -> Transcript:
    starts_at = sitting[0] + timedelta(minutes=6)
    call = artifacts.call_id(thread_id, sitting[0])
    entry = artifacts.artifact("transcript", tenant.id, INGRID, thread_id, call, (starts_at, sitting[1]))
    return Transcript(entry, cues, starts_at)
