"""Transcripts of this occurrence, as text with speakers and times.

https://learn.microsoft.com/graph/api/onlinemeeting-list-transcripts
"""

from collections.abc import Generator, Iterator

from conferences.providers import vtt
from conferences.providers.errors import Malformed, Permanent, ProviderError
from conferences.providers.records import Cue, Notice, Problem, Record, RecordingRecord
from teams_integration.parsers.flaws import unreadable
from teams_integration.parsers.meeting import Meeting
from teams_integration.parsers.recordings import Artifact, artifact
from teams_integration.services.inquiry import Inquiry

SWITCHED_OFF, NO_SPEAKERS = "transcripts_disabled", "speaker_attribution_off"


def fetch(inquiry: Inquiry, meeting: Meeting) -> Iterator[Record]:
    """A transcript whose text is refused is listed without it; one reason is told once."""
    told: set[str] = set()
    for raw in inquiry.client.transcripts(meeting.organizer_id, meeting.id):
        try:
            listed = artifact(raw)
        except Malformed as error:
            yield from unreadable(raw, error)
            continue
        if inquiry.window.holds(listed.starts_at, listed.ends_at):
            yield from _with_text(inquiry, meeting, listed, told)


def _with_text(inquiry: Inquiry, meeting: Meeting, listed: Artifact, told: set[str]) -> Iterator[Record]:
    cues: tuple[Cue, ...] | None = None
    try:
        cues = yield from _cues(inquiry, meeting, listed, told)
    except ProviderError as error:
        if error.code not in told:
            told.add(error.code)
            yield Problem(error)
    yield RecordingRecord(
        keys=(f"graph:transcript:{listed.id}",),
        name=f"{meeting.subject or inquiry.target.title} (transcript)",
        kind="transcript",
        started_at=listed.starts_at,
        ended_at=listed.ends_at,
        cues=cues,
        extra={"call_id": listed.call_id} if listed.call_id else {},
    )


def _cues(
    inquiry: Inquiry, meeting: Meeting, listed: Artifact, told: set[str]
) -> Generator[Record, None, tuple[Cue, ...]]:
    """With speakers if at all possible. A passing fault is no reason to ask for less, nor is the tenant's switch."""
    address = (meeting.organizer_id, meeting.id, listed.id)
    try:
        if described := vtt.cues(inquiry.client.transcript_metadata(*address)):
            return described
    except Permanent as error:
        if error.code == SWITCHED_OFF:
            raise
        if error.code == NO_SPEAKERS:
            if NO_SPEAKERS not in told:
                told.add(NO_SPEAKERS)
                yield Notice(error.message, "warning", error.code)
            words = inquiry.client.transcript_words(*address)
            return vtt.words(words, listed.length.total_seconds() if listed.length else 0.0)
    return vtt.cues(inquiry.client.transcript_content(*address))
